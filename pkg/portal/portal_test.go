package portal

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/pkg/source"
)

// read reads a catalog with its documents from an archive of its files.
func read(t *testing.T, archive string) *Portal {
	t.Helper()
	dir := t.TempDir()
	for _, f := range txtar.Parse([]byte(archive)).Files {
		p := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(p), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	tree, err := source.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tree.Close() })
	config, found, err := catalog.ReadConfig(tree)
	if err != nil || len(found) > 0 {
		t.Fatal(err, found)
	}
	files, _, err := tree.Files(context.Background(), config.Skip)
	if err != nil {
		t.Fatal(err)
	}
	c, found, err := catalog.Load(context.Background(), tree, config, files)
	if err != nil || len(found) > 0 {
		t.Fatal(err, found)
	}
	set, found, err := docs.Load(context.Background(), tree, files, docs.Options{Homes: Homes{Catalog: c}})
	if err != nil || len(found) > 0 {
		t.Fatal(err, found)
	}
	return New(Input{Catalog: c, Documents: set.Documents, Day: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)})
}

func (p *Portal) entity(t *testing.T, ref string) *Entity {
	t.Helper()
	r, err := catalog.ParseRef(ref)
	if err != nil {
		t.Fatal(err)
	}
	e := p.Of(p.Catalog.Get(r))
	if e == nil {
		t.Fatalf("there is no %s", ref)
	}
	return e
}

const acme = `
-- signpost.yaml --
apiVersion: signpost.dev/v1
title: Acme
repository: {url: https://github.com/acme/catalog/, branch: trunk}
chat: {slack: "https://acme.slack.example/{name}"}
-- people.yaml --
apiVersion: signpost.dev/v1
kind: person
name: ada
title: Ada
---
apiVersion: signpost.dev/v1
kind: person
name: bob
title: Bob
-- teams/core.yaml --
apiVersion: signpost.dev/v1
kind: team
name: core
channel: "slack:#core"
members: [person:ada, person:bob]
oncall: {rotation: core-primary}
rotations:
  - name: core-primary
    timezone: Europe/Berlin
    start: 2026-01-05
    handoff: "09:00"
    length: 1w
    participants: [person:ada, person:bob]
    overrides: [{from: 2026-11-24T09:00, to: 2026-11-25T09:00, person: person:bob, note: dentist}]
-- services/web/service.yaml --
apiVersion: signpost.dev/v1
kind: service
name: web
owner: core
repository: github:acme/shop#services/web
dependsOn: [{ref: service:db, criticality: critical}]
consumes: [api:prices]
-- services/web/runbooks/b-slow.md --
# The site is slow
-- services/web/runbooks/a-down.md --
# The site is down
-- services/db/service.yaml --
apiVersion: signpost.dev/v1
kind: service
name: db
owner: core
channel: https://chat.acme.example/db
runbook: ../web/runbooks/b-slow.md#disk
oncall: {provider: pagerduty, service: P1, page: "https://acme.pagerduty.example/P1"}
links: [{title: Disk, url: "https://grafana.acme.example/disk", type: dashboard}]
-- services/prices/service.yaml --
apiVersion: signpost.dev/v1
kind: service
name: prices
owner: core
provides: [api:prices]
dependsOn: [{ref: service:db, criticality: optional}]
-- apis/prices.yaml --
apiVersion: signpost.dev/v1
kind: api
name: prices
owner: core
`

func TestAnswers(t *testing.T) {
	p := read(t, acme)
	web, db := p.entity(t, "service:web"), p.entity(t, "service:db")
	type answers struct{ Channel, Runbook, Repository, Dashboard, OnCallOf string }
	ask := func(e *Entity) answers {
		show := func(place Place, ok bool) string {
			if !ok {
				return "none"
			}
			return place.Text + " " + place.Page + place.URL
		}
		return answers{
			show(p.Channel(e)), show(p.Runbook(e)), show(p.Repository(e)), show(p.Dashboard(e)), p.OnCall(e).Of.Ref.String(),
		}
	}
	want := []answers{
		{
			Channel: "#core https://acme.slack.example/core", Runbook: "The site is down services/web/runbooks/a-down.html",
			Repository: "acme/shop/services/web https://github.com/acme/shop/tree/HEAD/services/web", Dashboard: "none", OnCallOf: "team:core",
		},
		{
			Channel: "chat.acme.example/db https://chat.acme.example/db", Runbook: "The site is slow services/web/runbooks/b-slow.html#disk",
			Repository: "none", Dashboard: "Disk https://grafana.acme.example/disk", OnCallOf: "service:db",
		},
	}
	if diff := cmp.Diff(want, []answers{ask(web), ask(db)}); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	if gaps := p.Gaps(db); len(gaps) != 1 || gaps[0].Field != "repository" {
		t.Errorf("gaps of db: %+v", gaps)
	}
}

func TestNowAndNext(t *testing.T) {
	p := read(t, acme)
	r := p.Catalog.Rotation("Core-Primary")
	for _, c := range []struct{ at, now, next string }{
		{"2026-11-23T07:59:59Z", "Bob", "Ada"}, // Berlin is at UTC+1: the handoff is at 08:00 UTC
		{"2026-11-23T08:00:00Z", "Ada", "Bob"},
		{"2026-11-30T08:00:00Z", "Bob", "Ada"},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		now, next := p.Now(r, at)
		if now == nil || next == nil {
			t.Errorf("%s: nobody", c.at)
			continue
		}
		if got := now.Person.DisplayName() + " then " + next.Person.DisplayName(); got != c.now+" then "+c.next {
			t.Errorf("%s: %s, want %s then %s", c.at, got, c.now, c.next)
		}
	}
}

func TestDependents(t *testing.T) {
	p := read(t, acme)
	var got []string
	for _, d := range p.Dependents(p.entity(t, "service:db")) {
		got = append(got, d.Ref.String())
	}
	// prices survives without it, so neither it nor its API fails.
	if diff := cmp.Diff([]string{"service:web"}, got); diff != "" {
		t.Errorf("what fails with db (-want +got):\n%s", diff)
	}
	got = nil
	for _, d := range p.Dependents(p.entity(t, "service:prices")) {
		got = append(got, d.Ref.String())
	}
	if diff := cmp.Diff([]string{"api:prices", "service:web"}, got); diff != "" {
		t.Errorf("what fails with prices (-want +got):\n%s", diff)
	}
}

func TestHostedAddresses(t *testing.T) {
	p := read(t, acme)
	span := diag.Span{File: "a b/ü.yaml", Start: diag.Pos{Line: 7, Col: 1}}
	if got, want := p.EditURL(span), "https://github.com/acme/catalog/edit/trunk/a%20b/%C3%BC.yaml#L7"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	p.Catalog.Config.Repository.URL = "https://gitlab.acme.example/tools/catalog"
	if got, want := p.ViewURL(span), "https://gitlab.acme.example/tools/catalog/-/blob/trunk/a%20b/%C3%BC.yaml#L7"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

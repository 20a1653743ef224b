package portal

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/pkg/snapshot"
	"github.com/signpost-dev/signpost/pkg/source"
)

const shop = `
-- signpost.yaml --
apiVersion: signpost.dev/v1
title: Shop
-- people.yaml --
apiVersion: signpost.dev/v1
kind: person
name: ada
---
apiVersion: signpost.dev/v1
kind: person
name: bo
-- teams/shop/team.yaml --
apiVersion: signpost.dev/v1
kind: team
name: shop
members: [person:ada]
channel: slack:#shop
-- teams/shop/playbooks/sale.md --
# A sale day
-- teams/all/team.yaml --
apiVersion: signpost.dev/v1
kind: team
name: all
members: [person:bo]
channel: slack:#all
-- teams/all/playbooks/incident.md --
---
everyone: true
---
# Any incident
-- teams/all/playbooks/ours.md --
# Only ours
-- systems/s/system.yaml --
apiVersion: signpost.dev/v1
kind: system
name: s
owner: shop
documents:
  - {title: Old decision, url: "https://wiki.example/9", kind: adr}
-- systems/s/playbooks/checkout.md --
# Checkout fails
-- systems/s/adr/0001-one.md --
# 1. One

Date: 2026-02-01
-- services/cart/service.yaml --
apiVersion: signpost.dev/v1
kind: service
name: cart
owner: shop
system: s
documents:
  - {title: How carts work, url: "https://wiki.example/1"}
  - {title: What to do, url: "https://wiki.example/2", kind: runbook, summary: Do this.}
-- services/cart/adr/0010-ten.md --
# 10. Ten

Date: 2026-03-01
-- services/cart/adr/0009-nine.md --
# 9. Nine

Date: 2026-03-01
-- services/cart/guides/b.md --
# B
-- services/cart/guides/a10.md --
# A10
-- services/cart/guides/a9.md --
# A9
-- services/cart/guides/last.md --
---
order: 1
---
# First after all
-- services/cart/guides/README.md --
# Read me
-- services/cart/postmortems/p.md --
---
actions:
  - {title: No day, owner: "person:ada"}
  - {title: Done, owner: "person:ada", due: 2026-01-01, done: true}
  - {title: Late, owner: "team:shop", due: 2026-11-22}
  - {title: Soon, owner: "team:all", due: 2026-11-23}
  - {title: Ours, due: 2026-12-01}
---
# P
`

func titles(all []*docs.Document) []string {
	var names []string
	for _, d := range all {
		names = append(names, d.Title)
	}
	return names
}

// Guides stand in the order that they ask for, then by name as people count.
func TestDocumentsStandInOrder(t *testing.T) {
	cart := read(t, shop).entity(t, "service:cart")
	var got []string
	for _, d := range cart.Documents {
		if d.Kind == docs.Guide {
			got = append(got, d.Title)
		}
	}
	if d := cmp.Diff([]string{"First after all", "Read me", "A9", "A10", "B", "How carts work"}, got); d != "" {
		t.Error(d)
	}
}

func TestDecisionLogOfASystem(t *testing.T) {
	p := read(t, shop)
	if d := cmp.Diff([]string{"10. Ten", "9. Nine", "1. One", "Old decision"}, titles(p.Decisions(p.entity(t, "system:s")))); d != "" {
		t.Error(d)
	}
	if log := p.Decisions(p.entity(t, "service:cart")); log != nil {
		t.Errorf("a service has a log: %v", titles(log))
	}
}

func TestPlaybooksOfAllThatIsAbove(t *testing.T) {
	p := read(t, shop)
	for ref, want := range map[string][]string{
		"service:cart": {"Checkout fails <s>", "A sale day <shop>", "Any incident <all> everyone"},
		"team:all":     {"Any incident", "Only ours"},
		"team:shop":    {"A sale day", "Any incident <all> everyone"},
	} {
		var got []string
		for _, b := range p.Playbooks(p.entity(t, ref)) {
			text := b.Title
			if b.Of != nil {
				text += " <" + b.Of.DisplayName() + ">"
			}
			if b.Everyone {
				text += " everyone"
			}
			got = append(got, text)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", ref, d)
		}
	}
}

// Open actions are listed with the team that does them: also for what a person of it does,
// and for what nobody else was asked to do.
func TestOpenActionsOfTeams(t *testing.T) {
	p := read(t, shop)
	for team, want := range map[string][]string{
		"team:shop": {"Late overdue", "Ours", "No day"},
		"team:all":  {"Soon"},
		"":          {"Late overdue", "Soon", "Ours", "No day"},
	} {
		var of *Entity
		if team != "" {
			of = p.entity(t, team)
		}
		var got []string
		for _, a := range p.OpenActions(of) {
			text := a.Title
			if a.Overdue(p.Day) {
				text += " overdue"
			}
			got = append(got, text)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", team, d)
		}
	}
	all := p.ActionsOf(p.DocumentsOf(docs.Postmortem)[0])
	if last := all[len(all)-1]; len(all) != 5 || last.Title != "Done" {
		t.Errorf("of the postmortem there are %d, the last is %q", len(all), last.Title)
	}
}

func TestDocumentsElsewhere(t *testing.T) {
	p := read(t, shop)
	cart := p.entity(t, "service:cart")
	if d := cmp.Diff([]string{"What to do"}, titles(p.DocumentsOf(docs.Runbook))); d != "" {
		t.Error(d)
	}
	d := p.DocumentsOf(docs.Runbook)[0]
	if d.Host != "wiki.example" || p.Summary(d) != "Do this." || p.About(d)[0] != cart {
		t.Errorf("host %q, summary %q, about %v", d.Host, p.Summary(d), p.About(d))
	}
	place, ok := p.Runbook(cart)
	if !ok || place.URL != "https://wiki.example/2" || place.Page != "" {
		t.Errorf("the main runbook is %+v", place)
	}
	if !p.HasDocuments(docs.Runbook) {
		t.Error("there are no runbooks")
	}
}

// The alerts of real rules find the runbooks that their annotations name, and no others.
func TestRealAlertsFindTheirRunbooks(t *testing.T) {
	root := os.Getenv("SIGNPOST_TESTDATA")
	if root == "" {
		t.Skip("SKIPPED: SIGNPOST_TESTDATA is not set, so nothing is tested against real data")
	}
	root = filepath.Join(root, "gitlab-runbooks")
	archive := []string{"-- signpost.yaml --\napiVersion: signpost.dev/v1\ntitle: GitLab\n-- people.yaml --\napiVersion: signpost.dev/v1\nkind: person\nname: ada\n" +
		"-- docs/service.yaml --\napiVersion: signpost.dev/v1\nkind: service\nname: gitlab\nowner: sre\n" +
		"-- team.yaml --\napiVersion: signpost.dev/v1\nkind: team\nname: sre\nmembers: [person:ada]\nchannel: slack:#sre\n"}
	err := filepath.WalkDir(filepath.Join(root, "docs"), func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".md" {
			return err
		}
		rel, err := filepath.Rel(root, name)
		archive = append(archive, "-- "+filepath.ToSlash(rel)+" --\n# A runbook\n")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	p := read(t, strings.Join(archive, ""))
	gitlab := p.entity(t, "service:gitlab")

	data, err := os.ReadFile(filepath.Join(root, "alert-runbooks.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	count := map[string]int{}
	for line := range strings.Lines(string(data)) {
		cells := strings.Split(strings.TrimRight(line, "\n"), "\t")
		if cells[3] != "here" {
			cells[2] = ""
		}
		want = append(want, strings.Join(cells[:3], "\t"))
		count[cells[3]]++
	}
	if d := cmp.Diff(map[string]int{"here": 64, "elsewhere": 25, "none": 14}, count); d != "" {
		t.Fatal(d)
	}
	for _, rule := range realRules(t, filepath.Join(root, "rules")) {
		found := ""
		for _, r := range p.Runbooks(gitlab, snapshot.Alert{Name: rule.alert, Runbook: rule.runbook}) {
			file := r.Document.File
			if _, anchor, ok := strings.Cut(r.Page, "#"); ok {
				file += "#" + anchor
			}
			found += file
		}
		got = append(got, fmt.Sprintf("%s\t%s\t%s", rule.file, rule.alert, found))
	}
	slices.Sort(want)
	slices.Sort(got)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

type realRule struct{ file, alert, runbook string }

func realRules(t *testing.T, dir string) []realRule {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var all []realRule
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		decoded, _ := source.Decode(name, data, source.ImportLimits)
		for _, doc := range decoded {
			for _, group := range doc.Root.Field("groups").Children() {
				for _, r := range group.Field("rules").Children() {
					if alert := r.Field("alert").Text(); alert != "" {
						all = append(all, realRule{filepath.Base(name), alert, r.Field("annotations").Field("runbook").Text()})
					}
				}
			}
		}
	}
	return all
}

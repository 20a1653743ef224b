package terraform

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/providertest"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// pages are answers in the shape that the API documents, abridged.
var pages = map[string]string{
	"1": `{"data":[
	 {"id":"ws-1","type":"workspaces","attributes":{"name":"pay","locked":false},"relationships":{"current-run":{"data":{"id":"run-1","type":"runs"}}}},
	 {"id":"ws-2","type":"workspaces","attributes":{"name":"never"},"relationships":{"current-run":{"data":null}}},
	 {"id":"ws-3","type":"workspaces","attributes":{"name":"hidden"},"relationships":{"current-run":{"data":{"id":"run-3","type":"runs"}}}}],
	 "included":[{"id":"run-1","type":"runs","attributes":{"status":"applied","created-at":"2026-11-20T10:00:00.000Z"}},
	             {"id":"run-3","type":"users","attributes":{"username":"ada"}}],
	 "meta":{"pagination":{"current-page":1,"next-page":2,"total-pages":2}}}`,
	"2": `{"data":[
	 {"id":"ws-4","type":"workspaces","attributes":{"name":"odd"},"relationships":{"current-run":{"data":{"id":"run-4","type":"runs"}}}},
	 {"id":"ws-5","type":"workspaces","attributes":{"name":"st\u001bray"},"relationships":{}}],
	 "included":[{"id":"run-4","type":"runs","attributes":{"status":"levitating"}}],
	 "meta":{"pagination":{"current-page":2,"next-page":null,"total-pages":2}}}`,
}

func fetch(t *testing.T, pages map[string]string, workspaces ...string) (snapshot.Facts, error) {
	t.Helper()
	url := providertest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		page := pages[r.URL.Query().Get("page[number]")]
		if r.URL.Path != "/api/v2/organizations/acme/workspaces" || r.URL.Query().Get("include") != "current_run" || page == "" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/vnd.api+json")
		_, _ = w.Write([]byte(page))
	})
	p, err := New(providertest.Settings("terraform", url, "organization", "acme"))
	if err != nil {
		t.Fatal(err)
	}
	r := provider.Request{Now: providertest.Now}
	for _, w := range workspaces {
		r.Subjects = append(r.Subjects, provider.Subject{Entity: "service:" + w, Environment: "production", Purpose: provider.Deployments, With: map[string]string{"workspace": w}, Place: "a.yaml:3"})
	}
	return p.Fetch(context.Background(), r)
}

func TestRunsOfWorkspaces(t *testing.T) {
	facts, err := fetch(t, pages, "pay", "never", "hidden", "odd", "gone", "")
	if err != nil {
		t.Fatal(err)
	}
	if len(facts.Runs) != 1 {
		t.Fatalf("runs: %+v", facts.Runs)
	}
	if r := facts.Runs[0]; r.Name != "pay" || r.State != snapshot.Succeeded || r.Entity != "service:pay" || r.At.Day() != 20 || !strings.HasSuffix(r.URL, "/app/acme/workspaces/pay/runs/run-1") {
		t.Errorf("run: %+v", r)
	}
	var got []string
	for _, p := range facts.Problems {
		got = append(got, p.Entity+" "+string(p.Kind))
	}
	for _, f := range facts.Foreign {
		got = append(got, f.Kind+" "+f.Name+" "+f.State+" "+f.Entity)
	}
	want := "service:hidden permission, service:odd garbage, service:gone not-found, service: configuration, workspace gone missing service:gone, workspace stray active "
	if strings.Join(got, ", ") != want {
		t.Errorf("got %s", strings.Join(got, ", "))
	}
}

func TestEveryStateIsOneOfOurs(t *testing.T) {
	for status, state := range states {
		one := map[string]string{"1": fmt.Sprintf(`{"data":[{"id":"ws-1","attributes":{"name":"pay"},"relationships":{"current-run":{"data":{"id":"r"}}}}],
			"included":[{"id":"r","type":"runs","attributes":{"status":%q}}],"meta":{"pagination":{}}}`, status)}
		facts, err := fetch(t, one, "pay")
		if err != nil || len(facts.Runs) != 1 || facts.Runs[0].State != state {
			t.Errorf("%s: err %v, %+v", status, err, facts.Runs)
		}
		if (state == snapshot.Succeeded) != (status == "applied" || status == "planned_and_finished" || status == "post_apply_completed") {
			t.Errorf("%s has succeeded?", status)
		}
	}
}

func TestPagesThatDoNotEnd(t *testing.T) {
	for _, c := range []struct {
		pages map[string]string
		kind  snapshot.ProblemKind
	}{
		{map[string]string{"1": `{"data":[],"meta":{"pagination":{"next-page":1}}}`}, snapshot.Garbage},
		{map[string]string{"1": `{"data":[],"meta":{"pagination":{"next-page":5000}}}`}, snapshot.Incomplete},
		{map[string]string{"1": `{"data":[],"meta":{"pagination":{"next-page":2}}}`}, snapshot.Incomplete}, // half a list is none
		{map[string]string{"1": `{"errors":[]}`}, snapshot.Garbage},
	} {
		facts, err := fetch(t, c.pages, "pay")
		if p := provider.ProblemOf(err); p == nil || p.Kind != c.kind || len(facts.Problems) > 0 {
			t.Errorf("%v: err %v, facts %+v", c.pages, err, facts)
		}
	}
}

func TestOrganizationIsNeeded(t *testing.T) {
	if _, err := New(providertest.Settings("terraform", "")); provider.ProblemOf(err) == nil || provider.ProblemOf(err).Kind != snapshot.Config {
		t.Errorf("without organization: %v", err)
	}
	if _, err := New(providertest.Settings("terraform", "", "organization", "acme")); err != nil {
		t.Errorf("url has a default: %v", err)
	}
}

package github

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// deployedTo is a repository with a commit in each of four environments.
const deployedTo = `{"nameWithOwner": "acme/a", "url": "https://github.com/acme/a", "releases": {"nodes": []},
	"defaultBranchRef": {"name": "main", "target": {"history": {"nodes": []}}},
	"d0": {"nodes": [{"databaseId": 1, "state": "ACTIVE", "commitOid": "prod", "createdAt": "2026-11-24T12:00:00Z"}, {"databaseId": 9, "state": "INACTIVE", "commitOid": "older", "createdAt": "2026-11-20T12:00:00Z"}]},
	"d1": {"nodes": [{"databaseId": 2, "state": "ACTIVE", "commitOid": "stag", "createdAt": "2026-11-24T12:00:00Z"}]},
	"d2": {"nodes": [{"databaseId": 3, "state": "ACTIVE", "commitOid": "side", "createdAt": "2026-11-24T12:00:00Z"}]},
	"d3": {"nodes": [{"databaseId": 4, "state": "ACTIVE", "commitOid": "gone", "createdAt": "2026-11-24T12:00:00Z"}]}}`

func inEnvironments(names ...string) []provider.Subject {
	var all []provider.Subject
	for _, name := range names {
		all = append(all, provider.Subject{Entity: "service:a", Environment: name, Purpose: provider.Deployments, With: map[string]string{"repository": "acme/a"}})
	}
	return all
}

// behind are how far behind deployments are, by commit; -1 where that is not known.
func behind(facts snapshot.Facts) map[string]int {
	of := map[string]int{}
	for _, d := range facts.Deployments {
		of[d.Commit] = -1
		if d.Behind != nil {
			of[d.Commit] = *d.Behind
		}
	}
	return of
}

func TestCommitsBehindTheDefaultBranch(t *testing.T) {
	f := newFake(t)
	f.repositories["acme/a"] = deployedTo
	facts, err := f.provider(nil).Fetch(t.Context(), provider.Request{Subjects: inEnvironments("production", "staging", "preview", "old"), Now: now})
	if err != nil || len(facts.Problems) > 0 {
		t.Fatal(err, facts.Problems)
	}
	want := map[string]int{"prod": 14, "stag": 2, "side": -1, "gone": -1, "older": -1}
	if diff := cmp.Diff(want, behind(facts)); diff != "" {
		t.Errorf("commits behind (-want +got):\n%s", diff)
	}
	if f.graphql != 2 {
		t.Errorf("%d questions; want one about repositories and one about commits", f.graphql)
	}
}

// One commit everywhere is compared with nothing, and what GitHub does not say of comparisons
// costs no other fact.
func TestComparisonsAreAskedOnTop(t *testing.T) {
	f := newFake(t)
	f.repositories["acme/a"] = deployedTo
	if _, err := f.provider(nil).Fetch(t.Context(), provider.Request{Subjects: inEnvironments("production"), Now: now}); err != nil || f.graphql != 1 {
		t.Errorf("one environment: %d questions, %v", f.graphql, err)
	}
	asked := 0
	f.intercept = func(w http.ResponseWriter, r *http.Request) bool {
		asked++
		if asked == 2 {
			http.Error(w, strings.Repeat("x", 10), http.StatusForbidden)
		}
		return asked == 2
	}
	facts, err := f.provider(nil).Fetch(t.Context(), provider.Request{Subjects: inEnvironments("production", "staging"), Now: now})
	if err != nil || len(facts.Problems) > 0 || len(facts.Deployments) != 3 {
		t.Errorf("%d deployments, %v, %v", len(facts.Deployments), err, facts.Problems)
	}
}

package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signpost-dev/signpost/pkg/provider"
)

// TestTeamsAreSubjects asks GitHub for the members of teams only where it is said which
// organization is meant, and names those members whose logins are known.
func TestTeamsAreSubjects(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"signpost.yaml": "apiVersion: signpost.dev/v1\ntitle: Test\nproviders:\n  github: {with: {organizations: acme}}\n  other: {type: github}\n",
		"teams.yaml": `apiVersion: signpost.dev/v1
kind: team
name: payments
aliases: [pay]
members: [person:amara, {ref: person:jonas, role: lead}]
channel: slack:#payments
---
apiVersion: signpost.dev/v1
kind: person
name: amara
github: amara-o
---
apiVersion: signpost.dev/v1
kind: person
name: jonas
---
apiVersion: signpost.dev/v1
kind: person
name: marc
github: moberholzer
memberOf: [team:payments]
`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	w, err := openWorkspace(t.Context(), dir, time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	got := map[string][]provider.Subject{}
	for _, p := range w.config.Providers {
		got[p.Name.Text] = subjects(w.catalog, p)
	}
	want := map[string][]provider.Subject{"other": nil, "github": {{
		Entity: "team:payments", Purpose: provider.Members, Place: "teams.yaml:3",
		With: map[string]string{"name": "payments", "aliases": "pay", "members": "amara-o=person:amara,moberholzer=person:marc"},
	}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("subjects (-want +got):\n%s", diff)
	}
}

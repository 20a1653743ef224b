package schema

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// every is a snapshot with a fact of every kind, and everything that may stand in it.
func every() snapshot.File {
	at := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	about := snapshot.About{ID: "1", Entity: "service:a", Environment: "production", Observed: at, URL: "https://x.example/1"}
	baseline, behind := 205.0, 3
	return snapshot.File{
		Version: 1, Provider: "p", Type: "file", Tried: at, Fetched: at,
		Problem: &snapshot.Problem{Kind: snapshot.Loss, Message: "much is gone", Since: at},
		Facts: snapshot.Facts{
			Deployments:  []snapshot.Deployment{{About: about, Version: "2", Commit: "c", State: snapshot.RolledBack, By: "a", At: at, Ended: at, Log: "https://x.example/2", Rollout: 10, Previous: "1", Committed: at, Behind: &behind}},
			Health:       []snapshot.Health{{About: about, State: snapshot.Degraded, Message: "slow", Measures: []snapshot.Measure{{Name: "P99", Value: 210, Unit: "ms", Baseline: &baseline}}}},
			Releases:     []snapshot.Release{{About: about, Version: "2", Title: "Two", At: at, By: "a", Prerelease: true}},
			Runs:         []snapshot.Run{{About: about, Name: "CI", State: snapshot.Failed, Commit: "c", At: at}},
			Repositories: []snapshot.Repository{{About: about, Name: "a/b", Archived: true, Branch: "main", Pushed: at, Language: "Go", Codeowners: []string{"@a"}}},
			OnCall:       []snapshot.OnCall{{About: about, Level: 1, Now: "A", Until: at, Next: "B", Title: "First"}},
			Incidents:    []snapshot.Incident{{About: about, Number: "7", Title: "Down", State: snapshot.Resolved, Severity: "sev1", Opened: at, Detected: at, Acknowledged: at, Resolved: at, Responders: []string{"A"}, Also: []string{"service:b"}}},
			Alerts:       []snapshot.Alert{{About: about, Name: "Down", State: snapshot.Firing, Severity: "page", Summary: "it is down", Since: at, Runbook: "https://x.example/3", Silenced: true}},
			Objectives:   []snapshot.Objective{{About: about, Name: "Availability", Target: 99.9, Actual: 99.95, Budget: 50, Window: "30d"}},
			Foreign:      []snapshot.Foreign{{ID: "x", Kind: "repository", Name: "a/x", State: "active", Entity: "service:a", URL: "https://x.example/4", Fix: "repository: github:a/x"}},
			Problems:     []snapshot.Problem{{Kind: snapshot.NotFound, Message: "gone", Since: at, Entity: "service:b", Environment: "staging"}},
		},
	}
}

// What we write is what the schema describes, and the other way round: a field that one of
// them does not know fails here.
func TestSnapshotsAgreeWithTheirSchema(t *testing.T) {
	text, err := compiled(t, nil, nil).JSON(snapshotKind)
	if err != nil {
		t.Fatal(err)
	}
	validator, err := compile(base+"snapshot.schema.json", text)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	store, err := snapshot.Create(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if err := store.Write(every()); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(dir, "p.json"))
	if err != nil {
		t.Fatal(err)
	}
	var written any
	if err := json.Unmarshal(data, &written); err != nil {
		t.Fatal(err)
	}
	if err := validator[0].Validate(written); err != nil {
		t.Errorf("%#v", err)
	}
	for _, state := range []string{`"state": "rolled-back"`, `"state": "degraded"`, `"state": "resolved"`, `"state": "firing"`, `"kind": "loss"`, `"version": 1`} {
		var wrong any
		if err := json.Unmarshal([]byte(strings.Replace(string(data), state, `"state": "other", "kind": "other", "version": 9`, 1)), &wrong); err != nil {
			t.Fatal(err)
		}
		if validator[0].Validate(wrong) == nil {
			t.Errorf("the schema does not mind another word for %s", state)
		}
	}
	var doc object
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	for name, part := range childMap(doc, "$defs") {
		for field := range childMap(part.(object), "properties") {
			if !strings.Contains(string(data), `"`+field+`":`) {
				t.Errorf("the schema knows a field %s of a %s that we do not write", field, name)
			}
		}
	}
}

package file

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/providertest"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

func fetch(t *testing.T, name, kind, text string) (snapshot.Facts, error) {
	t.Helper()
	root := t.TempDir()
	if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return fetchFrom(root, name, kind)
}

func fetchFrom(root, path, kind string) (snapshot.Facts, error) {
	p, err := New(provider.Settings{Name: "own", Root: root, With: map[string]string{"path": path, "kind": kind}})
	if err != nil {
		return snapshot.Facts{}, err
	}
	return p.Fetch(context.Background(), provider.Request{Now: providertest.Now})
}

func TestJSONHoldsFacts(t *testing.T) {
	facts, err := fetch(t, "facts.json", "", `{
	 "deployments": [{"entity":"service:pay","environment":"production","version":"1.2\u001b","state":"succeeded","at":"2026-11-20T10:00:00Z","log":"javascript:x","rollout":20}],
	 "health": [{"id":"h","entity":"service:pay","observed":"2026-11-20T10:00:00Z","state":"glowing","url":"https://a.example","measures":[{"name":"P\n99","value":1.5,"baseline":1}]}],
	 "foreign": [{"id":"x","kind":"service","state":"active","fix":"a:\n  b: 1\u0000\n"}]}`)
	if err != nil {
		t.Fatal(err)
	}
	d := facts.Deployments[0]
	if d.Version != "1.2" || d.State != snapshot.Succeeded || d.Log != "" || d.Rollout != 20 || !d.Observed.Equal(providertest.Now) || d.ID != "service:pay production 1.2 2026-11-20T10:00:00Z" {
		t.Errorf("deployment: %+v", d)
	}
	h := facts.Health[0]
	if h.State != snapshot.Unknown || h.ID != "h" || h.Observed.Equal(providertest.Now) || h.URL != "https://a.example" || h.Measures[0].Name != "P 99" || *h.Measures[0].Baseline != 1 {
		t.Errorf("health: %+v", h)
	}
	if facts.Foreign[0].Fix != "a:\n  b: 1\n" {
		t.Errorf("foreign: %+v", facts.Foreign[0])
	}
}

// TestYAMLHoldsTheSame reads what JSON says, written as people write it.
func TestYAMLHoldsTheSame(t *testing.T) {
	facts, err := fetch(t, "facts.yml", "", `
deployments:
  - entity: service:pay
    environment: production
    version: "1.10" # in quotes, or it is the number 1.1
    state: succeeded
    at: 2026-11-20T10:00:00Z
    rollout: 20
health:
  - {entity: service:pay, state: healthy, measures: [{name: P99, value: 1.5, unit: ms}]}
`)
	if err != nil {
		t.Fatal(err)
	}
	d := facts.Deployments[0]
	if d.Version != "1.10" || d.State != snapshot.Succeeded || d.Rollout != 20 || d.At.Hour() != 10 || !d.Observed.Equal(providertest.Now) {
		t.Errorf("deployment: %+v", d)
	}
	if h := facts.Health[0]; h.State != snapshot.Healthy || h.Measures[0].Value != 1.5 {
		t.Errorf("health: %+v", h)
	}
}

func TestCSVHoldsOneKind(t *testing.T) {
	facts, err := fetch(t, "oncall.csv", "onCall", "\uFEFFentity,level,now,until\nservice:pay,1,\"Ada, L.\",2026-11-24T08:00:00Z\nservice:pay,2,,\n")
	if err != nil {
		t.Fatal(err)
	}
	if len(facts.OnCall) != 2 || facts.OnCall[0].Now != "Ada, L." || facts.OnCall[0].Level != 1 || facts.OnCall[0].Until.Hour() != 8 || facts.OnCall[1].Level != 2 || !facts.OnCall[1].Until.IsZero() {
		t.Errorf("on call: %+v", facts.OnCall)
	}
	facts, err = fetch(t, "repos.csv", "repositories", "entity,name,archived,codeowners\nservice:pay,acme/pay,true,@a; @b\n")
	if err != nil || !facts.Repositories[0].Archived || strings.Join(facts.Repositories[0].Codeowners, "+") != "@a+@b" {
		t.Errorf("err %v, repositories %+v", err, facts.Repositories)
	}
}

func TestWhatIsWrongIsSaidWithItsPlace(t *testing.T) {
	for _, c := range []struct{ name, kind, text, says string }{
		{"f.json", "", `[]`, "no JSON object"},
		{"f.json", "", `{} {}`, "more after"},
		{"f.json", "", `{"deploys":[]}`, `no kind of facts "deploys"`},
		{"f.json", "", `{"runs":[{"entity":"service:a","state":"succeeded"},{"entity":"service:a","state":"great"}]}`, `runs[1]: the state "great" is none of`},
		{"f.json", "", `{"runs":[{"entity":"service:a"}]}`, "is missing"},
		{"f.json", "", `{"health":[{"entity":"pay"}]}`, "health[0]: entity has to be a reference"},
		{"f.json", "", `{"health":[{"entity":"service:pay","colour":1}]}`, `health[0]: unknown field "colour"`},
		{"f.json", "", `{"health":[{"entity":"service:pay","observed":"soon"}]}`, "health[0]: "},
		{"f.json", "", `{"health":[{"entity":"service:pay"},{"entity":"service:pay"}]}`, "has the id"},
		{"f.json", "", `{"health":[null]}`, "health[0] is null"},
		{"f.json", "", `{"foreign":[null]}`, "foreign[0] is null"},
		{"f.json", "", `{"health":[{"entity":"service:pay","id":7}]}`, "health[0]: "},
		{"f.csv", "health", "", "empty"},
		{"f.csv", "health", "entity,measures\n", `no column "measures"`},
		{"f.csv", "health", "entity,state\nservice:a\n", "record on line 2"},
		{"f.csv", "onCall", "entity,level\nservice:a,first\n", `line 2, column level: "first" is no number`},
		{"f.csv", "onCall", "entity,level\nservice:a,1.5\n", "line 2: "},
		{"f.csv", "objectives", "entity,target\nservice:a,NaN\n", "no number"},
		{"f.csv", "onCall", "entity,until\nservice:a,tomorrow\n", "no time"},
		{"f.csv", "", "", "needs kind"},
		{"f.yaml", "", "", "one document"},
		{"f.yaml", "", "- a\n", "one document"},
		{"f.yaml", "", "health: []\n---\nhealth: []\n", "one document"},
		{"f.yaml", "", "health: []\nhealth: []\n", "line 2: "},
		{"f.yaml", "", "health: &a [*a]\n", "line 1: "},
		{"f.yaml", "", "health:\n  - entity: service:a\n    colour: 1\n", `health[0]: unknown field "colour"`},
		{"f.txt", "", "", "none of them"},
	} {
		facts, err := fetch(t, c.name, c.kind, c.text)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s %q: %v; it does not say %q", c.name, c.text, err, c.says)
		}
		if len(facts.Health)+len(facts.OnCall)+len(facts.Runs) > 0 {
			t.Errorf("%q: half of the facts were returned", c.text)
		}
	}
}

func TestNothingLeadsOutOfTheCatalog(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "facts.json")
	if err := os.WriteFile(outside, []byte(`{"health":[{"entity":"service:a","state":"healthy"}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	if err := os.Symlink(outside, filepath.Join(root, "link.json")); err != nil {
		t.Fatal(err)
	}
	up, err := filepath.Rel(root, outside)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{outside, up, "link.json", "missing.json"} {
		if facts, err := fetchFrom(root, path, ""); provider.ProblemOf(err) == nil || provider.ProblemOf(err).Kind != snapshot.Config || len(facts.Health) > 0 {
			t.Errorf("%s: err %v, facts %+v", path, err, facts)
		}
	}
	if _, err := fetchFrom(root, "", ""); err == nil {
		t.Error("without path there is no error")
	}
}

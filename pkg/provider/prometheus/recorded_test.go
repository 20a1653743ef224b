package prometheus

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/providertest"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// recorded plays back the answer in the file that a query names, with its status and its
// content type. The first query is always ours.
func recorded(t *testing.T, asked func(*http.Request)) string {
	dir := providertest.Data(t, "prometheus-recorded")
	return providertest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		if asked != nil {
			asked(r)
		}
		name := r.URL.Query().Get("query")
		if name == "vector(1)" {
			name = "query-up"
		}
		headers := string(providertest.Read(t, filepath.Join(dir, name+".headers")))
		file := filepath.Join(dir, name+".json")
		if _, err := os.Stat(file); err != nil {
			file = filepath.Join(dir, name+".txt")
		}
		status := map[string]int{"200": 200, "400": 400, "404": 404, "422": 422}[strings.Fields(headers)[1]]
		kind := "text/plain"
		if strings.Contains(headers, "application/json") {
			kind = "application/json"
		}
		w.Header().Set("Content-Type", kind)
		w.WriteHeader(status)
		_, _ = w.Write(providertest.Read(t, file))
	})
}

func subject(name string, with ...string) provider.Subject {
	s := provider.Subject{Entity: "service:" + name, Environment: "production", Purpose: provider.Health, With: map[string]string{}, Place: "services/" + name + ".yaml:7"}
	for i := 0; i+1 < len(with); i += 2 {
		s.With[with[i]] = with[i+1]
	}
	return s
}

func fetch(t *testing.T, url string, subjects ...provider.Subject) (snapshot.Facts, error) {
	t.Helper()
	p, err := New(providertest.Settings("prometheus", url))
	if err != nil {
		t.Fatal(err)
	}
	return p.Fetch(context.Background(), provider.Request{Subjects: subjects, Now: providertest.Now})
}

func TestRecordedAnswers(t *testing.T) {
	cases := []struct {
		query   string
		state   snapshot.HealthState // none: there is a problem instead
		problem snapshot.ProblemKind
		says    string
	}{
		{query: "query-up", state: snapshot.Degraded, says: "1 of 2 series are 0"},
		{query: "query-scalar", state: snapshot.Healthy},
		{query: "query-empty", state: snapshot.Unknown, says: "no series"},
		{query: "query-nan", state: snapshot.Unknown, says: "no number"},
		{query: "query-inf", state: snapshot.Unknown, says: "no number"},
		{query: "query-matrix", problem: snapshot.Config, says: "range"},
		{query: "query_range-up", problem: snapshot.Config, says: "range"},
		{query: "query-string", problem: snapshot.Config, says: "text"},
		{query: "query-bad-data", problem: snapshot.Config, says: "refuses the query"},
		{query: "query-execution-error", problem: snapshot.Config, says: "refuses the query"},
		{query: "not-found", problem: snapshot.NotFound},
		{query: "ready", problem: snapshot.Garbage}, // plain text with status 200
	}
	var subjects []provider.Subject
	for _, c := range cases {
		subjects = append(subjects, subject(c.query, "query", c.query))
	}
	facts, err := fetch(t, recorded(t, nil), subjects...)
	if err != nil {
		t.Fatal(err)
	}
	states, problems := map[string]snapshot.Health{}, map[string]snapshot.Problem{}
	for _, h := range facts.Health {
		states[h.Entity] = h
	}
	for _, p := range facts.Problems {
		problems[p.Entity] = p
	}
	for _, c := range cases {
		h, p := states["service:"+c.query], problems["service:"+c.query]
		if h.State != c.state || p.Kind != c.problem {
			t.Errorf("%s: state %q, problem %q (%s), not %q, %q", c.query, h.State, p.Kind, p.Message, c.state, c.problem)
		}
		if !strings.Contains(h.Message+p.Message, c.says) {
			t.Errorf("%s says %q, not %q", c.query, h.Message+p.Message, c.says)
		}
		if c.problem != "" && (p.Environment != "production" || p.Message == "") {
			t.Errorf("%s: the problem says too little: %+v", c.query, p)
		}
	}
}

func TestMeasuresHaveBaselines(t *testing.T) {
	times := map[string]bool{}
	url := recorded(t, func(r *http.Request) { times[r.URL.Query().Get("query")+"@"+r.URL.Query().Get("time")] = true })
	facts, err := fetch(t, url, subject("checkout", "query", "query-scalar", "latency", "query-scalar", "errors", "query-nan"))
	if err != nil {
		t.Fatal(err)
	}
	// errors has two series, which no single number is.
	if len(facts.Problems) != 1 || !strings.Contains(facts.Problems[0].Message, "errors: the query gives 2 series") {
		t.Errorf("problems: %+v", facts.Problems)
	}
	if len(facts.Health) != 1 || len(facts.Health[0].Measures) != 1 {
		t.Fatalf("health: %+v", facts.Health)
	}
	m := facts.Health[0].Measures[0]
	if m.Name != "P99" || m.Unit != "ms" || m.Value != 42 || m.Baseline == nil || *m.Baseline != 42 {
		t.Errorf("measure: %+v", m)
	}
	if !times["query-scalar@1795447200"] || !times["query-scalar@1794842400"] {
		t.Errorf("asked: %v; the baseline is of seven days before", times)
	}
}

func TestPrometheusMayNotLookBack(t *testing.T) {
	past := http.StatusUnprocessableEntity
	url := providertest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("time") != "1795447200" {
			providertest.JSON(w, past, `{"status":"error","errorType":"execution","error":"too far back"}`)
			return
		}
		providertest.JSON(w, http.StatusOK, `{"status":"success","data":{"resultType":"scalar","result":[1,"7"]}}`)
	})
	for status, problems := range map[int]int{http.StatusUnprocessableEntity: 0, http.StatusForbidden: 1} {
		past = status
		facts, err := fetch(t, url, subject("a", "query", "up", "errors", "rate"))
		if err != nil || len(facts.Problems) != problems || len(facts.Health) != 1 || len(facts.Health[0].Measures) != 1 || facts.Health[0].Measures[0].Baseline != nil {
			t.Errorf("%d: err %v, facts %+v", status, err, facts)
		}
	}
}

func TestNoSystemIsAnErrorOfAll(t *testing.T) {
	url := providertest.Serve(t, func(w http.ResponseWriter, _ *http.Request) { providertest.JSON(w, http.StatusUnauthorized, `{}`) })
	facts, err := fetch(t, url, subject("a", "query", "up"), subject("b", "query", "up"))
	if p := provider.ProblemOf(err); p == nil || p.Kind != snapshot.Auth || len(facts.Problems) != 0 {
		t.Errorf("err %v, facts %+v", err, facts)
	}
}

func TestHostileAnswers(t *testing.T) {
	for _, body := range []string{
		`{"status":"success","data":{"resultType":"vector","result":[{"histogram":[1,{}]}]}}`,
		`{"status":"success","data":{"resultType":"vector","result":[{"value":null}]}}`,
		`{"status":"success","data":{"resultType":"vector","result":[{"value":[1,"one"]}]}}`,
		`{"status":"success","data":{"resultType":"vector","result":[{"value":[1]}]}}`,
		`{"status":"success","data":{"resultType":"vector","result":{}}}`,
		`{"status":"success","data":{"resultType":"future","result":[]}}`,
		`{"status":"error","errorType":"internal","error":"\u001b[31mno"}`,
		`{"status":"success"}`,
		`[]`,
		`{`,
	} {
		url := providertest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Get("query") == "vector(1)" {
				providertest.JSON(w, http.StatusOK, `{"status":"success","data":{"resultType":"scalar","result":[1,"1"]}}`)
				return
			}
			providertest.JSON(w, http.StatusOK, body)
		})
		facts, err := fetch(t, url, subject("a", "query", "up"))
		if err != nil || len(facts.Health) != 0 || len(facts.Problems) != 1 || strings.Contains(facts.Problems[0].Message, "\x1b") {
			t.Errorf("%s: err %v, facts %+v", body, err, facts)
		}
	}
}

func TestWhatIsSetWrongly(t *testing.T) {
	if _, err := New(providertest.Settings("prometheus", "")); provider.ProblemOf(err) == nil || provider.ProblemOf(err).Kind != snapshot.Config {
		t.Errorf("without url: %v", err)
	}
	url := providertest.Serve(t, func(w http.ResponseWriter, _ *http.Request) {
		providertest.JSON(w, http.StatusOK, `{"status":"success","data":{"resultType":"scalar","result":[1,"1"]}}`)
	})
	facts, err := fetch(t, url, subject("a"))
	if err != nil || len(facts.Problems) != 1 || facts.Problems[0].Kind != snapshot.Config || !strings.Contains(facts.Problems[0].Message, "services/a.yaml:7") {
		t.Errorf("a subject without a query: err %v, facts %+v", err, facts)
	}
}

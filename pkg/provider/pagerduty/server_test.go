package pagerduty

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

const token = "u+secret-of-tests"

var now = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// account of tests: what PagerDuty answers by path. A list is cut into pages; a function
// answers by itself; a number is a status.
type answers map[string]any

// fake is a PagerDuty on loopback that remembers what it was asked.
type fake struct {
	*httptest.Server
	mu    sync.Mutex
	asked []*http.Request
}

func serve(t *testing.T, all answers) *fake {
	t.Helper()
	f := &fake{}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		f.asked = append(f.asked, r)
		f.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		if r.Header.Get("Authorization") != "Token token="+token {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = w.Write([]byte(`{"error":{"message":"Unauthorized"}}`))
			return
		}
		if r.Header.Get("Accept") != "application/vnd.pagerduty+json;version=2" {
			w.WriteHeader(http.StatusNotAcceptable)
			return
		}
		answer(w, r, all[r.URL.Path])
	}))
	t.Cleanup(f.Close)
	return f
}

func answer(w http.ResponseWriter, r *http.Request, what any) {
	switch what := what.(type) {
	case nil:
		if key, isList := keys[r.URL.Path]; isList {
			_ = json.NewEncoder(w).Encode(pageOf(r, key, nil))
			return
		}
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte(`{"error":{"message":"Not Found","code":2100}}`))
	case int:
		w.WriteHeader(what)
		_, _ = w.Write([]byte(`{}`))
	case func(http.ResponseWriter, *http.Request):
		what(w, r)
	case []any:
		key := keys[r.URL.Path]
		if key == "" {
			key = "log_entries"
		}
		_ = json.NewEncoder(w).Encode(pageOf(r, key, what))
	default:
		_ = json.NewEncoder(w).Encode(what)
	}
}

var keys = map[string]string{
	"/services": "services", "/escalation_policies": "escalation_policies", "/schedules": "schedules", "/oncalls": "oncalls", "/incidents": "incidents",
}

// pageOf wraps a part of a list as PagerDuty does.
func pageOf(r *http.Request, key string, items []any) map[string]any {
	limit, _ := strconv.Atoi(r.FormValue("limit"))
	offset, _ := strconv.Atoi(r.FormValue("offset"))
	from, to := min(offset, len(items)), min(offset+limit, len(items))
	return map[string]any{key: append([]any{}, items[from:to]...), "limit": limit, "offset": offset, "more": to < len(items), "total": nil}
}

// counted is how often a path was asked for.
func (f *fake) counted(path string) (n int) {
	for _, r := range f.asked {
		if r.URL.Path == path {
			n++
		}
	}
	return n
}

// open makes the provider of tests.
func (f *fake) open(t *testing.T, secret string) provider.Provider {
	t.Helper()
	p, err := New(provider.Settings{
		Name: "pagerduty", Type: "pagerduty", URL: f.URL, Private: true,
		Secret: func(variable string) string { return map[string]string{"PAGERDUTY_TOKEN": secret}[variable] },
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// fetch fetches what must not fail as a whole.
func (f *fake) fetch(t *testing.T, r provider.Request) snapshot.Facts {
	t.Helper()
	r.Now = now
	facts, err := f.open(t, token).Fetch(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if err := facts.Validate(); err != nil {
		t.Errorf("the store refuses it: %v", err)
	}
	return facts
}

// subject names something of PagerDuty: kind and identifier in turns.
func subject(entity string, with ...string) provider.Subject {
	s := provider.Subject{Entity: entity, Purpose: provider.OnCall, With: map[string]string{}, Place: "services/x/service.yaml:7"}
	for i := 0; i < len(with); i += 2 {
		s.With[with[i]] = with[i+1]
	}
	return s
}

func object(pairs ...any) map[string]any {
	o := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		o[pairs[i].(string)] = pairs[i+1]
	}
	return o
}

func ref(kind, id, name string) map[string]any {
	return object("id", id, "type", kind+"_reference", "summary", name, "html_url", "https://acme.pagerduty.com/"+kind+"s/"+id)
}

func hours(n int) string { return now.Add(time.Duration(n) * time.Hour).Format(time.RFC3339) }

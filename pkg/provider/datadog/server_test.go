package datadog

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

const (
	apiKey         = "api-key-of-tests"
	applicationKey = "application-key-of-tests"
)

var now = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// fake is a Datadog on loopback with some things, in pages. A path among the faults answers
// with a status or an object instead.
type fake struct {
	*httptest.Server
	monitors, objectives, open, over []any
	faults                           map[string]any
	mu                               sync.Mutex
	asked                            map[string]int
}

func serve(t *testing.T, f *fake) *fake {
	t.Helper()
	f.asked = map[string]int{}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		f.asked[r.URL.Path]++
		f.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		if r.Header.Get("DD-API-KEY") != apiKey || r.Header.Get("DD-APPLICATION-KEY") != applicationKey {
			w.WriteHeader(http.StatusForbidden) // as Datadog does
			return
		}
		fault := f.faults[r.URL.Path]
		if status, isStatus := fault.(int); isStatus {
			w.WriteHeader(status)
			return
		}
		if fault == nil {
			fault = f.answer(r)
		}
		_ = json.NewEncoder(w).Encode(fault)
	}))
	t.Cleanup(f.Close)
	return f
}

func (f *fake) answer(r *http.Request) any {
	number := func(name string) int { n, _ := strconv.Atoi(r.FormValue(name)); return n }
	switch r.URL.Path {
	case "/api/v1/monitor":
		return cut(f.monitors, number("page")*number("page_size"), number("page_size"))
	case "/api/v1/slo/search":
		size := number("page[size]")
		return object("data", object("attributes", object("slos", wrapped(cut(f.objectives, number("page[number]")*size, size)))), "meta", object("pagination", object("total", len(f.objectives))))
	case "/api/v2/incidents/search":
		all := f.open
		if r.FormValue("query") == "state:resolved" {
			all = f.over
		}
		return object("data", object("attributes", object("total", len(all), "incidents", wrapped(cut(all, number("page[offset]"), number("page[size]"))))))
	}
	return nil
}

func cut(all []any, from, n int) []any {
	from = min(from, len(all))
	return append([]any{}, all[from:min(from+n, len(all))]...)
}

func wrapped(all []any) []any {
	out := []any{}
	for _, x := range all {
		out = append(out, object("data", x))
	}
	return out
}

func (f *fake) try(t *testing.T, settings provider.Settings, r provider.Request) (snapshot.Facts, error) {
	t.Helper()
	settings.Name, settings.URL, settings.Private = "datadog", f.URL, true
	if settings.Secret == nil {
		settings.Secret = func(v string) string {
			return map[string]string{"DD_API_KEY": apiKey, "DD_APP_KEY": applicationKey}[v]
		}
	}
	p, err := New(settings)
	if err != nil {
		t.Fatal(err)
	}
	r.Now = now
	return p.Fetch(t.Context(), r)
}

// fetch fetches what must not fail, and what the store must take.
func (f *fake) fetch(t *testing.T, subjects ...provider.Subject) snapshot.Facts {
	t.Helper()
	facts, err := f.try(t, provider.Settings{}, provider.Request{Subjects: subjects})
	if err != nil {
		t.Fatal(err)
	}
	if err := facts.Validate(); err != nil {
		t.Errorf("the store refuses it: %v", err)
	}
	return facts
}

func subject(entity string, with ...string) provider.Subject {
	s := provider.Subject{Entity: entity, Purpose: provider.Alerts, With: map[string]string{}, Place: "services/x/service.yaml:7"}
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

func at(hours int) time.Time { return now.Add(time.Duration(hours) * time.Hour) }

func kindOf(t *testing.T, err error) snapshot.ProblemKind {
	t.Helper()
	var e *provider.Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v; want one of a provider", err)
	}
	return e.Kind
}

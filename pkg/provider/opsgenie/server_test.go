package opsgenie

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

const token = "secret-of-tests"

var now = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// answers are what a system says by path: a list is cut into pages, a number is a status,
// an object stands for itself.
type answers map[string]any

// fake is a system on loopback that remembers what it was asked.
type fake struct {
	*httptest.Server
	jsm   bool
	asked []*http.Request
}

// serve starts one. Requests come one after the other, since Fetch asks so.
func serve(t *testing.T, jsm bool, all answers) *fake {
	t.Helper()
	f := &fake{jsm: jsm}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.asked = append(f.asked, r)
		user, password, _ := r.BasicAuth()
		if jsm && (user != "bot@example.com" || password != token) || !jsm && r.Header.Get("Authorization") != "GenieKey "+token {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		switch what := all[r.URL.Path].(type) {
		case nil:
			w.WriteHeader(http.StatusNotFound)
		case int:
			w.WriteHeader(what)
		case []any:
			_ = json.NewEncoder(w).Encode(f.page(r, what))
		default:
			_ = json.NewEncoder(w).Encode(what)
		}
	}))
	t.Cleanup(f.Close)
	return f
}

// page wraps a part of a list as each of the two systems does.
func (f *fake) page(r *http.Request, items []any) any {
	limit, _ := strconv.Atoi(r.FormValue("limit"))
	if f.jsm {
		limit, _ = strconv.Atoi(r.FormValue("size"))
	}
	offset, _ := strconv.Atoi(r.FormValue("offset"))
	from, to := min(offset, len(items)), min(offset+limit, len(items))
	next := object()
	if to < len(items) {
		next["next"] = "https://elsewhere.example.com/?offset=" + strconv.Itoa(to)
	}
	part := append([]any{}, items[from:to]...)
	if f.jsm {
		return object("values", part, "links", next)
	}
	return object("data", part, "paging", next)
}

func (f *fake) open(secret string) (provider.Provider, error) {
	s := provider.Settings{Name: "calls", URL: f.URL, Private: true, Secret: func(v string) string {
		return map[string]string{"OPSGENIE_API_KEY": secret, "JSM_TOKEN": secret}[v]
	}}
	if f.jsm {
		s.With = map[string]string{"cloudId": "cloud-1", "user": "bot@example.com"}
		return NewJSM(s)
	}
	return New(s)
}

func (f *fake) try(t *testing.T, secret string, subjects ...provider.Subject) (snapshot.Facts, error) {
	t.Helper()
	p, err := f.open(secret)
	if err != nil {
		t.Fatal(err)
	}
	return p.Fetch(t.Context(), provider.Request{Now: now, Subjects: subjects})
}

// fetch fetches what must not fail as a whole, and what the store must take.
func (f *fake) fetch(t *testing.T, subjects ...provider.Subject) snapshot.Facts {
	t.Helper()
	facts, err := f.try(t, token, subjects...)
	if err != nil {
		t.Fatal(err)
	}
	if err := facts.Validate(); err != nil {
		t.Errorf("the store refuses it: %v", err)
	}
	return facts
}

func (f *fake) counted(path string) (n int) {
	for _, r := range f.asked {
		if r.URL.Path == path {
			n++
		}
	}
	return n
}

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

func at(hours int) time.Time { return now.Add(time.Duration(hours) * time.Hour) }

func kindOf(t *testing.T, err error) snapshot.ProblemKind {
	t.Helper()
	var e *provider.Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v; want one of a provider", err)
	}
	return e.Kind
}

func foreignOf(facts snapshot.Facts) []string {
	var all []string
	for _, x := range facts.Foreign {
		all = append(all, strings.TrimSpace(strings.Join([]string{x.Kind, x.ID, x.State, x.Entity}, " ")))
	}
	slices.Sort(all)
	return all
}

package providertest

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// Answers are what a live system says, by path. A list is cut into pages, a number is a
// status, and anything else is the answer as JSON. A function of a request returns one of
// these, or answers by itself.
type Answers map[string]any

// System is a live system on loopback that answers so and remembers what it was asked.
type System struct {
	Answers Answers
	Refuses func(*http.Request) int // the status for whom it does not know; 0 for others
	Empty   []string                // paths of lists that are there without an answer
	Most    int                     // items on a page; 0: as many as it is asked for
	// Page wraps the part of a list that a request asks for, as the system does.
	Page func(r *http.Request, cut Cut) any

	mu    sync.Mutex
	asked []*http.Request
}

// Cut returns some items of a list, and how many it has in all.
type Cut func(from, size int) (part []any, of int)

// Start answers over loopback until the test ends, and returns the address.
func (s *System) Start(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return server.URL
}

// ServeHTTP answers.
func (s *System) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.asked = append(s.asked, r)
	s.mu.Unlock()
	if s.Refuses != nil {
		if status := s.Refuses(r); status != 0 {
			JSON(w, status, `{"message":"who are you?"}`)
			return
		}
	}
	s.answer(w, r, s.Answers[r.URL.Path])
}

func (s *System) answer(w http.ResponseWriter, r *http.Request, what any) {
	switch what := what.(type) {
	case func(http.ResponseWriter, *http.Request):
		what(w, r)
	case func(*http.Request) any:
		s.answer(w, r, what(r))
	case nil:
		if !slices.Contains(s.Empty, r.URL.Path) {
			JSON(w, http.StatusNotFound, `{"message":"Not Found"}`)
			return
		}
		s.answer(w, r, []any{})
	case int:
		JSON(w, what, `{}`)
	case []any:
		s.write(w, s.Page(r, func(from, size int) ([]any, int) {
			if s.Most > 0 {
				size = min(size, s.Most)
			}
			from = min(from, len(what))
			to := min(from+size, len(what))
			return append([]any{}, what[from:to]...), len(what)
		}))
	default:
		s.write(w, what)
	}
}

func (s *System) write(w http.ResponseWriter, what any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(what) // who asked has gone if that fails
}

// Asked returns the requests so far.
func (s *System) Asked() []*http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// Counted is how often a path was asked for.
func (s *System) Counted(path string) (n int) {
	for _, r := range s.Asked() {
		if r.URL.Path == path {
			n++
		}
	}
	return n
}

// Object is a JSON object of names and values in turns.
func Object(pairs ...any) map[string]any {
	o := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		o[pairs[i].(string)] = pairs[i+1]
	}
	return o
}

// Subject is one of a purpose, with names and values in turns.
func Subject(purpose provider.Purpose, entity string, with ...string) provider.Subject {
	s := provider.Subject{Entity: entity, Purpose: purpose, With: map[string]string{}, Place: "services/x/service.yaml:7"}
	for i := 0; i < len(with); i += 2 {
		s.With[with[i]] = with[i+1]
	}
	return s
}

// KindOf is the kind of an error that was to be.
func KindOf(t *testing.T, err error) snapshot.ProblemKind {
	t.Helper()
	var e *provider.Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v; want one of a provider", err)
	}
	return e.Kind
}

package opsgenie

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/providertest"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

const token = "secret-of-tests"

var now = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// answers are what a system says by path.
type answers = providertest.Answers

// fake is one of the two systems on loopback.
type fake struct {
	*providertest.System
	url string
	jsm bool
}

func serve(t *testing.T, jsm bool, all answers) *fake {
	t.Helper()
	f := &fake{System: providertest.Opsgenie(token, all), jsm: jsm}
	if jsm {
		f.System = providertest.JSM("bot@example.com", token, all)
	}
	f.url = f.Start(t)
	return f
}

func (f *fake) open(secret string) (provider.Provider, error) {
	s := provider.Settings{Name: "calls", URL: f.url, Private: true, Secret: func(v string) string {
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
	p, err := f.open(token)
	if err != nil {
		t.Fatal(err)
	}
	return providertest.Fetch(t, p, provider.Request{Now: now, Subjects: subjects})
}

func subject(entity string, with ...string) provider.Subject {
	return providertest.Subject(provider.OnCall, entity, with...)
}

var (
	object = providertest.Object
	kindOf = providertest.KindOf
)

func at(hours int) time.Time { return now.Add(time.Duration(hours) * time.Hour) }

func foreignOf(facts snapshot.Facts) []string {
	var all []string
	for _, x := range facts.Foreign {
		all = append(all, strings.TrimSpace(strings.Join([]string{x.Kind, x.ID, x.State, x.Entity}, " ")))
	}
	slices.Sort(all)
	return all
}

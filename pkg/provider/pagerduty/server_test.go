package pagerduty

import (
	"testing"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/providertest"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

const token = "u+secret-of-tests"

var now = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// answers are what the account of tests says, by path.
type answers = providertest.Answers

// fake is a PagerDuty on loopback.
type fake struct {
	*providertest.System
	url string
}

func serve(t *testing.T, all answers) *fake {
	t.Helper()
	f := &fake{System: providertest.PagerDuty(token, all)}
	f.url = f.Start(t)
	return f
}

// open makes the provider of tests.
func (f *fake) open(t *testing.T, secret string) provider.Provider {
	t.Helper()
	p, err := New(provider.Settings{
		Name: "pagerduty", Type: "pagerduty", URL: f.url, Private: true,
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
	return providertest.Fetch(t, f.open(t, token), r)
}

// subject names something of PagerDuty: kind and identifier in turns.
func subject(entity string, with ...string) provider.Subject {
	return providertest.Subject(provider.OnCall, entity, with...)
}

var (
	object = providertest.Object
	kindOf = providertest.KindOf
)

func ref(kind, id, name string) map[string]any {
	return object("id", id, "type", kind+"_reference", "summary", name, "html_url", "https://acme.pagerduty.com/"+kind+"s/"+id)
}

func hours(n int) string { return now.Add(time.Duration(n) * time.Hour).Format(time.RFC3339) }

package datadog

import (
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/providertest"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

const (
	apiKey         = "api-key-of-tests"
	applicationKey = "application-key-of-tests"
)

var now = time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)

// fake is a Datadog on loopback with some things. A path among the faults answers with a
// status or an object instead.
type fake struct {
	*providertest.System
	url                              string
	monitors, objectives, open, over []any
	faults                           providertest.Answers
}

func serve(t *testing.T, f *fake) *fake {
	t.Helper()
	all := providertest.Answers{
		"/api/v1/monitor": f.monitors, "/api/v1/slo/search": f.objectives,
		"/api/v2/incidents/search": func(r *http.Request) any {
			if r.FormValue("query") == "state:resolved" {
				return f.over
			}
			return f.open
		},
	}
	maps.Copy(all, f.faults)
	f.System = providertest.Datadog(apiKey, applicationKey, all)
	f.url = f.Start(t)
	return f
}

// provider makes the provider of tests.
func (f *fake) provider(t *testing.T, settings provider.Settings) provider.Provider {
	t.Helper()
	settings.Name, settings.URL, settings.Private = "datadog", f.url, true
	if settings.Secret == nil {
		settings.Secret = func(v string) string {
			return map[string]string{"DD_API_KEY": apiKey, "DD_APP_KEY": applicationKey}[v]
		}
	}
	p, err := New(settings)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (f *fake) try(t *testing.T, settings provider.Settings, r provider.Request) (snapshot.Facts, error) {
	t.Helper()
	r.Now = now
	return f.provider(t, settings).Fetch(t.Context(), r)
}

// fetch fetches what must not fail, and what the store must take.
func (f *fake) fetch(t *testing.T, subjects ...provider.Subject) snapshot.Facts {
	t.Helper()
	return providertest.Fetch(t, f.provider(t, provider.Settings{}), provider.Request{Now: now, Subjects: subjects})
}

func subject(entity string, with ...string) provider.Subject {
	return providertest.Subject(provider.Alerts, entity, with...)
}

var (
	object = providertest.Object
	kindOf = providertest.KindOf
)

func at(hours int) time.Time { return now.Add(time.Duration(hours) * time.Hour) }

// Package prometheus reads health and what is measured of it from Prometheus, or from what
// speaks its HTTP API: Thanos, Mimir, VictoriaMetrics.
//
// Settings: url (required), token (variable of a bearer token; PROMETHEUS_TOKEN), private.
//
// A subject of purpose health has
//   - query: healthy if it gives another number than 0, unhealthy if it gives 0, degraded if
//     some series are 0, unknown if it gives no series, NaN or an infinite number. Compare
//     with bool (up == bool 1), since a comparison without it drops the series that fail;
//   - errors: errors in percent, as one number;
//   - latency: the 99th percentile in milliseconds, as one number;
//   - errorsBaseline, latencyBaseline: what these usually are. Without them, the same query
//     as it was seven days before. baseline is another name of latencyBaseline.
package prometheus

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/parallel"
	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/connect"
	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

const path = "/api/v1/query"

// baselineAge is how old a number is that another is compared with: the same hour of the
// same day of the week.
const baselineAge = 7 * 24 * time.Hour

type prometheus struct {
	client *provider.Client
	base   string
}

// New makes the provider.
func New(s provider.Settings) (provider.Provider, error) {
	o, err := connect.Options(s, "", "PROMETHEUS_TOKEN")
	if err != nil {
		return nil, err
	}
	client, err := s.NewClient(o)
	if err != nil {
		return nil, err
	}
	return &prometheus{client, o.Base}, nil
}

// Fetch asks the queries of every subject. That the system answers at all is seen by a
// query of ours, so that a query that fails later is a problem of its subject only.
func (p *prometheus) Fetch(ctx context.Context, r provider.Request) (snapshot.Facts, error) {
	subjects := fact.Of(r.Subjects, provider.Health)
	var facts snapshot.Facts
	if len(subjects) == 0 {
		return facts, nil
	}
	if _, err := p.ask(ctx, "vector(1)", r.Now); err != nil {
		return facts, err
	}
	health := make([]snapshot.Health, len(subjects))
	failed := make([]error, len(subjects))
	err := parallel.EachOf(ctx, provider.Connections, len(subjects), func(i int) error {
		health[i], failed[i] = p.healthOf(ctx, subjects[i], r.Now)
		return ctx.Err()
	})
	if err != nil {
		return facts, &provider.Error{Kind: snapshot.Timeout, Asked: http.MethodGet + " " + path, Message: "the time for this fetch is over: " + err.Error()}
	}
	for i, s := range subjects {
		if failed[i] != nil {
			facts.Problems = append(facts.Problems, provider.OfSubject(s, failed[i]))
		}
		if health[i].ID != "" {
			facts.Health = append(facts.Health, health[i])
		}
	}
	return facts, nil
}

// healthOf asks the queries of one subject. What can be known is returned beside an error
// about the rest; without the health itself there is nothing to say.
func (p *prometheus) healthOf(ctx context.Context, s provider.Subject, now time.Time) (snapshot.Health, error) {
	query := s.With["query"]
	if query == "" {
		return snapshot.Health{}, connect.Wrong("%s: health needs query, a PromQL query that gives 0 when it is down", s.Place)
	}
	numbers, err := p.ask(ctx, query, now)
	if err != nil {
		return snapshot.Health{}, about("query", err)
	}
	h := snapshot.Health{About: snapshot.About{ID: fact.ID(s), Entity: s.Entity, Environment: s.Environment, Observed: now, URL: p.page(query)}}
	h.State, h.Message = stateOf(numbers)
	h.Measures, err = p.measure(ctx, s, now)
	return h, err
}

// ask returns the numbers that a query gives at a time.
func (p *prometheus) ask(ctx context.Context, query string, at time.Time) ([]float64, error) {
	var a answer
	values := url.Values{"query": {query}, "time": {strconv.FormatInt(at.Unix(), 10)}, "timeout": {"20s"}}
	if _, err := p.client.Get(ctx, path, values, &a); err != nil {
		return nil, refused(err)
	}
	return a.numbers(http.MethodGet + " " + path)
}

// refused says that it is the query that is wrong where Prometheus says so: it answers 400
// to what it cannot parse and 422 to what it cannot compute.
func refused(err error) error {
	if e := (*provider.Error)(nil); errors.As(err, &e) && (e.Status == http.StatusBadRequest || e.Status == http.StatusUnprocessableEntity) {
		return &provider.Error{Kind: snapshot.Config, Status: e.Status, Asked: e.Asked, Message: "Prometheus refuses the query; try it on its page Graph: " + e.Message}
	}
	return err
}

// about says which of the queries of a subject an error is about.
func about(key string, err error) error {
	if e := (*provider.Error)(nil); errors.As(err, &e) {
		of := *e
		of.Message = key + ": " + e.Message
		return &of
	}
	return err
}

// together makes one error of those of several queries, of the kind of the first.
func together(all []error) error {
	if len(all) == 0 {
		return nil
	}
	texts := make([]string, len(all))
	for i, err := range all {
		texts[i] = err.Error()
	}
	return &provider.Error{Kind: provider.ProblemOf(all[0]).Kind, Message: strings.Join(texts, "; ")}
}

// page is where people see what a query gives.
func (p *prometheus) page(query string) string {
	return fact.Link(p.base + "/graph?" + url.Values{"g0.expr": {query}, "g0.tab": {"0"}}.Encode())
}

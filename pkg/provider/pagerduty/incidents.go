package pagerduty

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/parallel"
	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// mostLogs is of how many incidents in one fetch the log is asked for.
const mostLogs = 100

// incidents asks for all that are open, however old, and those that were opened within
// snapshot.Keep and are over ("List incidents").
func (s *system) incidents(ctx context.Context, services []string, now time.Time) ([]incident, error) {
	open := url.Values{"date_range": {"all"}, "statuses[]": {"triggered", "acknowledged"}}
	over := url.Values{
		"since": {now.UTC().Add(-snapshot.Keep).Format(time.RFC3339)}, "until": {now.UTC().Format(time.RFC3339)}, "statuses[]": {"resolved"},
	}
	chunks := slices.Collect(slices.Chunk(services, together))
	answers := make([][]incident, len(chunks))
	err := parallel.EachOf(ctx, provider.Connections, len(chunks), func(i int) error {
		for _, which := range []url.Values{open, over} {
			query := url.Values{"service_ids[]": chunks[i], "time_zone": {"UTC"}}
			maps.Copy(query, which)
			items, err := list[incident](ctx, s.client, "/incidents", "incidents", query)
			if err != nil {
				return err
			}
			for _, i := range items {
				if !identifier.MatchString(i.ID) || i.Created.IsZero() {
					return garbage("/incidents", fmt.Sprintf("incident %q has no identifier, or no time at which it was created", fact.Name(i.ID)))
				}
			}
			answers[i] = append(answers[i], items...)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	// One that was resolved between the two questions is in both answers; the later holds.
	all := slices.Concat(answers...)
	slices.Reverse(all)
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(i incident) bool {
		twice := seen[i.ID]
		seen[i.ID] = true
		return twice
	}), nil
}

// tell turns incidents into facts of the entities that name their services: the first in
// the catalog has it, and the others are named beside it.
func (all bindings) tell(incidents []incident, now time.Time) []snapshot.Incident {
	subjects := map[string][]provider.Subject{}
	for _, b := range all.bindings {
		if b.service != "" {
			subjects[b.service] = append(subjects[b.service], b.subject)
		}
	}
	var facts []snapshot.Incident
	for _, i := range incidents {
		concerned := subjects[i.Service.ID]
		if len(concerned) == 0 {
			continue // of no service that we have asked for
		}
		f := i.fact(now)
		f.Entity, f.Environment = concerned[0].Entity, concerned[0].Environment
		for _, impacted := range i.Impacted {
			concerned = append(slices.Clone(concerned), subjects[impacted.ID]...)
		}
		for _, s := range concerned {
			if s.Entity != f.Entity && !slices.Contains(f.Also, s.Entity) {
				f.Also = append(f.Also, s.Entity)
			}
		}
		facts = append(facts, f)
	}
	return facts
}

// fact is an incident without the entity it is about.
func (i incident) fact(now time.Time) snapshot.Incident {
	f := snapshot.Incident{
		Number: strconv.FormatInt(i.Number, 10), Title: cmp.Or(fact.Text(i.Title), fact.Text(i.Summary), "Without a title"),
		State: stateOf(i.Status), Severity: fact.Name(i.Urgency), Opened: i.Created.UTC(), Responders: i.responders(),
	}
	f.ID, f.URL, f.Observed = fact.Name(i.ID), fact.Link(i.URL), now.UTC()
	if i.Priority != nil && i.Priority.Summary != "" {
		f.Severity = fact.Name(i.Priority.Summary)
	}
	switch f.State {
	case snapshot.Resolved:
		f.Resolved = known(i.Resolved, i.StatusChanged)
	case snapshot.Acknowledged:
		f.Acknowledged = i.StatusChanged.UTC()
	}
	for _, a := range i.Acknowledgements {
		if f.Acknowledged.IsZero() || a.At.Before(f.Acknowledged) && !a.At.IsZero() {
			f.Acknowledged = a.At.UTC()
		}
	}
	return f
}

// stateOf maps the status of an incident. One that we do not know is open: nobody has said
// that it is over.
func stateOf(status string) snapshot.IncidentState {
	switch status {
	case "acknowledged":
		return snapshot.Acknowledged
	case "resolved":
		return snapshot.Resolved
	}
	return snapshot.Triggered
}

// known returns the first of two times that is known.
func known(a, b time.Time) time.Time {
	if a.IsZero() {
		return b.UTC()
	}
	return a.UTC()
}

// responders are the people who have had to do with an incident, each once. Integrations
// and services that changed its status are none.
func (i incident) responders() []string {
	people := []reference{i.ChangedBy}
	for _, a := range i.Assignments {
		people = append(people, a.Assignee)
	}
	for _, a := range i.Acknowledgements {
		people = append(people, a.Acknowledger)
	}
	return withPeople(nil, people...)
}

// withPeople adds the names of those that are people.
func withPeople(all []string, more ...reference) []string {
	for _, p := range more {
		if name := fact.Name(p.Summary); strings.HasPrefix(p.Type, "user") && name != "" && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

// acknowledged adds when incidents that are over were acknowledged: the list says that only
// of those that still are. What an earlier fetch has seen is taken from there; of the
// others, the latest first, their log is asked ("List log entries for an incident").
func (s *system) acknowledged(ctx context.Context, incidents []snapshot.Incident, before snapshot.Facts) []snapshot.Problem {
	earlier := map[string]snapshot.Incident{}
	for _, i := range before.Incidents {
		earlier[i.ID] = i
	}
	var ask []*snapshot.Incident
	for i := range incidents {
		f := &incidents[i]
		old := earlier[f.ID]
		if f.Acknowledged.IsZero() {
			f.Acknowledged = old.Acknowledged
		}
		if f.State != snapshot.Resolved {
			continue
		}
		if old.State == snapshot.Resolved {
			f.Responders = mergeNames(f.Responders, old.Responders)
		} else if identifier.MatchString(f.ID) {
			ask = append(ask, f)
		}
	}
	slices.SortStableFunc(ask, func(a, b *snapshot.Incident) int { return b.Opened.Compare(a.Opened) })
	ask = ask[:min(len(ask), mostLogs)]
	errs := make([]error, len(ask))
	_ = parallel.EachOf(ctx, provider.Connections, len(ask), func(i int) error {
		if err := s.readLog(ctx, ask[i]); err != nil && !gone(err) {
			errs[i] = err
		}
		return errs[i] // what refuses one log refuses the next as well
	})
	var problems []snapshot.Problem
	for i, f := range ask {
		if errs[i] != nil {
			problems = append(problems, provider.OfSubject(provider.Subject{Entity: f.Entity, Environment: f.Environment}, errs[i]))
		}
	}
	return problems
}

// gone says that an incident is no longer there: merged into another since it was listed.
func gone(err error) bool {
	var e *provider.Error
	return errors.As(err, &e) && e.Kind == snapshot.NotFound
}

// readLog adds the first acknowledgement and its people to an incident.
func (s *system) readLog(ctx context.Context, f *snapshot.Incident) error {
	entries, err := list[logEntry](ctx, s.client, "/incidents/"+f.ID+"/log_entries", "log_entries",
		url.Values{"is_overview": {"true"}, "time_zone": {"UTC"}})
	for _, e := range entries {
		if !strings.HasPrefix(e.Type, "acknowledge_log_entry") {
			continue
		}
		if f.Acknowledged.IsZero() || e.Created.Before(f.Acknowledged) {
			f.Acknowledged = e.Created.UTC()
		}
		f.Responders = withPeople(f.Responders, e.Agent)
	}
	return err
}

// mergeNames joins two lists of names, each once, in order.
func mergeNames(a, b []string) []string {
	all := append(slices.Clone(a), b...)
	slices.Sort(all)
	return slices.Compact(all)
}

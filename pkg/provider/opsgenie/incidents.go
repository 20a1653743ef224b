package opsgenie

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"time"

	"github.com/signpost-dev/signpost/pkg/parallel"
	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// recent asks for what is open, however old, and what is no older than snapshot.Keep.
func recent(now time.Time) string {
	return fmt.Sprintf("(status: open OR createdAt > %d)", now.Add(-snapshot.Keep).UnixMilli())
}

// incidents asks Opsgenie for all incidents and keeps those of the services that are named.
// The first entity in the catalog has one, and others are named beside it.
func (s *system) incidents(ctx context.Context, found bindings, r provider.Request) ([]snapshot.Incident, error) {
	if !slices.ContainsFunc(found.bindings, func(b binding) bool { return b.service != "" }) {
		return nil, nil
	}
	items, err := list[incident](ctx, s, "/v1/incidents/", url.Values{"query": {recent(r.Now)}, "sort": {"createdAt"}, "order": {"desc"}})
	if err != nil {
		return nil, err
	}
	var facts []snapshot.Incident
	for _, i := range items {
		concerned := found.of(i.Services...)
		if len(concerned) == 0 {
			continue
		}
		f, err := i.fact("/v1/incidents", concerned, r.Now)
		if err != nil {
			return nil, err
		}
		facts = append(facts, f)
	}
	return facts, nil
}

// tag is what the value of a tag may look like: nothing that could end a query.
var tag = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$`)

// alerts adds the alerts of Jira Service Management that are tagged with a service.
func (s *system) alerts(ctx context.Context, found bindings, r provider.Request, facts *snapshot.Facts) error {
	var asked []string
	for _, b := range found.bindings {
		if b.service == "" || slices.Contains(asked, b.service) {
			continue
		}
		if !tag.MatchString(b.service) {
			facts.Problems = append(facts.Problems, provider.OfSubject(b.subject, &provider.Error{Kind: snapshot.Config, Message: fmt.Sprintf(
				"%s: service %q cannot be the value of a tag: letters, digits and ._/-", b.subject.Place, fact.Name(b.service))}))
			continue
		}
		asked = append(asked, b.service)
	}
	items, errs := make([][]incident, len(asked)), make([]error, len(asked))
	err := parallel.EachOf(ctx, provider.Connections, len(asked), func(n int) error {
		query := fmt.Sprintf("tag: %q AND %s", "service:"+asked[n], recent(r.Now))
		items[n], errs[n] = list[incident](ctx, s, s.jsm.alerts, url.Values{"query": {query}})
		return ctx.Err()
	})
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for n, service := range asked {
		of := found.of(service)
		if errs[n] != nil {
			for _, subject := range of {
				facts.Problems = append(facts.Problems, provider.OfSubject(subject, errs[n]))
			}
		}
		for _, i := range items[n] {
			f, err := i.fact(s.jsm.alerts, of, r.Now)
			if err != nil {
				return err
			}
			if !seen[f.ID] { // with two tags it is of the first
				facts.Incidents = append(facts.Incidents, f)
			}
			seen[f.ID] = true
		}
	}
	return nil
}

// of returns the subjects that name one of some services, in the order of the catalog.
func (all bindings) of(services ...string) []provider.Subject {
	var subjects []provider.Subject
	for _, b := range all.bindings {
		if b.service != "" && slices.Contains(services, b.service) {
			subjects = append(subjects, b.subject)
		}
	}
	return subjects
}

// fact is an incident or an alert of its subjects. Times are those that the report of an
// alert gives; of incidents only the last change is known.
func (i incident) fact(path string, of []provider.Subject, now time.Time) (snapshot.Incident, error) {
	if !identifier.MatchString(i.ID) || i.Created.IsZero() {
		return snapshot.Incident{}, garbage(path, fmt.Sprintf("%q has no identifier, or no time at which it was created", fact.Name(i.ID)))
	}
	f := snapshot.Incident{
		Number: fact.Name(i.TinyID), Title: cmp.Or(fact.Text(i.Message), "Without a title"), State: i.state(),
		Severity: fact.Name(i.Priority), Opened: i.Created.UTC(), Detected: i.ImpactStart,
	}
	if !f.Detected.IsZero() {
		f.Detected = f.Detected.UTC()
	}
	f.ID, f.URL, f.Observed = i.ID, fact.Link(i.Links.Web), now.UTC()
	f.Entity, f.Environment = of[0].Entity, of[0].Environment
	for _, s := range of[1:] {
		if s.Entity != f.Entity && !slices.Contains(f.Also, s.Entity) {
			f.Also = append(f.Also, s.Entity)
		}
	}
	if took, known := within(i.Report.AckTime); known {
		f.Acknowledged = f.Opened.Add(took)
	} else if f.State == snapshot.Acknowledged {
		f.Acknowledged = i.Updated.UTC()
	}
	if f.State == snapshot.Resolved {
		f.Resolved = i.Updated.UTC()
		if took, known := within(i.Report.CloseTime); known {
			f.Resolved = f.Opened.Add(took)
		}
	}
	for _, who := range []string{i.Owner, i.Report.AcknowledgedBy, i.Report.ClosedBy} {
		if who = fact.Name(who); who != "" && !slices.Contains(f.Responders, who) {
			f.Responders = append(f.Responders, who)
		}
	}
	return f, nil
}

// state maps a status. One that we do not know is open: nobody has said that it is over.
func (i incident) state() snapshot.IncidentState {
	switch {
	case i.Status == "resolved" || i.Status == "closed":
		return snapshot.Resolved
	case i.Status == "open" && i.Acknowledged:
		return snapshot.Acknowledged
	}
	return snapshot.Triggered
}

// within returns a time in milliseconds if it is one that an alert may take: up to ten years.
func within(ms int64) (time.Duration, bool) {
	return time.Duration(ms) * time.Millisecond, ms > 0 && ms < 10*365*24*time.Hour.Milliseconds()
}

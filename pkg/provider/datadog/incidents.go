package datadog

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

const incidentsInPage = 100

// incident is an item of "Search for incidents".
type incident struct {
	ID         string `json:"id"`
	Attributes struct {
		Number   int64           `json:"public_id"`
		Title    string          `json:"title"`
		State    string          `json:"state"` // active, stable, resolved
		Severity string          `json:"severity"`
		Created  time.Time       `json:"created"`
		Detected time.Time       `json:"detected"`
		Modified time.Time       `json:"modified"`
		Resolved time.Time       `json:"resolved"`
		Archived json.RawMessage `json:"archived"`
		Test     bool            `json:"is_test"`
		Fields   struct {
			Services struct {
				Value names `json:"value"`
			} `json:"services"`
			State struct {
				Value string `json:"value"`
			} `json:"state"`
		} `json:"fields"`
		Commander struct {
			Data struct {
				Attributes struct {
					Name  string `json:"name"`
					Email string `json:"email"`
				} `json:"attributes"`
			} `json:"data"`
		} `json:"commander"`
	} `json:"attributes"`
}

// names is the value of a field: a list, one text, or null.
type names []string

func (n *names) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		*n = names{""}
		return json.Unmarshal(data, &(*n)[0])
	}
	return json.Unmarshal(data, (*[]string)(n))
}

// incidents reads those that are open, however old, and those that were created within
// snapshot.Keep and are over: the newest come first, so an older one ends the list.
func (s *system) incidents(ctx context.Context, now time.Time) ([]incident, error) {
	if s.noIncidents {
		return nil, nil
	}
	open, err := s.search(ctx, "state:(active OR stable)", time.Time{})
	if err != nil {
		return nil, err
	}
	over, err := s.search(ctx, "state:resolved", now.Add(-snapshot.Keep))
	if err != nil {
		return nil, err
	}
	// One that was resolved between the two questions is in both answers; the later holds.
	seen := map[string]bool{}
	var all []incident
	for _, i := range append(over, open...) {
		if !seen[i.ID] {
			all = append(all, i)
		}
		seen[i.ID] = true
	}
	return all, nil
}

// search reads a list of incidents, up to those created before a time.
func (s *system) search(ctx context.Context, query string, since time.Time) ([]incident, error) {
	const path = "/api/v2/incidents/search"
	var all []incident
	read := 0
	seen := map[string]bool{}
	from := func(offset int) url.Values {
		return url.Values{"query": {query}, "sort": {"-created"}, "page[size]": {strconv.Itoa(incidentsInPage)}, "page[offset]": {strconv.Itoa(offset)}}
	}
	err := s.client.EachPart(ctx, path, from(0), func(data json.RawMessage) (url.Values, error) {
		var page struct {
			Data *struct {
				Attributes struct {
					Total     int `json:"total"`
					Incidents []struct {
						Data incident `json:"data"`
					} `json:"incidents"`
				} `json:"attributes"`
			} `json:"data"`
		}
		if err := json.Unmarshal(data, &page); err != nil {
			return nil, garbage(path, "the list is not what Datadog documents: "+err.Error())
		}
		if page.Data == nil {
			return nil, garbage(path, "the answer has no data")
		}
		for _, i := range page.Data.Attributes.Incidents {
			if fact.Name(i.Data.ID) == "" || i.Data.Attributes.Created.IsZero() {
				return nil, garbage(path, fmt.Sprintf("incident %q has no identifier, or no time at which it was created", fact.Name(i.Data.ID)))
			}
			if i.Data.Attributes.Created.Before(since) {
				return nil, nil
			}
			if read++; !seen[i.Data.ID] {
				all = append(all, i.Data)
			}
			seen[i.Data.ID] = true
		}
		if total := page.Data.Attributes.Total; read >= total {
			if len(all) < total {
				return nil, moved(path)
			}
			return nil, nil
		}
		if len(page.Data.Attributes.Incidents) == 0 {
			return nil, incomplete(path)
		}
		return from(read), nil
	})
	return all, err
}

// tell turns incidents into facts of the first entity whose service they name; others are
// named beside it. Those that were put aside, and exercises, are none.
func (s *system) tell(all []incident, owners owners, now time.Time) []snapshot.Incident {
	var facts []snapshot.Incident
	for _, i := range all {
		a := i.Attributes
		entities := owners.of(a.Fields.Services.Value)
		if len(entities) == 0 || a.Test || len(a.Archived) > 0 && string(a.Archived) != "null" {
			continue
		}
		number := strconv.FormatInt(a.Number, 10)
		f := snapshot.Incident{
			Number: number, Title: cmp.Or(fact.Text(a.Title), "Incident "+number), State: i.state(),
			Severity: fact.Name(a.Severity), Opened: a.Created.UTC(), Also: entities[1:],
		}
		f.ID, f.Entity, f.Observed, f.URL = fact.Name(i.ID), entities[0], now.UTC(), s.web+"/incidents/"+number
		if !a.Detected.IsZero() {
			f.Detected = a.Detected.UTC()
		}
		if f.State == snapshot.Resolved {
			f.Resolved = a.Modified.UTC() // the latest that it can be
			if !a.Resolved.IsZero() {
				f.Resolved = a.Resolved.UTC()
			}
		}
		who := a.Commander.Data.Attributes
		if name := cmp.Or(fact.Name(who.Name), fact.Name(who.Email)); name != "" {
			f.Responders = []string{name}
		}
		facts = append(facts, f)
	}
	return facts
}

// state maps the state of an incident. A stable one has people at work, but is not over; one
// that we do not know is open.
func (i incident) state() snapshot.IncidentState {
	switch cmp.Or(i.Attributes.State, i.Attributes.Fields.State.Value) {
	case "resolved":
		return snapshot.Resolved
	case "stable":
		return snapshot.Acknowledged
	}
	return snapshot.Triggered
}

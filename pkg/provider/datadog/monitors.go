package datadog

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

const monitorsInPage = 500

// monitor is an item of "Get all monitors".
type monitor struct {
	ID       int64     `json:"id"`
	Name     string    `json:"name"`
	Message  string    `json:"message"`
	Tags     []string  `json:"tags"`
	State    string    `json:"overall_state"` // Alert, Ignored, No Data, OK, Skipped, Unknown, Warn
	Since    time.Time `json:"overall_state_modified"`
	Priority *int      `json:"priority"` // 1 to 5
	Options  struct {
		Silenced map[string]*int64 `json:"silenced"` // scope to the Unix time of its end; null for none
	} `json:"options"`
	Downtimes []struct {
		Start int64    `json:"start"` // Unix time
		End   *int64   `json:"end"`   // null for none
		Scope []string `json:"scope"`
	} `json:"matching_downtimes"`
}

// monitors reads all monitors ("Get all monitors"). A page that is not full is the last: the
// answer does not say how many there are.
func (s *system) monitors(ctx context.Context) ([]monitor, error) {
	const path = "/api/v1/monitor"
	var all []monitor
	seen := map[int64]bool{}
	numbered := func(n int) url.Values {
		return url.Values{"page": {strconv.Itoa(n)}, "page_size": {strconv.Itoa(monitorsInPage)}, "with_downtimes": {"true"}}
	}
	number := 0
	err := s.client.EachPart(ctx, path, numbered(0), func(data json.RawMessage) (url.Values, error) {
		var page []monitor
		if err := json.Unmarshal(data, &page); err != nil {
			return nil, garbage(path, "the list is not what Datadog documents: "+err.Error())
		}
		before := len(all)
		for _, m := range page {
			if m.ID == 0 {
				return nil, garbage(path, "a monitor has no identifier")
			}
			if !seen[m.ID] {
				all = append(all, m)
			}
			seen[m.ID] = true
		}
		if len(page) < monitorsInPage {
			return nil, nil
		}
		if len(all) == before {
			return nil, incomplete(path) // the same again
		}
		number++
		return numbered(number), nil
	})
	return all, err
}

// garbage is an answer that Datadog does not document.
func garbage(path, problem string) error {
	return &provider.Error{Kind: snapshot.Garbage, Asked: "GET " + path, Message: problem + "; is the site right?"}
}

// moved is a list of which something is missing, since other things came twice.
func moved(path string) error {
	return &provider.Error{Kind: snapshot.Incomplete, Asked: "GET " + path, Message: "the list has changed while we read it; try again later"}
}

// incomplete is a list whose end does not come.
func incomplete(path string) error {
	return &provider.Error{Kind: snapshot.Incomplete, Asked: "GET " + path, Message: "the list does not come to its end; try again later"}
}

// alerts turns monitors into facts of each entity whose service they are tagged with. Those
// of no entity are foreign.
func (s *system) alerts(all []monitor, owners owners, now time.Time) ([]snapshot.Alert, []snapshot.Foreign) {
	var facts []snapshot.Alert
	var foreign []snapshot.Foreign
	for _, m := range all {
		id := strconv.FormatInt(m.ID, 10)
		services := servicesIn(m.Tags...)
		name := cmp.Or(fact.Name(m.Name), "Monitor "+id)
		entities := owners.of(services)
		for _, e := range entities {
			f := snapshot.Alert{
				Name: name, State: stateOf(m.State), Severity: m.severity(), Summary: fact.Text(m.Message),
				Runbook: m.runbook(), Silenced: m.silenced(now),
			}
			if !m.Since.IsZero() {
				f.Since = m.Since.UTC()
			}
			f.ID, f.Entity, f.Observed, f.URL = id+"/"+e, e, now.UTC(), s.web+"/monitors/"+id
			facts = append(facts, f)
		}
		if len(entities) == 0 {
			foreign = append(foreign, snapshot.Foreign{ID: id, Kind: "monitor", Name: name, State: "active", URL: s.web + "/monitors/" + id, Fix: s.fix(services)})
		}
	}
	return facts, foreign
}

// safe is a service whose name a descriptor can hold without quotes.
var safe = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9._/-]{0,199}$`)

// fix is the line that would make a service that of an entity. For a monitor without a
// service only a tag in Datadog helps.
func (s *system) fix(services []string) string {
	if len(services) == 0 || !safe.MatchString(services[0]) {
		return ""
	}
	return fmt.Sprintf("health: {provider: %s, service: %s}", s.name, services[0])
}

// stateOf maps the overall state of a monitor. Of one that is ignored or skipped, and of
// states that we do not know, nobody knows how it stands.
func stateOf(overall string) snapshot.AlertState {
	switch overall {
	case "Alert":
		return snapshot.Firing
	case "Warn":
		return snapshot.Pending
	case "OK":
		return snapshot.Quiet
	}
	return snapshot.NoData
}

func (m monitor) severity() string {
	if m.Priority == nil {
		return ""
	}
	return "P" + strconv.Itoa(*m.Priority)
}

// silenced says whether nobody is told, whatever the monitor sees. A downtime of some groups
// silences only those.
func (m monitor) silenced(now time.Time) bool {
	over := func(end *int64) bool { return end != nil && *end != 0 && *end <= now.Unix() }
	if end, whole := m.Options.Silenced["*"]; whole && !over(end) {
		return true
	}
	for _, d := range m.Downtimes {
		if d.Start <= now.Unix() && !over(d.End) && (len(d.Scope) == 0 || len(d.Scope) == 1 && d.Scope[0] == "*") {
			return true
		}
	}
	return false
}

// runbookIn finds an address after the word in the message of a monitor: that is where
// people write it.
var runbookIn = regexp.MustCompile(`(?i)runbook[^\n]{0,80}?(https?://[^\s<>()\[\]"'` + "`" + `]+)`)

func (m monitor) runbook() string {
	if found := runbookIn.FindStringSubmatch(m.Message); found != nil {
		return fact.Link(strings.TrimRight(found[1], ".,;:"))
	}
	return ""
}

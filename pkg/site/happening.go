package site

import (
	"slices"
	"strconv"

	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// happening is what live systems say of the whole catalog at this time; nil without them.
func (l *planner) happening() *Happening {
	if len(l.Snapshots) == 0 {
		return nil
	}
	v := &Happening{Wrong: append(l.openIncidents(), l.firing()...)}
	if more := len(v.Wrong) - homeWrong; more > 0 {
		v.Wrong, v.More = v.Wrong[:homeWrong], Link{Text: strconv.Itoa(more) + " more"}
		if len(l.Incidents()) > 0 {
			v.More.Href = href(homePage, listPath(l.IncidentFolder(), 1))
		}
	}
	for _, by := range l.Providers() {
		if by.Problem == nil {
			continue
		}
		if len(v.Failing) == homeWrong {
			v.Failing = append(v.Failing, FailingProvider{Link: Link{Text: "and others", Href: href(homePage, healthPage+"#sp-providers")}})
			break
		}
		v.Failing = append(v.Failing, FailingProvider{
			Link: Link{Text: sourceName(by), Href: href(homePage, healthPage+"#sp-providers")}, Since: by.Problem.Since.UTC(),
		})
	}
	v.Watched = len(l.Watching()) > 0
	v.Asked, v.MoreAsked = l.asked(homePage, nil)
	v.Asked = slices.DeleteFunc(v.Asked, func(t Told) bool { return !t.Failing.IsZero() })
	return v
}

// openIncidents are the incidents that are not over, the latest first.
func (l *planner) openIncidents() []IncidentRow {
	var rows []IncidentRow
	for _, i := range l.Incidents() {
		if i.Fact.State == snapshot.Resolved {
			continue
		}
		row := incidentRow(homePage, i)
		row.About = affectedLinks(homePage, i)
		row.About = row.About[:min(len(row.About), mostAffected)]
		rows = append(rows, row)
	}
	return rows
}

// mostAffected is how many entities a row names that an incident concerns.
const mostAffected = 4

// firing are the alerts of services of tier 1 that somebody is to look at, the worst first,
// and of these the latest.
func (l *planner) firing() []IncidentRow {
	var rows []IncidentRow
	for _, e := range l.OfKind("service") {
		if e.Tier != 1 || e.Live == nil {
			continue
		}
		for _, a := range e.Live.Alerts {
			if s, ok := alertState(a.Fact); ok && (s.State == Bad || s.State == Warns) {
				rows = append(rows, l.firingRow(e, a.Fact, s))
			}
		}
	}
	slices.SortStableFunc(rows, func(a, b IncidentRow) int {
		if n := rank(a.State) - rank(b.State); n != 0 {
			return n
		}
		return b.Opened.Compare(a.Opened)
	})
	return rows
}

// firingRow leads to the page of whoever is called about the alert.
func (l *planner) firingRow(e *portal.Entity, a snapshot.Alert, s LiveState) IncidentRow {
	return IncidentRow{
		LiveState: s, Title: Link{Text: a.Name, Href: href(homePage, l.NowPage(e))}, Severity: a.Severity,
		Opened: zeroOrUTC(a.Since), About: []Link{linkTo(homePage, e.Entity)},
	}
}

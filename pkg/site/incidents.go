package site

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// incidentPages works out the list of incidents and a page for each; nothing if there
// are none.
func (l *planner) incidentPages() []Planned {
	all := l.Incidents()
	if len(all) == 0 {
		return nil
	}
	folder := l.IncidentFolder()
	t := table{
		folder: folder, title: "Incidents", section: listPath(folder, 1), total: len(all),
		description: "What went wrong in the last 90 days and in what, the latest first.",
		columns: []Column{
			{Key: "state", Title: "State"},
			{Key: "severity", Title: "Severity"},
			{Key: "opened", Title: "Opened"},
			{Key: "took", Title: "Lasted"},
			{Key: "affected", Title: "Concerns"},
		},
	}
	t.row = func(from string, i int) ListRow { return l.incidentListRow(from, all[i]) }
	t.feeds = feedsOf(l.Portal, l.baseURL, nil)
	t.feeds = t.feeds[:min(len(t.feeds), 1)] // of incidents
	t.ways = func(from string) []Link {
		var ways []Link
		if happened(l.Portal) {
			ways = []Link{{Text: "Timeline of everything", Href: href(from, timelinePath(timelineBase, 1))}}
		}
		return append(ways, feedLinks(from, t.feeds)...)
	}
	pages := l.tablePages(t)
	for _, i := range all {
		pages = append(pages, Planned{Path: i.Page, View: func() Page { return l.incident(i) }})
	}
	return pages
}

func (l *planner) incidentListRow(from string, i *portal.Incident) ListRow {
	r := incidentRow(from, i)
	return ListRow{Link: r.Title, Note: "told by " + sourceName(i.By), Cells: []Cell{
		{State: r.State, Links: []Link{{Text: r.Word}}},
		textCell(r.Severity),
		{At: r.Opened},
		textCell(r.Took),
		{Links: affectedLinks(from, i)},
	}}
}

func affectedLinks(from string, i *portal.Incident) []Link {
	var links []Link
	for _, e := range i.Affected {
		links = append(links, linkTo(from, e.Entity))
	}
	return links
}

// incident works out the page of an incident.
func (l *planner) incident(i *portal.Incident) Page {
	f := i.Fact
	folder := l.IncidentFolder()
	v := IncidentView{
		Head:  Head{Kind: "Incident", Title: incidentTitle(f), Crumbs: []Link{{Text: "Incidents", Href: href(i.Page, listPath(folder, 1))}}},
		State: stateOf(incidentStates, f.State), Open: f.State != snapshot.Resolved,
		Durations: durations(f), Responders: l.allNamed(i.Page, f.Responders), Told: told(i.By, f.About),
	}
	v.Post = l.post(i.Page, i.Affected[0])
	v.Facts = append(v.Facts, Fact{Title: "State", State: v.State.State, Values: []Link{{Text: v.State.Word}}})
	if f.Severity != "" {
		v.Facts = append(v.Facts, Fact{Title: "Severity", Values: []Link{{Text: f.Severity}}})
	}
	if f.Environment != "" {
		v.Facts = append(v.Facts, Fact{Title: "Environment", Values: []Link{{Text: l.environmentTitle(f.Environment)}}})
	}
	for _, e := range i.Affected {
		row := AffectedRow{Entity: linkTo(i.Page, e.Entity), Kind: e.Kind.Title}
		if owner := e.Owner(); owner != nil {
			row.Owner = linkTo(i.Page, owner)
		}
		v.Affected = append(v.Affected, row)
	}
	l.courseOf(i, &v)
	if d := l.Postmortem(i); d != nil {
		v.Postmortem = Link{Text: d.Title, Href: href(i.Page, d.Page)}
	}
	return Page{
		Path: i.Page, Template: "incident.html", Title: v.Title, Section: listPath(folder, 1),
		Description: v.State.Word + ": " + strings.Join(namesOf(i.Affected), ", "), Data: v,
	}
}

func namesOf(all []*portal.Entity) []string {
	var names []string
	for _, e := range all {
		names = append(names, e.DisplayName())
	}
	return names
}

// mostAround is how many events the page of an incident lists beside its own moments. Of
// an incident that is open for long there may be any number.
const mostAround = 50

// courseOf works out what happened when: the moments of an incident and what was changed
// around it, the last first while it is open.
func (l *planner) courseOf(i *portal.Incident, v *IncidentView) {
	around := l.Around(i)
	if v.More = max(0, len(around)-mostAround); v.More > 0 {
		around = around[v.More:]
	}
	rows, suspects := moments(i), 0
	for _, e := range slices.Backward(around) {
		row := l.event(i.Page, e, nil)
		for k := range row.Before {
			row.Before[k].Incident = Link{} // this one
		}
		suspects += len(row.Before)
		row.Dependency = !slices.ContainsFunc(e.Of, func(of *portal.Entity) bool { return slices.Contains(i.Affected, of) })
		rows = append(rows, row)
	}
	// What happened at the same instant as a moment came before it.
	slices.SortStableFunc(rows, func(a, b EventRow) int {
		return cmp.Or(a.When.Compare(b.When), cmp.Compare(momentRank(a), momentRank(b)))
	})
	if v.Open {
		slices.Reverse(rows)
	}
	v.Days = daysOf(rows)
	switch {
	case suspects == 0:
		v.Suspicion = "No change is known in the two hours before it, of what it concerns or of what that depends on."
	default:
		v.Suspicion = fmt.Sprintf("%d %s in the two hours before it may have led to it.", suspects, plural(suspects, "change"))
	}
}

// momentRank sorts moments after other events.
func momentRank(r EventRow) int {
	if r.Kind == momentKind {
		return 1
	}
	return 0
}

const momentKind = "moment"

// moments are those of an incident that are known, the first first.
func moments(i *portal.Incident) []EventRow {
	f := i.Fact
	var rows []EventRow
	add := func(state State, word string, when time.Time, note string) {
		if !when.IsZero() {
			rows = append(rows, EventRow{
				Kind: momentKind, LiveState: LiveState{state, word}, When: when.UTC(), Note: note,
				Source: Link{Text: sourceName(i.By), Href: outside(f.URL)},
			})
		}
	}
	add(Bad, "Incident opened", f.Opened, "")
	add(Warns, "Detected", f.Detected, "")
	add(Warns, "Acknowledged", f.Acknowledged, "")
	add(Good, "Resolved", f.Resolved, "")
	return rows
}

// durations are how long the parts of an incident took, and how that is counted.
func durations(f snapshot.Incident) []Duration {
	part := func(title, help string, until time.Time) Duration {
		d := Duration{Title: title, Help: help}
		if !until.IsZero() {
			d.Took = took(until.Sub(f.Opened))
		}
		return d
	}
	all := []Duration{
		part("Time to acknowledge", "from when it was opened until somebody took it on", f.Acknowledged),
		part("Time to resolve", "from when it was opened until it was over", f.Resolved),
	}
	if !f.Detected.IsZero() {
		d := part("Time to detect", "from when it was opened until it was noticed", f.Detected)
		if f.Detected.Before(f.Opened) {
			d = Duration{Title: "Time to open", Help: "from when it was noticed until it was opened", Took: took(f.Opened.Sub(f.Detected))}
		}
		all = append([]Duration{d}, all...)
	}
	return all
}

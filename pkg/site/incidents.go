package site

import (
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/portal"
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
		State: stateOf(incidentStates, f.State), Times: incidentTimes(i), Responders: l.allNamed(i.Page, f.Responders), Told: told(i.By, f.About),
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
	for _, s := range l.Suspects(i) {
		v.Suspects = append(v.Suspects, l.suspect(i, s))
	}
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

// incidentTimes are the moments of an incident that are known, and how long each took.
func incidentTimes(i *portal.Incident) []IncidentTime {
	f := i.Fact
	var times []IncidentTime
	add := func(title string, when time.Time, after string) {
		if when.IsZero() {
			return
		}
		t := IncidentTime{Title: title, When: when.UTC()}
		if d := took(when.Sub(f.Opened)); after != "" && d != "" {
			t.After = d + " " + after
		}
		times = append(times, t)
	}
	if f.Detected.Before(f.Opened) {
		add("Detected", f.Detected, "")
	}
	add("Opened", f.Opened, "")
	if !f.Detected.Before(f.Opened) {
		add("Detected", f.Detected, "after it was opened")
	}
	add("Acknowledged", f.Acknowledged, "to acknowledge")
	add("Resolved", f.Resolved, "to resolve")
	return times
}

func (l *planner) suspect(i *portal.Incident, s portal.Suspect) SuspectRow {
	r := SuspectRow{
		Deployed: *l.deployed(i.Page, s.Of, s.Told), Entity: linkTo(i.Page, s.Of.Entity), Environment: l.environmentTitle(s.Fact.Environment),
		Before: took(i.Fact.Opened.Sub(s.Fact.At)) + " before", Relation: "a dependency",
	}
	if s.Affected {
		r.Relation = "affected"
	}
	if s.Fact.State == "inactive" {
		r.LiveState = LiveState{Good, "Deployed"} // another followed later
	}
	return r
}

package site

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// timelineBase is the path of the timeline of everything, without an ending.
const timelineBase = "-/timeline"

const (
	// mostEvents is how many events the page of an entity shows. If there are more, its
	// timeline has pages of its own.
	mostEvents = 6

	// mostTimelinePages is how many pages a timeline has at most: the time that fifty rows
	// take is shorter the more there is that events can be about, and each event moves all
	// later ones on.
	mostTimelinePages = 20

	// mostNamed is how many entities one event names.
	mostNamed = 5
)

// timelineOf is the path of the timeline of an entity, without an ending.
func timelineOf(e *portal.Entity) string { return e.Folder() + "/-/timeline" }

// timelinePath returns the path of a page of a timeline.
func timelinePath(base string, page int) string {
	if page == 1 {
		return base + ".html"
	}
	return base + "/" + strconv.Itoa(page) + ".html"
}

// pagedTimeline is one before it is divided into pages.
type pagedTimeline struct {
	base  string
	head  func(from string) Head
	feeds []feed
	// latest returns at least so many events.
	latest func(most int) portal.Latest
	// of is what all of it is about; nil if it is about many things.
	of      *portal.Entity
	section string
}

// happened reports whether there is a timeline of everything.
func happened(p *portal.Portal) bool { return p.Timeline().Count(1) > 0 }

// wholeTimeline works out the pages of the timeline of everything; nothing if nothing is
// known to have happened.
func (l *planner) wholeTimeline() []Planned {
	n := l.Timeline().Count(mostTimelinePages * rowsPerPage)
	if n == 0 {
		return nil
	}
	t := pagedTimeline{base: timelineBase, feeds: feedsOf(l.Portal, l.baseURL, nil), section: timelinePath(timelineBase, 1)}
	t.head = func(string) Head {
		return Head{Title: "Timeline", Description: "What happened in the last 90 days, the latest first. Changes in the two hours before an incident say so."}
	}
	t.latest = func(int) portal.Latest { return l.happened() }
	return l.timelinePages(t, n)
}

// timelineOfEntity works out the pages of the timeline of an entity, if there is more of
// it than its own page shows.
func (l *planner) timelineOfEntity(e *portal.Entity) []Planned {
	n := l.TimelineOf(e).Count(mostTimelinePages * rowsPerPage)
	if n <= mostEvents {
		return nil
	}
	t := pagedTimeline{base: timelineOf(e), of: subject(e), section: listPath(e.Kind.Plural, 1)}
	if e.Team != nil {
		t.feeds = feedsOf(l.Portal, l.baseURL, e)
	}
	t.head = func(from string) Head {
		return Head{
			Title: "Timeline: " + e.DisplayName(), Description: timelineLead(e),
			Crumbs: append(crumbs(from, e), linkTo(from, e.Entity)),
		}
	}
	t.latest = l.TimelineOf(e).Latest
	return l.timelinePages(t, n)
}

// subject is what the events of a timeline of an entity are about, where they need not say so.
func subject(e *portal.Entity) *portal.Entity {
	if e.Team != nil {
		return nil
	}
	return e
}

func timelineLead(e *portal.Entity) string {
	if e.Team != nil {
		return "What happened in the last 90 days to what the team and the teams below it own, the latest first. Changes in the two hours before an incident say so."
	}
	return "What happened in the last 90 days, the latest first. Changes in the two hours before an incident say so, also those of what it depends on."
}

func (l *planner) timelinePages(t pagedTimeline, n int) []Planned {
	last := (n + rowsPerPage - 1) / rowsPerPage
	var pages []Planned
	for n := 1; n <= last; n++ {
		pages = append(pages, Planned{Path: timelinePath(t.base, n), View: func() Page { return l.timelinePage(t, n, last) }})
	}
	return pages
}

func (l *planner) timelinePage(t pagedTimeline, n, pages int) Page {
	from := timelinePath(t.base, n)
	latest := t.latest(n * rowsPerPage)
	first, last := (n-1)*rowsPerPage, min(n*rowsPerPage, len(latest.Events))
	shown := latest.Events[first:last]
	v := TimelineView{
		Head: t.head(from), Days: l.days(from, shown, t.of), Kinds: kindsOf(latest, shown),
		Feeds: feedLinks(from, t.feeds), Total: latest.Total, First: first + 1, Last: last,
	}
	if n == pages {
		v.Older = latest.Total - last
	}
	if pages > 1 {
		v.Pages = pageLinksBy(n, pages, func(i int) string { return href(from, timelinePath(t.base, i)) })
	}
	if n > 1 {
		v.Previous = href(from, timelinePath(t.base, n-1))
	}
	if n < pages {
		v.Next = href(from, timelinePath(t.base, n+1))
	}
	title := v.Title
	if n > 1 {
		title += ", page " + strconv.Itoa(n)
	}
	return Page{
		Path: from, Template: "timeline.html", Title: title, Description: v.Description, Section: t.section,
		Feeds: v.Feeds, Data: v,
	}
}

// timelineSection is the latest events on the page of an entity; nil if there are none.
func (l *planner) timelineSection(e *portal.Entity) *TimelineSection {
	latest := l.TimelineOf(e).Latest(mostEvents)
	if latest.Total == 0 {
		return nil
	}
	s := &TimelineSection{Days: l.days(e.Page(), latest.Events, subject(e))}
	for _, day := range s.Days {
		for i := range day.Events {
			day.Events[i].brief()
		}
	}
	if e.Team != nil {
		s.Feeds = feedLinks(e.Page(), feedsOf(l.Portal, l.baseURL, e))
	}
	if latest.Total > len(latest.Events) {
		s.Whole = Link{Text: "All " + strconv.Itoa(latest.Total) + " events of the last 90 days", Href: href(e.Page(), timelinePath(timelineOf(e), 1))}
	}
	return s
}

// brief leaves out the ways off the site: the page has them where it says what runs, what
// fires and what was published, and so has the timeline.
func (r *EventRow) brief() {
	if r.outside {
		r.Title.Href = ""
	}
	r.Source.Href, r.Log = "", Link{}
}

// days works out events, by day. They need not say that they are about of.
func (l *planner) days(from string, events []portal.Event, of *portal.Entity) []TimelineDay {
	var rows []EventRow
	for _, e := range events {
		rows = append(rows, l.event(from, e, of))
	}
	return daysOf(rows)
}

// daysOf divides events by UTC day.
func daysOf(rows []EventRow) []TimelineDay {
	var days []TimelineDay
	for _, r := range rows {
		day := DayOf(r.When)
		if len(days) == 0 || !days[len(days)-1].Day.Equal(day) {
			days = append(days, TimelineDay{Day: day})
		}
		last := &days[len(days)-1]
		last.Events = append(last.Events, r)
	}
	return days
}

// eventKinds are the kinds of events as a filter names them.
var eventKinds = map[portal.EventKind]string{
	portal.IncidentEvent: "Incidents", portal.AlertEvent: "Alerts", portal.DeploymentEvent: "Deployments",
	portal.ReleaseEvent: "Releases", portal.ChangeEvent: "Changes", portal.PostmortemEvent: "Postmortems",
}

// kindsOf are the kinds of all events of a timeline, each with how many of it a page
// shows; nothing if there is one kind only, so that there is no choice.
func kindsOf(all portal.Latest, shown []portal.Event) []FacetValue {
	counts := map[portal.EventKind]int{}
	for _, e := range shown {
		counts[e.Kind]++
	}
	if len(all.Kinds) < 2 {
		return nil
	}
	var kinds []FacetValue
	for _, k := range portal.EventKinds {
		if all.Kinds[k] > 0 {
			kinds = append(kinds, FacetValue{Value: string(k), Text: eventKinds[k], N: counts[k]})
		}
	}
	return kinds
}

// event works out one event.
func (l *planner) event(from string, e portal.Event, of *portal.Entity) EventRow {
	v := EventRow{Kind: string(e.Kind), When: e.At.UTC(), outside: e.Kind != portal.IncidentEvent && e.Kind != portal.PostmortemEvent}
	if e.By != nil {
		v.Source.Text = sourceName(e.By)
	}
	switch e.Kind {
	case portal.IncidentEvent:
		l.incidentEvent(from, e, &v)
	case portal.AlertEvent:
		v.LiveState, _ = alertState(*e.Alert)
		v.Title, v.Note = Link{Text: e.Alert.Name, Href: outside(e.Alert.URL)}, e.Alert.Summary
		v.Place = l.placeOf(e.Alert.Environment)
	case portal.DeploymentEvent:
		l.deploymentEvent(e, &v)
	case portal.ReleaseEvent:
		releaseEvent(e, &v)
	case portal.ChangeEvent:
		v.LiveState = LiveState{Noted, "Catalog changed"}
		v.Title = Link{Text: shortCommit(e.Change.Commit), Href: l.CommitURL(e.Change.Commit)}
		v.Code, v.By = true, e.Change.Author
	case portal.PostmortemEvent:
		v.LiveState, v.WholeDay = LiveState{Noted, "Postmortem"}, true
		v.Title = Link{Text: e.Postmortem.Title, Href: href(from, e.Postmortem.Page)}
	}
	for _, x := range e.Of {
		if x != of {
			v.About = append(v.About, linkTo(from, x.Entity))
		}
	}
	v.Also = len(v.About) < len(e.Of)
	if more := len(v.About) - mostNamed; more > 0 {
		v.About, v.More = v.About[:mostNamed], more
	}
	v.Dependency = of != nil && !slices.Contains(e.Of, of)
	for _, i := range e.Before {
		v.Before = append(v.Before, BeforeIncident{
			Took: took(i.Fact.Opened.Sub(e.At)), Incident: Link{Text: incidentName(i.Fact), Href: href(from, i.Page)},
		})
	}
	return v
}

func (l *planner) incidentEvent(from string, e portal.Event, v *EventRow) {
	f := e.Incident.Fact
	v.LiveState = LiveState{Bad, "Incident opened"}
	v.Title = Link{Text: incidentTitle(f), Href: href(from, e.Incident.Page)}
	if e.Over {
		v.LiveState = LiveState{Good, "Incident resolved"}
		if d := took(f.Resolved.Sub(f.Opened)); d != "" {
			v.Note = "after " + d
		}
	} else if f.Severity != "" {
		v.Note = "severity " + f.Severity
	}
	v.Place = l.placeOf(f.Environment)
	v.Source.Href = outside(f.URL)
}

// placeOf is the title of an environment; nothing for none.
func (l *planner) placeOf(environment string) string {
	if environment == "" {
		return ""
	}
	return l.environmentTitle(environment)
}

func (l *planner) deploymentEvent(e portal.Event, v *EventRow) {
	d := e.Deployment
	v.LiveState = stateOf(deploymentStates, d.State)
	if d.State == snapshot.Inactive {
		v.LiveState = deploymentStates[snapshot.Succeeded] // another followed later
	}
	v.Title = Link{Text: d.Version, Href: l.CodeURL(e.Of[0], d.Commit)}
	if d.Version == "" {
		v.Title.Text = cmp.Or(shortCommit(d.Commit), "a version without a name")
	}
	v.Code, v.By, v.Place = true, d.By, l.placeOf(d.Environment)
	if to := outside(d.Log); to != "" {
		v.Log = Link{Text: "Log", Href: to}
	}
	v.Source.Href = outside(d.URL)
}

func releaseEvent(e portal.Event, v *EventRow) {
	r := e.Release
	v.LiveState = LiveState{Noted, "Released"}
	if r.Prerelease {
		v.Word = "Released to try"
	}
	v.Title, v.By, v.Code = Link{Text: cmp.Or(r.Version, r.Title), Href: outside(r.URL)}, r.By, true
	if r.Title != r.Version && r.Version != "" {
		v.Note = r.Title
	}
}

// incidentName is what an incident is called beside another thing: by its number, if it
// has one.
func incidentName(f snapshot.Incident) string {
	if f.Number != "" {
		return "incident #" + strings.TrimPrefix(f.Number, "#")
	}
	return "incident " + cmp.Or(f.Title, f.ID)
}

package portal

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/pkg/githistory"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// TimelineDays is how far back timelines go, in days before that of the build.
const TimelineDays = 90

// Before is how long before an incident a change may be what brought it about.
const Before = 2 * time.Hour

// EventKind is what kind of thing has happened.
type EventKind string

// The kinds of events. What happens at one instant stands in this order.
const (
	IncidentEvent   EventKind = "incident"   // it was opened, or resolved
	AlertEvent      EventKind = "alert"      // that fires: since then
	DeploymentEvent EventKind = "deployment" // it began
	ReleaseEvent    EventKind = "release"
	ChangeEvent     EventKind = "change"     // of descriptors, in one commit: the last that touched them
	PostmortemEvent EventKind = "postmortem" // its day, as its front matter says
)

// EventKinds are all of them, in their order.
var EventKinds = []EventKind{IncidentEvent, AlertEvent, DeploymentEvent, ReleaseEvent, ChangeEvent, PostmortemEvent}

// Event is something that has happened to entities of the catalog.
type Event struct {
	Kind EventKind
	At   time.Time
	Of   []*Entity // at least one
	By   *Provider // that says so; nil for what the catalog itself says
	Over bool      // the end of an incident, not its beginning

	// One of these, by the kind.
	Incident   *Incident
	Alert      *snapshot.Alert
	Deployment *snapshot.Deployment
	Release    *snapshot.Release
	Change     githistory.Change
	Postmortem *docs.Document

	// Before are the incidents that it may have brought about, the next first: those of
	// what it changed, and of what depends on that, opened within two hours after it. One
	// that names an environment is not brought about by a deployment in another.
	Before []*Incident
}

// Timeline is what has happened to some entities, as far as it is known. What was only
// described anew is no timeline: without any other event there are no changes either.
type Timeline struct {
	*Portal
	of    []*Entity
	holds map[*Entity]bool // nil: all
	only  EventKind        // empty: all kinds
}

// Timeline returns that of everything.
func (p *Portal) Timeline() Timeline { return Timeline{Portal: p, of: p.Entities} }

// TimelineOf returns the timeline of an entity; a team's is of all that it and the teams
// below it own. Of what the entities depend on it has what may have led to an incident.
func (p *Portal) TimelineOf(e *Entity) Timeline {
	t := Timeline{Portal: p, of: []*Entity{e}, holds: map[*Entity]bool{e: true}}
	if e.Team == nil {
		return t
	}
	own, below := p.Owned(e)
	for _, owned := range slices.Concat(own, below) {
		if !t.holds[owned] {
			t.holds[owned] = true
			t.of = append(t.of, owned)
		}
	}
	return t
}

// Only returns the events of one kind, of its entities alone.
func (t Timeline) Only(kind EventKind) Timeline {
	t.only = kind
	return t
}

// Count returns the number of events, or most if there are more. It is cheap: it goes on
// no further than that.
func (t Timeline) Count(most int) int {
	n := 0
	for range t.events {
		if n++; n == most {
			break
		}
	}
	return n
}

// Latest is the latest events of a timeline.
type Latest struct {
	Events []Event           // the last first
	Total  int               // how many there are in all
	Kinds  map[EventKind]int // the same by kind
}

// Latest returns so many events. It keeps no more than a few times as many in memory.
func (t Timeline) Latest(most int) Latest {
	l := Latest{Kinds: map[EventKind]int{}}
	var since time.Time // what is older is not among them
	for e := range t.events {
		l.Total++
		l.Kinds[e.Kind]++
		if e.At.Before(since) {
			continue
		}
		if l.Events = append(l.Events, e); len(l.Events) >= 4*most {
			l.Events = newest(l.Events, most)
			since = l.Events[most-1].At
		}
	}
	l.Events = newest(l.Events, most)
	return l
}

// newest returns the latest of some events, the last first.
func newest(events []Event, most int) []Event {
	order := make([]int, len(events)) // to move numbers is cheaper than to move events
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(compareEvents(&events[a], &events[b]), cmp.Compare(a, b)) })
	sorted := make([]Event, min(len(events), most))
	for i := range sorted {
		sorted[i] = events[order[i]]
	}
	return sorted
}

func compareEvents(a, b *Event) int {
	if by := b.At.Compare(a.At); by != 0 {
		return by
	}
	return cmp.Or(
		cmp.Compare(slices.Index(EventKinds, a.Kind), slices.Index(EventKinds, b.Kind)),
		cmp.Compare(b.order(), a.order()),
		strings.Compare(a.Of[0].Ref.String(), b.Of[0].Ref.String()),
		strings.Compare(a.By.name(), b.By.name()),
		strings.Compare(a.id(), b.id()),
	)
}

// order puts the end of an incident after its beginning.
func (e *Event) order() int {
	if e.Over {
		return 1
	}
	return 0
}

func (p *Provider) name() string {
	if p == nil {
		return ""
	}
	return p.Name
}

func (e *Event) id() string {
	switch e.Kind {
	case IncidentEvent:
		return e.Incident.Fact.ID
	case AlertEvent:
		return e.Alert.ID
	case DeploymentEvent:
		return e.Deployment.ID
	case ReleaseEvent:
		return e.Release.ID
	case ChangeEvent:
		return e.Change.Commit
	default:
		return e.Postmortem.File
	}
}

// events hands over all events in no order, changes of descriptors last.
func (t Timeline) events(yield func(Event) bool) {
	w := teller{Portal: t.Portal, yield: yield, only: t.only, since: t.Day.AddDate(0, 0, -TimelineDays), until: t.Day.AddDate(0, 0, 2)} // clocks differ
	for _, e := range t.of {
		if e.Live == nil {
			continue
		}
		for _, i := range e.Live.Incidents {
			w.nearTo(e, i)
		}
	}
	seen := map[any]bool{}
	for _, e := range t.of {
		w.incidents(e, seen)
		w.alerts(e)
		w.changes(e, false)
		w.postmortems(e, seen)
		if w.ended {
			return
		}
	}
	for _, e := range w.order {
		if t.only == "" && t.holds != nil && !t.holds[e] {
			w.changes(e, true)
		}
	}
	if w.told {
		w.descriptors()
	}
}

// Around returns what happened to what an incident is about, and to what that depends on,
// from two hours before it until its end, the last first: alerts, and changes of all
// kinds. Those before it say so.
func (p *Portal) Around(i *Incident) []Event {
	var events []Event
	w := teller{Portal: p, since: i.Fact.Opened.Add(-Before), until: i.Fact.Resolved, yield: func(e Event) bool {
		events = append(events, e)
		return true
	}}
	for _, e := range i.Affected {
		w.nearTo(e, i)
		w.alerts(e)
	}
	for _, e := range w.order {
		w.changes(e, false)
	}
	w.descriptors()
	return newest(events, len(events))
}

// teller tells the events of one entity after the other.
type teller struct {
	*Portal
	yield        func(Event) bool
	only         EventKind // empty: all kinds
	since, until time.Time // the second is zero if there is no end, and counts
	told, ended  bool

	near    map[*Entity][]*Incident // incidents of entities, and of what depends on them
	order   []*Entity               // its keys
	commits map[string]int          // those that touched descriptors: where they stand in edits
	edits   []Event
}

// nearTo notes that an entity has had an incident, to which changes of its own and of
// what it depends on may have led.
func (w *teller) nearTo(e *Entity, i *Incident) {
	if i.Fact.Opened.Before(w.since) {
		return
	}
	if w.near == nil {
		w.near = map[*Entity][]*Incident{}
	}
	note := func(e *Entity) {
		known, ok := w.near[e]
		if !ok {
			w.order = append(w.order, e)
		}
		if !slices.Contains(known, i) {
			w.near[e] = append(known, i)
		}
	}
	note(e)
	for _, r := range e.Outgoing(catalog.DependsOn) {
		if to := w.Of(r.To); to != nil {
			note(to)
		}
	}
}

// within reports whether an instant is in the time that is told of.
func (w *teller) within(at time.Time) bool {
	return !at.Before(w.since) && (w.until.IsZero() || !at.After(w.until))
}

func (w *teller) tell(e Event) {
	if !w.ended && w.within(e.At) && (w.only == "" || w.only == e.Kind) {
		w.told = true
		w.ended = !w.yield(e)
	}
}

func (w *teller) incidents(e *Entity, seen map[any]bool) {
	if e.Live == nil {
		return
	}
	for _, i := range e.Live.Incidents {
		if seen[i] {
			continue
		}
		seen[i] = true
		w.tell(Event{Kind: IncidentEvent, At: i.Fact.Opened, Of: i.Affected, By: i.By, Incident: i})
		w.tell(Event{Kind: IncidentEvent, At: i.Fact.Resolved, Of: i.Affected, By: i.By, Incident: i, Over: true})
	}
}

// alerts tells of those that fire. Of those that do not it is not known when they did.
func (w *teller) alerts(e *Entity) {
	if e.Live == nil {
		return
	}
	for k, a := range e.Live.Alerts {
		if a.Fact.State == snapshot.Firing {
			w.tell(Event{Kind: AlertEvent, At: a.Fact.Since, Of: []*Entity{e}, By: a.By, Alert: &e.Live.Alerts[k].Fact})
		}
	}
}

// changes tells of deployments and releases, and notes the last change of the descriptor.
// Of what is about others than those that are told of, only what may have led to their
// incidents counts.
func (w *teller) changes(e *Entity, others bool) {
	tell := func(environment string, change Event) {
		change.Before = w.before(e, change.At, environment)
		if !others || len(change.Before) > 0 {
			w.tell(change)
		}
	}
	if e.Live != nil {
		for _, place := range e.Live.Places {
			for k, d := range place.Deployments {
				tell(place.Environment, Event{Kind: DeploymentEvent, At: d.Fact.At, Of: []*Entity{e}, By: d.By, Deployment: &place.Deployments[k].Fact})
			}
		}
		for k, r := range e.Live.Releases {
			tell("", Event{Kind: ReleaseEvent, At: r.Fact.At, Of: []*Entity{e}, By: r.By, Release: &e.Live.Releases[k].Fact})
		}
	}
	if c, ok := w.ChangeOf(e.Path); ok && w.within(c.When) {
		if before := w.before(e, c.When, ""); !others || len(before) > 0 {
			w.descriptor(e, c, before)
		}
	}
}

// before returns the incidents that a change of an entity in an environment, or in all,
// may have brought about, the next first.
func (w *teller) before(e *Entity, at time.Time, environment string) []*Incident {
	var all []*Incident
	for _, i := range w.near[e] {
		elsewhere := environment != "" && i.Fact.Environment != "" && environment != i.Fact.Environment
		if after := i.Fact.Opened.Sub(at); after >= 0 && after <= Before && !elsewhere {
			all = append(all, i)
		}
	}
	slices.SortFunc(all, nextIncident)
	return all
}

func nextIncident(a, b *Incident) int {
	return cmp.Or(a.Fact.Opened.Compare(b.Fact.Opened), strings.Compare(a.Page, b.Page))
}

// descriptor notes that a commit has touched a descriptor. One commit is one event,
// whatever it has touched.
func (w *teller) descriptor(e *Entity, c githistory.Change, before []*Incident) {
	at, ok := w.commits[c.Commit]
	if !ok {
		if w.commits == nil {
			w.commits = map[string]int{}
		}
		at = len(w.edits)
		w.commits[c.Commit] = at
		w.edits = append(w.edits, Event{Kind: ChangeEvent, At: c.When, Change: c})
	}
	event := &w.edits[at]
	event.Of = append(event.Of, e)
	for _, i := range before {
		if !slices.Contains(event.Before, i) {
			event.Before = append(event.Before, i)
		}
	}
}

func (w *teller) descriptors() {
	for _, event := range w.edits {
		slices.SortFunc(event.Of, func(a, b *Entity) int { return strings.Compare(a.Ref.String(), b.Ref.String()) })
		slices.SortFunc(event.Before, nextIncident)
		w.tell(event)
	}
}

func (w *teller) postmortems(e *Entity, seen map[any]bool) {
	for _, d := range e.Documents {
		if d.Kind != docs.Postmortem || d.Page == "" || seen[d] {
			continue
		}
		seen[d] = true
		if day, err := time.Parse(time.DateOnly, d.Date()); err == nil {
			w.tell(Event{Kind: PostmortemEvent, At: day, Of: []*Entity{e}, Postmortem: d})
		}
	}
}

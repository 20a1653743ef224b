package site

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// mostAlarms is how many things that are wrong a page lists.
const mostAlarms = 8

// mostPast is how many incidents that are over a page lists.
const mostPast = 5

// live works out what live systems say of an entity, beside its environments.
func (l *planner) live(e *portal.Entity) LiveView {
	if e.Live == nil {
		return LiveView{}
	}
	v := LiveView{Alarms: l.alarms(e.Page(), e), Objectives: objectives(e), Code: l.code(e)}
	if len(v.Alarms) > 0 {
		v.Precedents = l.lastPostmortems(e.Page(), e)
	}
	if more := len(v.Alarms) - mostAlarms; more > 0 {
		v.Alarms, v.MoreAlarms = v.Alarms[:mostAlarms], more
	}
	for _, i := range e.Live.Incidents {
		if i.Fact.State == snapshot.Resolved && len(v.Past) < mostPast {
			v.Past = append(v.Past, incidentRow(e.Page(), i))
		}
	}
	return v
}

// alarms are what is wrong now: open incidents, alerts that fire, watches that see nothing.
func (l *planner) alarms(from string, e *portal.Entity) []Alarm {
	var all []Alarm
	for _, i := range e.Live.Open() {
		all = append(all, l.incidentAlarm(from, i))
	}
	var alerts []Alarm
	for _, a := range e.Live.Alerts {
		if s, ok := alertState(a.Fact); ok {
			alerts = append(alerts, l.alertAlarm(e, from, a, s))
		}
	}
	slices.SortStableFunc(alerts, func(a, b Alarm) int { return rank(a.State) - rank(b.State) })
	return append(all, alerts...)
}

// rank orders states, the worst first.
func rank(s State) int { return slices.Index([]State{Bad, Warns, Unknown, Noted, Good}, s) }

func (l *planner) incidentAlarm(from string, i *portal.Incident) Alarm {
	f := i.Fact
	a := Alarm{
		LiveState: stateOf(incidentStates, f.State), Title: Link{Text: incidentTitle(f), Href: href(from, i.Page)},
		Since: f.Opened.UTC(), Told: told(i.By, f.About),
	}
	a.Word = "Incident " + strings.ToLower(a.Word)
	if f.Severity != "" {
		a.Facts = "severity " + f.Severity
	}
	a.Responders = l.allNamed(from, f.Responders)
	return a
}

func incidentTitle(f snapshot.Incident) string {
	title := f.Title
	if title == "" {
		title = "Incident " + f.ID
	}
	if f.Number != "" {
		title = "#" + strings.TrimPrefix(f.Number, "#") + " " + title
	}
	return title
}

// alertState says how an alert stands. It reports false for one that nobody need know of.
func alertState(a snapshot.Alert) (LiveState, bool) {
	switch a.State {
	case snapshot.Quiet, snapshot.Pending:
		return LiveState{}, false
	case snapshot.NoData:
		return LiveState{Unknown, "No data"}, true
	case snapshot.Firing:
		switch {
		case a.Silenced:
			return LiveState{Noted, "Alert firing, silenced"}, true
		case slices.Contains([]string{"warning", "warn", "info", "low"}, strings.ToLower(a.Severity)):
			return LiveState{Warns, "Alert firing"}, true
		}
		return LiveState{Bad, "Alert firing"}, true
	}
	return LiveState{Unknown, "Alert in an unknown state"}, true
}

func (l *planner) alertAlarm(e *portal.Entity, from string, a portal.Told[snapshot.Alert], s LiveState) Alarm {
	f := a.Fact
	v := Alarm{LiveState: s, Title: Link{Text: f.Name, Href: outside(f.URL)}, Text: f.Summary, Told: told(a.By, f.About)}
	v.Source.Href = "" // the title leads there
	if !f.Since.IsZero() {
		v.Since = f.Since.UTC()
	}
	var facts []string
	if f.Severity != "" {
		facts = append(facts, "severity "+f.Severity)
	}
	if f.Environment != "" {
		facts = append(facts, l.environmentTitle(f.Environment))
	}
	v.Facts = strings.Join(facts, " · ")
	v.Runbooks = l.runbooks(from, e, f)
	return v
}

// mostRunbooks is how many runbooks a page names for an alert.
const mostRunbooks = 3

// runbooks are the runbooks that match an alert, the surest first. Where the alert's own
// address leads to no document of the catalog, it is the last of them.
func (l *planner) runbooks(from string, e *portal.Entity, a snapshot.Alert) []Link {
	var links []Link
	for _, r := range l.Runbooks(e, a) {
		links = append(links, place(from, r))
	}
	links = links[:min(len(links), mostRunbooks)]
	if to := outside(a.Runbook); to != "" && !l.LeadsToDocument(a.Runbook) {
		links = append(links, Link{Text: "Runbook", Href: to})
	}
	return links
}

// alarmFact says at the top of a page that something is wrong now.
func alarmFact(v LiveView) []Fact {
	counts := map[State]int{}
	for _, a := range v.Alarms {
		counts[a.State]++
	}
	n := counts[Bad] + counts[Warns] + v.MoreAlarms
	if n == 0 {
		return nil
	}
	worst := Warns
	if counts[Bad] > 0 {
		worst = Bad
	}
	text := strconv.Itoa(n) + " " + plural(n, "thing") + " wrong"
	return []Fact{{Title: "Now", State: worst, Values: []Link{{Text: text, Href: "#sp-now"}}}}
}

// wrongNow is what is wrong with an entity now, in a word; nil for nothing. An open incident
// comes before an alert, since people are at it, and that before a state of health.
func wrongNow(e *portal.Entity) *WrongNow {
	if alarm := alarmNow(e); alarm != nil {
		return alarm
	}
	var worst *WrongNow
	for _, p := range placesOf(e) {
		for _, h := range p.Health {
			worst = worst.or(stateOf(healthStates, h.Fact.State), h.By, h.Fact.About)
		}
	}
	return worst
}

// alarmNow is wrongNow without regard to health.
func alarmNow(e *portal.Entity) (worst *WrongNow) {
	if e.Live == nil {
		return nil
	}
	for _, i := range e.Live.Open() {
		worst = worst.or(LiveState{stateOf(incidentStates, i.Fact.State).State, "Incident"}, i.By, i.Fact.About)
	}
	if worst != nil {
		return worst
	}
	for _, a := range e.Live.Alerts {
		if s, ok := alertState(a.Fact); ok {
			worst = worst.or(s, a.By, a.Fact.About)
		}
	}
	return worst
}

// or is the worse of two states, if either is bad.
func (w *WrongNow) or(s LiveState, by *portal.Provider, about snapshot.About) *WrongNow {
	if s.State != Bad && s.State != Warns || w != nil && rank(w.State) <= rank(s.State) {
		return w
	}
	now := &WrongNow{s, told(by, about)}
	now.Source = Link{}
	return now
}

// incidentRow is an incident in a list on another page.
func incidentRow(from string, i *portal.Incident) IncidentRow {
	r := IncidentRow{
		LiveState: stateOf(incidentStates, i.Fact.State), Title: Link{Text: incidentTitle(i.Fact), Href: href(from, i.Page)},
		Severity: i.Fact.Severity, Opened: i.Fact.Opened.UTC(),
	}
	if !i.Fact.Resolved.IsZero() {
		r.Took = took(i.Fact.Resolved.Sub(i.Fact.Opened))
	}
	return r
}

// lowBudget is the share of an error budget, in percent, from which on to be careful.
const lowBudget = 20

func objectives(e *portal.Entity) []ObjectiveRow {
	var rows []ObjectiveRow
	for _, o := range e.Live.Objectives {
		f := o.Fact
		row := ObjectiveRow{
			Name: f.Name, Target: quantity(f.Target, "%"), Window: window(f.Window), Actual: Figure{"missed", figureKey(objectiveFigures, o.By, f.About, 0)},
			Budget: budget(f.Left()), Left: max(0, f.Left()), Exact: Figure{Key: figureKey(objectiveFigures, o.By, f.About, 1)}, Told: told(o.By, f.About),
		}
		if f.Left() > 0 {
			row.Exact.Text = fmt.Sprintf("about %d\u00a0%% left", f.Left())
		}
		if f.Met() {
			row.Actual.Text = "reached"
		}
		rows = append(rows, row)
	}
	return rows
}

// budget judges what is left of an error budget, in percent.
func budget(left int) LiveState {
	switch {
	case left < 0:
		return LiveState{Bad, "Overspent"}
	case left < lowBudget:
		return LiveState{Warns, "Nearly spent"}
	default:
		return LiveState{Good, "Within budget"}
	}
}

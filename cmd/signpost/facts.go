package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// told is what a fact says beside itself: who says so, when, and how it stands by that. What
// was told too long ago is unknown, whatever it was.
type told struct {
	State    string    `json:"state,omitempty"`
	Was      string    `json:"was,omitempty"` // the state that was told, if that is too old
	Source   string    `json:"source"`        // a provider of signpost.yaml
	Observed time.Time `json:"observed,omitzero"`
	Stale    bool      `json:"stale,omitempty"`   // too old to be relied upon
	Problem  string    `json:"problem,omitempty"` // why nothing newer could be read
	URL      string    `json:"url,omitempty"`

	now time.Time
}

// deployed is a version in an environment, or an attempt to put one there.
type deployed struct {
	Version  string     `json:"version,omitempty"`
	Commit   string     `json:"commit,omitempty"`
	By       string     `json:"by,omitempty"`
	At       *time.Time `json:"at,omitempty"`
	Rollout  int        `json:"rollout,omitempty"`  // percent of the traffic, while it is not all
	Previous string     `json:"previous,omitempty"` // version before
	Log      string     `json:"log,omitempty"`
	told
}

type health struct {
	Message  string             `json:"message,omitempty"`
	Measures []snapshot.Measure `json:"measures,omitempty"`
	told
}

// incident is one that is open.
type incident struct {
	Number     string    `json:"number,omitempty"`
	Title      string    `json:"title"`
	Severity   string    `json:"severity,omitempty"`
	Opened     time.Time `json:"opened"`
	Responders []string  `json:"responders,omitempty"`
	told
}

// alert is one that fires, or that has nothing to go by.
type alert struct {
	Name        string     `json:"name"`
	Environment string     `json:"environment,omitempty"`
	Severity    string     `json:"severity,omitempty"`
	Summary     string     `json:"summary,omitempty"`
	Since       *time.Time `json:"since,omitempty"`
	Silenced    bool       `json:"silenced,omitempty"`
	Runbook     string     `json:"runbook,omitempty"`
	told
}

// told says how a fact stands at the time of the question.
func (g getter) told(by *portal.Provider, about snapshot.About, state string) told {
	t := told{State: state, Source: by.Name, Observed: about.Observed.UTC(), URL: about.URL, now: g.now}
	if !about.Observed.Add(by.Stale).After(g.now) {
		t.Stale, t.Was, t.State = true, state, string(snapshot.Unknown)
	}
	if problem := by.ProblemOf(about); problem != nil {
		t.Problem = problem.Message
	}
	return t
}

// facts adds what live systems say of an entity.
func (g getter) facts(a *answer, e *portal.Entity) {
	live := e.Live
	if live == nil {
		live = &portal.Live{}
	}
	named := map[string]bool{}
	for i, env := range e.Deployed {
		named[env.Name.Text] = true
		g.placeFacts(&a.Runs[i], live.Place(env.Name.Text), env)
	}
	for _, p := range live.Places {
		if !named[p.Environment] {
			at := place{Name: cmp.Or(p.Environment, "everywhere")}
			g.placeFacts(&at, p, catalog.Environment{})
			a.Runs = append(a.Runs, at)
		}
	}
	for _, i := range live.Open() {
		f := i.Fact
		a.Incidents = append(a.Incidents, incident{f.Number, f.Title, f.Severity, f.Opened.UTC(), f.Responders, g.told(i.By, f.About, string(f.State))})
	}
	for _, x := range live.Alerts {
		f := x.Fact
		if f.State == snapshot.Firing || f.State == snapshot.NoData {
			a.Alerts = append(a.Alerts, alert{f.Name, f.Environment, f.Severity, f.Summary, moment(f.Since), f.Silenced, f.Runbook, g.told(x.By, f.About, string(f.State))})
		}
	}
}

// placeFacts adds what is known of an environment. What a system is to be asked and has
// not told is unknown.
func (g getter) placeFacts(at *place, p *portal.LivePlace, env catalog.Environment) {
	if p == nil {
		p = &portal.LivePlace{}
	}
	if d, ok := p.Running(); ok {
		at.Running = g.deployed(d)
	}
	if d, ok := p.Attempt(); ok {
		at.Attempt = g.deployed(d)
	}
	for _, h := range p.Health {
		at.Health = append(at.Health, health{h.Fact.Message, h.Fact.Measures, g.told(h.By, h.Fact.About, cmp.Or(string(h.Fact.State), string(snapshot.Unknown)))})
	}
	if len(g.Snapshots) == 0 {
		return
	}
	for _, b := range env.Bindings {
		unknown := told{State: string(snapshot.Unknown), Source: b.Provider.Text, now: g.now}
		switch {
		case b.Purpose == "deployments" && at.Running == nil:
			at.Running = &deployed{told: unknown}
		case b.Purpose == "health" && at.Health == nil:
			at.Health = []health{{told: unknown}}
		}
	}
}

func (g getter) deployed(d portal.Told[snapshot.Deployment]) *deployed {
	f := d.Fact
	return &deployed{f.Version, f.Commit, f.By, moment(f.At), f.Rollout, f.Previous, f.Log, g.told(d.By, f.About, string(f.State))}
}

// outside fills in who is on call by a system outside, as that has told.
func (g getter) outside(o *onCall, all []portal.Told[snapshot.OnCall]) {
	if len(all) == 0 {
		return
	}
	f := all[0].Fact
	t := g.told(all[0].By, f.About, "")
	o.Told = &t
	if over := !f.Until.IsZero() && !f.Until.After(g.now); t.Stale || over {
		t.State, t.Was = string(snapshot.Unknown), f.Now
		return
	}
	o.Now, o.Next, o.Until = f.Now, f.Next, moment(f.Until)
}

// moment is an instant as JSON has it: nil for none.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// source says who tells a fact and how old that is: "(argocd, as of Mon 23 Nov 09:40 UTC, 20
// minutes ago)".
func (t told) source() string {
	parts := []string{t.Source}
	switch {
	case t.Observed.IsZero():
		parts = append(parts, "has told nothing")
	case t.Stale:
		parts = append(parts, "as of "+t.when(t.Observed)+", which is too old")
	default:
		parts = append(parts, "as of "+t.when(t.Observed))
	}
	text := "  (" + strings.Join(parts, ", ")
	if t.Problem != "" {
		text += "; cannot be read: " + t.Problem
	}
	return text + ")"
}

// state is how a fact stands, in words: "healthy", "unknown, was healthy".
func (t told) state() string {
	if t.Was != "" {
		return t.State + ", was " + t.Was
	}
	return t.State
}

// when writes an instant, and how far it is from the time of the question.
func (t told) when(at time.Time) string { return shown(at) + ", " + ago(at, t.now) }

// ago says how far an instant is from another: "3 days ago", "in 20 minutes".
func ago(at, now time.Time) string {
	d := now.Sub(at).Abs()
	text := "less than a minute"
	for _, unit := range []struct {
		length    time.Duration
		one, many string
	}{{24 * time.Hour, "day", "days"}, {time.Hour, "hour", "hours"}, {time.Minute, "minute", "minutes"}} {
		if n := int(d / unit.length); n > 0 {
			text = countOf(n, unit.one, unit.many)
			break
		}
	}
	if at.After(now) {
		return "in " + text
	}
	return text + " ago"
}

// isTold reports whether live systems say what is in an environment.
func (p place) isTold() bool { return p.Running != nil || p.Attempt != nil || p.Health != nil }

// printFacts writes what live systems say: what is wrong first.
func (a answer) printFacts(t table) {
	for _, i := range a.Incidents {
		t.row("incident", i.String())
		t.optional("", i.URL)
	}
	for _, x := range a.Alerts {
		t.row("alert", x.String())
		t.optional("", x.Runbook)
	}
	for _, p := range a.Runs {
		if p.Running != nil {
			t.row(p.Name, p.Running.String())
		}
		if p.Attempt != nil {
			t.row(p.Name, p.Attempt.String())
			t.optional("", p.Attempt.Log)
		}
		for _, h := range p.Health {
			t.row(p.Name, h.String())
		}
	}
}

func (i incident) String() string {
	title := i.Title
	if i.Number != "" {
		title = "#" + strings.TrimPrefix(i.Number, "#") + " " + title
	}
	text := fmt.Sprintf("%s: %s, began %s", joined(i.state(), i.Severity), title, i.when(i.Opened))
	if len(i.Responders) > 0 {
		text += "; " + strings.Join(i.Responders, ", ") + " at it"
	}
	return text + i.source()
}

func (x alert) String() string {
	silenced := ""
	if x.Silenced {
		silenced = "silenced"
	}
	text := joined(x.state(), silenced, x.Severity) + ": " + joined(x.Name, x.Environment, x.Summary)
	if x.Since != nil {
		text += ", began " + x.when(*x.Since)
	}
	return text + x.source()
}

func (d deployed) String() string {
	version := cmp.Or(d.Version, d.Commit[:min(len(d.Commit), 7)])
	if version == "" {
		return "version " + d.state() + d.source()
	}
	text, began := version+" "+strings.ReplaceAll(d.state(), "-", " "), "began"
	switch cmp.Or(d.Was, d.State) {
	case string(snapshot.Succeeded):
		began = "deployed"
	case string(snapshot.Inactive):
		text, began = version+" last known", "deployed"
	case string(snapshot.Running):
		text = strings.TrimSuffix(text, "running") + "being deployed"
	}
	if d.State == string(snapshot.Succeeded) {
		text = version
	}
	text = joined(text, share(d.Rollout, d.Previous))
	if d.At != nil {
		text += ", " + began + " " + d.when(*d.At)
	}
	if d.By != "" {
		text += ", by " + d.By
	}
	return text + d.source()
}

// share says how much of the traffic a version has while it is not all.
func share(rollout int, previous string) string {
	switch {
	case rollout == 0:
		return ""
	case previous == "":
		return fmt.Sprintf("%d %% of the traffic", rollout)
	}
	return fmt.Sprintf("%d %% of the traffic and %s the rest", rollout, previous)
}

func (h health) String() string {
	text := joined(h.state(), h.Message)
	for _, m := range h.Measures {
		text += fmt.Sprintf(", %s %s", m.Name, measured(m.Value, m.Unit))
		if m.Baseline != nil {
			text += fmt.Sprintf(" (usually %s)", measured(*m.Baseline, m.Unit))
		}
	}
	return text + h.source()
}

func measured(value float64, unit string) string {
	return strings.TrimSpace(strconv.FormatFloat(value, 'g', 4, 64) + " " + unit)
}

// joined puts commas between those texts that are not empty.
func joined(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(s string) bool { return s == "" }), ", ")
}

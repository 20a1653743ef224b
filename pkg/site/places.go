package site

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// livePlaces adds to the environments of a descriptor what live systems say of them, and
// those that only live systems know, in the order of signpost.yaml.
func (l *planner) livePlaces(from string, e *portal.Entity, views []Environment) []Environment {
	live := e.Live
	if live == nil {
		live = &portal.Live{}
	}
	if !l.inMatrix(e) {
		return views
	}
	known := map[string]bool{}
	for i := range views {
		known[views[i].name] = true
		l.fillPlace(from, e, live, &views[i])
	}
	for _, p := range live.Places {
		if known[p.Environment] {
			continue
		}
		v := Environment{name: p.Environment, Title: l.environmentTitle(p.Environment)}
		l.fillPlace(from, e, live, &v)
		views = append(views, v)
	}
	order := func(name string) int {
		all := l.Catalog.Config.Environments
		if i := slices.IndexFunc(all, func(n catalog.EnvironmentName) bool { return n.Name == name }); i >= 0 {
			return i
		}
		return len(all)
	}
	slices.SortStableFunc(views, func(a, b Environment) int { return cmp.Compare(order(a.name), order(b.name)) })
	l.drift(e, live, views)
	return views
}

// environmentTitle is what an environment is called.
func (l *planner) environmentTitle(name string) string {
	for _, n := range l.Catalog.Config.Environments {
		if n.Name == name {
			return n.Title
		}
	}
	return cmp.Or(name, "All environments")
}

// fillPlace says what runs in an environment and how it does.
func (l *planner) fillPlace(from string, e *portal.Entity, live *portal.Live, v *Environment) {
	p := live.Place(v.name)
	if p == nil {
		p = &portal.LivePlace{Environment: v.name}
	}
	v.Live = true
	if d, ok := p.Running(); ok {
		v.Running = l.running(from, e, d)
		v.commit = d.Fact.Commit
	}
	if d, ok := p.Before(); ok {
		v.Before = l.deployed(from, e, d)
	}
	if d, ok := p.Attempt(); ok {
		v.Attempt, v.Asked = l.deployed(from, e, d), true // and what runs is not known, if nothing does
	}
	for _, h := range p.Health {
		v.Health = append(v.Health, healthFact(h))
	}
	if v.Health == nil && v.watched {
		v.Health = []HealthFact{{LiveState: LiveState{Unknown, "Unknown"}, Message: whyUnknown(live, v.name)}}
	}
}

// whyUnknown says why nothing is known of the health of an environment.
func whyUnknown(live *portal.Live, environment string) string {
	for _, x := range live.Problems {
		if x.Fact.Environment == "" || x.Fact.Environment == environment {
			return sourceName(x.By) + " could not be read: " + x.Fact.Message
		}
	}
	return "nothing has been told yet"
}

// running is the version that runs, which is more than an attempt that went well.
func (l *planner) running(from string, e *portal.Entity, d portal.Told[snapshot.Deployment]) *Deployed {
	v := l.deployed(from, e, d)
	if d.Fact.State == snapshot.Inactive {
		v.LiveState = LiveState{Noted, "Last known"}
	}
	return v
}

func (l *planner) deployed(from string, e *portal.Entity, d portal.Told[snapshot.Deployment]) *Deployed {
	f := d.Fact
	v := &Deployed{
		LiveState: stateOf(deploymentStates, f.State), When: f.At.UTC(), By: l.named(from, f.By), Told: told(d.By, f.About),
		Version: Link{Text: versionText(f), Href: l.CodeURL(e, f.Commit)},
	}
	if f.Log != "" {
		v.Log = Link{Text: "Log", Href: outside(f.Log)}
	}
	if f.Rollout > 0 && f.Rollout < 100 {
		v.Note = fmt.Sprintf("%d\u00a0%% of the traffic", f.Rollout)
		if f.Previous != "" {
			v.Note += ", the rest has " + f.Previous
		}
	}
	return v
}

// versionText is what a version is called: by its commit, if it has no name.
func versionText(d snapshot.Deployment) string { return cmp.Or(d.Version, shortCommit(d.Commit)) }

func shortCommit(commit string) string { return commit[:min(len(commit), 7)] }

func healthFact(h portal.Told[snapshot.Health]) HealthFact {
	v := HealthFact{LiveState: stateOf(healthStates, h.Fact.State), Message: h.Fact.Message, Told: told(h.By, h.Fact.About)}
	for i, m := range h.Fact.Measures {
		v.Measures = append(v.Measures, Figure{Text: m.Name + trends[m.Trend()], Key: figureKey(healthFigures, h.By, h.Fact.About, i)})
	}
	return v
}

// trends are the words for how a measure compares with its baseline.
var trends = map[snapshot.Trend]string{
	snapshot.Below: " below its baseline", snapshot.Near: " near its baseline", snapshot.Above: " above its baseline",
}

// drift says which environments have another version than the first, by how many commits if
// that is known, and where to see what lies between.
func (l *planner) drift(e *portal.Entity, live *portal.Live, views []Environment) {
	first := slices.IndexFunc(views, func(v Environment) bool { return v.Running != nil })
	if first < 0 {
		return
	}
	base := &views[first]
	for i := range views {
		v := &views[i]
		if v.Running == nil || v.Running.Version.Text == base.Running.Version.Text {
			continue
		}
		v.Drift = Link{Text: driftText(live, v.name, base), Href: l.CompareURL(e, base.commit, v.commit)}
	}
}

func driftText(live *portal.Live, name string, base *Environment) string {
	here, there := live.Place(name), live.Place(base.name)
	if here != nil && there != nil {
		switch n, known := here.Ahead(there); {
		case known && n > 0:
			return count(n, "commit", "commits") + " ahead of " + base.Title
		case known && n < 0:
			return count(-n, "commit", "commits") + " behind " + base.Title
		}
	}
	return "differs from " + base.Title
}

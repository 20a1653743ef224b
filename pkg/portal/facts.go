package portal

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// Provider is a live system of which there is a snapshot.
type Provider struct {
	Name, Type     string
	Tried, Fetched time.Time // as in snapshot.File
	Stale          time.Duration
	Problem        *snapshot.Problem  // why the last attempt brought nothing; nil if it went well
	Problems       []snapshot.Problem // of single entities
	Facts          int                // about entities of the catalog
	Strangers      []Stranger         // what it says of entities that the catalog does not have
	Foreign        []snapshot.Foreign
	Configured     bool // signpost.yaml names it

	failed  map[string][]snapshot.Problem // by reference
	watches bool                          // it tells of incidents or alerts
}

// Stranger is a reference that leads to no entity, with the number of facts about it.
type Stranger struct {
	Ref   string
	Facts int
}

// MarshalText returns what the pages of entities show of a provider beside its facts.
func (p *Provider) MarshalText() ([]byte, error) {
	return json.Marshal([]any{p.Name, p.Type, p.Stale, p.Problem})
}

// ProblemOf returns why nothing newer is known than a fact; nil if the system was read.
func (p *Provider) ProblemOf(fact snapshot.About) *snapshot.Problem {
	if p.Problem != nil {
		return p.Problem
	}
	for _, x := range p.failed[fact.Entity] {
		if x.Environment == "" || x.Environment == fact.Environment {
			return &x
		}
	}
	return nil
}

// Told is a fact with the system that says so.
type Told[T any] struct {
	Fact T
	By   *Provider
}

// Live is what live systems say of an entity. All lists are in an order that depends on
// nothing but the facts: the latest first where there is a time.
type Live struct {
	Places       []*LivePlace // by environment
	Releases     []Told[snapshot.Release]
	Runs         []Told[snapshot.Run]
	Repositories []Told[snapshot.Repository]
	OnCall       []Told[snapshot.OnCall] // by level
	Incidents    []*Incident
	Alerts       []Told[snapshot.Alert]
	Objectives   []Told[snapshot.Objective]
	Problems     []Told[snapshot.Problem]
}

// LivePlace is what is known of an entity in one environment.
type LivePlace struct {
	Environment string // empty for facts that name none
	Deployments []Told[snapshot.Deployment]
	Health      []Told[snapshot.Health]
}

// Running returns the deployment whose version runs: the last that succeeded, or else the
// last that others are said to have followed, of which none is known.
func (p *LivePlace) Running() (d Told[snapshot.Deployment], ok bool) {
	for _, state := range []snapshot.DeploymentState{snapshot.Succeeded, snapshot.Inactive} {
		for _, d := range p.Deployments {
			if d.Fact.State == state {
				return d, true
			}
		}
	}
	return d, false
}

// Ahead returns by how many commits of the default branch what runs here is ahead of what runs
// in another place: below zero if it is behind. Every push moves both away from the tip of the
// branch, and leaves this as it is.
func (p *LivePlace) Ahead(of *LivePlace) (commits int, known bool) {
	here, ok := p.Running()
	there, also := of.Running()
	if !ok || !also || here.Fact.Behind == nil || there.Fact.Behind == nil {
		return 0, false
	}
	return *there.Fact.Behind - *here.Fact.Behind, true
}

// Attempt returns the last deployment, if it is not the one that runs: one that goes on,
// or that came to nothing.
func (p *LivePlace) Attempt() (d Told[snapshot.Deployment], ok bool) {
	if len(p.Deployments) == 0 {
		return d, false
	}
	switch last := p.Deployments[0]; last.Fact.State {
	case snapshot.Succeeded, snapshot.Inactive:
		return d, false
	default:
		return last, true
	}
}

// Place returns what is known of an environment, or nil.
func (l *Live) Place(environment string) *LivePlace {
	for _, p := range l.Places {
		if p.Environment == environment {
			return p
		}
	}
	return nil
}

// Open returns the incidents that are not resolved.
func (l *Live) Open() []*Incident {
	var open []*Incident
	for _, i := range l.Incidents {
		if i.Fact.State != snapshot.Resolved {
			open = append(open, i)
		}
	}
	return open
}

// Providers returns the live systems of which there is a snapshot, by name.
func (p *Portal) Providers() []*Provider { return p.providers }

// joining joins facts to entities.
type joining struct {
	*Portal
	by        *Provider
	strangers map[string]int
}

// joinFacts gives every entity the facts about it.
func (p *Portal) joinFacts() {
	if len(p.Snapshots) == 0 {
		return
	}
	j := joining{Portal: p}
	for _, f := range p.Snapshots {
		j.file(f)
	}
	for _, e := range p.Entities {
		if e.Live != nil {
			e.Live.order()
		}
	}
	p.orderIncidents()
}

// file joins the facts of one provider.
func (j *joining) file(f snapshot.File) {
	config := j.Catalog.Config
	j.by = &Provider{
		Name: f.Provider, Type: f.Type, Tried: f.Tried, Fetched: f.Fetched, Problem: f.Problem,
		Problems: f.Problems, Foreign: f.Foreign, Stale: config.StaleAfter(f.Provider), watches: watches(f),
		Configured: slices.ContainsFunc(config.Providers, func(s catalog.ProviderSetting) bool { return s.Name.Text == f.Provider }),
	}
	j.strangers, j.by.failed = map[string]int{}, map[string][]snapshot.Problem{}
	join(j, f.Deployments, func(l *Live, d Told[snapshot.Deployment]) {
		at := l.place(d.Fact.Environment)
		at.Deployments = append(at.Deployments, d)
	})
	join(j, f.Health, func(l *Live, h Told[snapshot.Health]) {
		at := l.place(h.Fact.Environment)
		at.Health = append(at.Health, h)
	})
	join(j, f.Releases, func(l *Live, r Told[snapshot.Release]) { l.Releases = append(l.Releases, r) })
	join(j, f.Runs, func(l *Live, r Told[snapshot.Run]) { l.Runs = append(l.Runs, r) })
	join(j, f.Repositories, func(l *Live, r Told[snapshot.Repository]) { l.Repositories = append(l.Repositories, r) })
	join(j, f.OnCall, func(l *Live, o Told[snapshot.OnCall]) { l.OnCall = append(l.OnCall, o) })
	join(j, f.Alerts, func(l *Live, a Told[snapshot.Alert]) { l.Alerts = append(l.Alerts, a) })
	join(j, f.Objectives, func(l *Live, o Told[snapshot.Objective]) { l.Objectives = append(l.Objectives, o) })
	for _, x := range f.Problems {
		j.by.failed[x.Entity] = append(j.by.failed[x.Entity], x)
		if e := j.Named(x.Entity); e != nil {
			e.live().Problems = append(e.live().Problems, Told[snapshot.Problem]{x, j.by})
		}
	}
	j.incidents(f.Incidents)
	for ref, n := range j.strangers {
		j.by.Strangers = append(j.by.Strangers, Stranger{ref, n})
	}
	slices.SortFunc(j.by.Strangers, func(a, b Stranger) int { return strings.Compare(a.Ref, b.Ref) })
	j.providers = append(j.providers, j.by)
}

// join gives facts of one kind to their entities, and counts those that have none.
func join[T any, P snapshot.Fact[T]](j *joining, all []T, put func(*Live, Told[T])) {
	for _, fact := range all {
		a := P(&fact).Common()
		if a.Observed.IsZero() {
			a.Observed = j.by.Fetched
		}
		e := j.Named(a.Entity)
		if e == nil {
			j.strangers[a.Entity]++
			continue
		}
		j.by.Facts++
		put(e.live(), Told[T]{fact, j.by})
	}
}

// Named returns the entity that a full reference names, or nil.
func (p *Portal) Named(ref string) *Entity {
	r, err := catalog.ParseRef(ref)
	if err != nil {
		return nil
	}
	return p.byEntity[p.Catalog.Get(r.Canonical())]
}

func (e *Entity) live() *Live {
	if e.Live == nil {
		e.Live = &Live{}
	}
	return e.Live
}

func (l *Live) place(environment string) *LivePlace {
	if p := l.Place(environment); p != nil {
		return p
	}
	p := &LivePlace{Environment: environment}
	l.Places = append(l.Places, p)
	return p
}

// order puts what several providers have said into one order.
func (l *Live) order() {
	slices.SortFunc(l.Places, func(a, b *LivePlace) int { return strings.Compare(a.Environment, b.Environment) })
	for _, p := range l.Places {
		latest(p.Deployments, func(d snapshot.Deployment) (time.Time, string) { return d.At, d.ID })
		slices.SortStableFunc(p.Health, func(a, b Told[snapshot.Health]) int { return strings.Compare(a.Fact.ID, b.Fact.ID) })
	}
	latest(l.Releases, func(r snapshot.Release) (time.Time, string) { return r.At, r.ID })
	latest(l.Alerts, func(a snapshot.Alert) (time.Time, string) { return a.Since, a.ID })
	slices.SortStableFunc(l.Runs, func(a, b Told[snapshot.Run]) int { return strings.Compare(a.Fact.Name, b.Fact.Name) })
	slices.SortStableFunc(l.OnCall, func(a, b Told[snapshot.OnCall]) int {
		return cmp.Or(cmp.Compare(a.Fact.Level, b.Fact.Level), strings.Compare(a.Fact.ID, b.Fact.ID))
	})
	slices.SortStableFunc(l.Objectives, func(a, b Told[snapshot.Objective]) int { return strings.Compare(a.Fact.Name, b.Fact.Name) })
}

// latest sorts facts by time, the latest first.
func latest[T any](all []Told[T], key func(T) (time.Time, string)) {
	slices.SortStableFunc(all, func(a, b Told[T]) int {
		at, id := key(a.Fact)
		bt, other := key(b.Fact)
		return cmp.Or(bt.Compare(at), strings.Compare(id, other))
	})
}

package snapshot

import (
	"fmt"
	"slices"
	"time"
)

// Fetched is what an attempt to fetch from a provider came to.
type Fetched struct {
	Facts
	// Err is why nothing was fetched; then Facts are of no use. Single entities that
	// failed are among Facts.Problems instead.
	Err *Problem
}

// Keep is how long what is over is kept: incidents that were resolved, deployments that
// others have followed. Longer trends are in the roll-ups.
const Keep = 90 * 24 * time.Hour

// mostLost is the share of a provider's facts that may be gone at once, in percent. More
// looks like an answer that was cut, or a token that sees less than it did.
const mostLost = 25

// Merge joins what was fetched with what was known. Nothing is deleted because something
// failed: if the attempt failed the facts stay, as old as they are; of an entity that
// failed, its facts stay; and if more than a quarter of what lasts is gone, all of it stays
// unless acceptLoss says that this is right.
func Merge(before File, now time.Time, f Fetched, acceptLoss bool) File {
	after := before
	after.Version, after.Tried = Version, now
	if f.Err == nil {
		f.Facts = keepFailed(before.Facts, f.Facts)
		if lost, of := lost(before.Facts, f.Facts); lost*100 > of*mostLost && !acceptLoss {
			f.Err = &Problem{Kind: Loss, Message: fmt.Sprintf(
				"%d of %d facts are gone at once; if that is right, run signpost snapshot --accept-loss %s", lost, of, before.Provider)}
		}
	}
	if f.Err != nil {
		problem := *f.Err
		problem.Since = now
		if before.Problem != nil {
			problem.Since = before.Problem.Since
		}
		after.Problem = &problem
		return after
	}
	after.Facts = keepHistory(before.Facts, f.Facts, now).inOrder()
	for i := range after.Problems {
		after.Problems[i].Since = sinceOf(before.Problems, after.Problems[i], now)
	}
	after.Fetched, after.Problem = now, nil
	return after
}

// sinceOf returns since when an entity has had a problem without a break.
func sinceOf(before []Problem, p Problem, now time.Time) time.Time {
	for _, old := range before {
		if old.Entity == p.Entity && old.Environment == p.Environment {
			return old.Since
		}
	}
	return now
}

// keepFailed takes over the facts of the entities that failed.
func keepFailed(before, now Facts) Facts {
	if len(now.Problems) == 0 {
		return now
	}
	failed := func(a *About) bool {
		return slices.ContainsFunc(now.Problems, func(p Problem) bool {
			return p.Entity == a.Entity && (p.Environment == "" || p.Environment == a.Environment)
		})
	}
	now.Deployments = takeOver(before.Deployments, now.Deployments, failed)
	now.Health = takeOver(before.Health, now.Health, failed)
	now.Releases = takeOver(before.Releases, now.Releases, failed)
	now.Runs = takeOver(before.Runs, now.Runs, failed)
	now.Repositories = takeOver(before.Repositories, now.Repositories, failed)
	now.OnCall = takeOver(before.OnCall, now.OnCall, failed)
	now.Incidents = takeOver(before.Incidents, now.Incidents, failed)
	now.Alerts = takeOver(before.Alerts, now.Alerts, failed)
	now.Objectives = takeOver(before.Objectives, now.Objectives, failed)
	return now
}

// takeOver returns new facts with those old ones that a condition holds for. Of two with
// one identifier the later observed stays, when they are put in order.
func takeOver[T any, P Fact[T]](before, now []T, when func(*About) bool) []T {
	all := slices.Clone(now)
	for i := range before {
		if when(P(&before[i]).Common()) {
			all = append(all, before[i])
		}
	}
	return all
}

// keepHistory takes over what is over and no longer told: systems forget sooner than
// people ask.
func keepHistory(before, now Facts, at time.Time) Facts {
	known := map[string]bool{}
	for _, x := range now.Incidents {
		known[x.ID] = true
	}
	for _, x := range before.Incidents {
		if x.State == Resolved && !known[x.ID] && at.Sub(x.Opened) < Keep {
			now.Incidents = append(now.Incidents, x)
		}
	}
	clear(known)
	for _, x := range now.Deployments {
		known[x.ID] = true
	}
	for _, x := range before.Deployments {
		if known[x.ID] || at.Sub(x.At) >= Keep {
			continue
		}
		if x.State == Succeeded {
			x.State = Inactive // another is told of now
		}
		now.Deployments = append(now.Deployments, x)
	}
	return now
}

// lost counts the facts that have gone, among those that last: incidents and alerts come
// and go, and what has an end is history.
func lost(before, now Facts) (gone, of int) {
	count := func(g, n int) { gone, of = gone+g, of+n }
	count(missing(before.Health, now.Health))
	count(missing(before.Repositories, now.Repositories))
	count(missing(before.OnCall, now.OnCall))
	count(missing(before.Objectives, now.Objectives))
	count(missing(placesOf(before.Deployments), placesOf(now.Deployments)))
	return gone, of
}

// missing counts the facts of before that are not there now.
func missing[T any, P Fact[T]](before, now []T) (gone, of int) {
	there := make(map[[3]string]bool, len(now))
	key := func(x *T) [3]string {
		a := P(x).Common()
		return [3]string{a.Entity, a.Environment, a.ID}
	}
	for i := range now {
		there[key(&now[i])] = true
	}
	for i := range before {
		if !there[key(&before[i])] {
			gone++
		}
	}
	return gone, len(before)
}

// placesOf are the places where something is deployed, whatever that is.
func placesOf(all []Deployment) []Deployment {
	var places []Deployment
	seen := map[About]bool{}
	for _, d := range all {
		place := About{Entity: d.Entity, Environment: d.Environment}
		if !seen[place] {
			seen[place] = true
			places = append(places, Deployment{About: place})
		}
	}
	return places
}

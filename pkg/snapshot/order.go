package snapshot

import (
	"cmp"
	"slices"
	"strings"
)

// Common gives the part that all facts share, for work that is the same for every kind.
func (a *About) Common() *About { return a }

// Fact is a pointer to a fact of any kind.
type Fact[T any] interface {
	*T
	Common() *About
}

// sorted returns facts by entity, environment and identifier, each identifier once: of two
// the one observed later.
func sorted[T any, P Fact[T]](all []T) []T {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(x, y T) int {
		a, b := P(&x).Common(), P(&y).Common()
		return cmp.Or(strings.Compare(a.Entity, b.Entity), strings.Compare(a.Environment, b.Environment),
			strings.Compare(a.ID, b.ID), b.Observed.Compare(a.Observed))
	})
	return slices.CompactFunc(all, func(x, y T) bool {
		a, b := P(&x).Common(), P(&y).Common()
		return a.ID == b.ID && a.Entity == b.Entity && a.Environment == b.Environment
	})
}

// inOrder returns the same facts in an order that depends on nothing but them.
func (f Facts) inOrder() Facts {
	f.Deployments = sorted(f.Deployments)
	f.Health = sorted(f.Health)
	f.Releases = sorted(f.Releases)
	f.Runs = sorted(f.Runs)
	f.Repositories = sorted(f.Repositories)
	f.OnCall = sorted(f.OnCall)
	f.Incidents = sorted(f.Incidents)
	f.Alerts = sorted(f.Alerts)
	f.Objectives = sorted(f.Objectives)
	f.Foreign = slices.Clone(f.Foreign)
	slices.SortFunc(f.Foreign, func(a, b Foreign) int {
		return cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(a.ID, b.ID), strings.Compare(a.Entity, b.Entity))
	})
	f.Problems = slices.Clone(f.Problems)
	slices.SortFunc(f.Problems, func(a, b Problem) int {
		return cmp.Or(strings.Compare(a.Entity, b.Entity), strings.Compare(a.Environment, b.Environment), strings.Compare(string(a.Kind), string(b.Kind)))
	})
	return f
}

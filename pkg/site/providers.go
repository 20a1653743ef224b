package site

import (
	"fmt"
	"slices"
	"time"

	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// problemHelp says of each kind of problem what to do about it.
var problemHelp = map[snapshot.ProblemKind]string{
	snapshot.Auth:       "The token is wrong or has expired: make a new one and put it into the secret that signpost snapshot reads.",
	snapshot.Forbidden:  "The token may not read this: give it the rights that the guide of the provider lists, for reading only.",
	snapshot.NotFound:   "Compare the identifier in the descriptor with the system; many systems also hide from a token what it may not see.",
	snapshot.RateLimit:  "Too many requests: fetch less often, or use a token with a limit of its own. The next run goes on where this one ended.",
	snapshot.Timeout:    "The system did not answer in time. If this lasts, look at its status page.",
	snapshot.Network:    "No connection: check the address in signpost.yaml, and whether the runner may reach it.",
	snapshot.Server:     "The system says that it has failed itself: look at its status page. The next run tries again.",
	snapshot.Garbage:    "The answer is not what the system documents: check that the address leads to its API and not to a page for signing in.",
	snapshot.Incomplete: "Some pages of a list were missing, so the facts of before were kept. The next run tries again.",
	snapshot.Loss:       "Much less came than before, so the facts of before were kept. If that is right, run signpost snapshot with --accept-loss and the name of the provider.",
	snapshot.Config:     "The entry in signpost.yaml or in a descriptor cannot be used: mend it as the message says.",
}

// helpFor says what to do about a problem.
func helpFor(kind snapshot.ProblemKind) string {
	if help := problemHelp[kind]; help != "" {
		return help
	}
	return "Look into the log of the last run of signpost snapshot."
}

// mostProblems is how many entities and references the health page names for a provider.
const mostProblems = 50

// providers are the live systems, and how well they were read.
func (l *planner) providers() []ProviderRow {
	var rows []ProviderRow
	for _, p := range l.Providers() {
		rows = append(rows, l.provider(p))
	}
	return rows
}

func (l *planner) provider(p *portal.Provider) ProviderRow {
	r := ProviderRow{
		LiveState: LiveState{Good, "Read"}, Name: p.Name, Type: providerName(p.Type), Facts: p.Facts,
		Fetched: zeroOrUTC(p.Fetched), Tried: zeroOrUTC(p.Tried),
	}
	if !p.Fetched.IsZero() {
		r.Stale = p.Fetched.Add(p.Stale).UTC()
	}
	switch {
	case p.Problem != nil:
		r.LiveState = LiveState{Bad, "Cannot be read"}
		r.Problem, r.Help, r.Since = p.Problem.Message, helpFor(p.Problem.Kind), p.Problem.Since.UTC()
	case p.Fetched.IsZero():
		r.LiveState = LiveState{Unknown, "Never read"}
	case len(p.Problems) > 0:
		r.LiveState = LiveState{Warns, "Read in part"}
	}
	if !p.Configured {
		if r.State == Good {
			r.LiveState = LiveState{Warns, "Not in signpost.yaml"}
		}
		r.Help += " No provider of signpost.yaml has this name, so nothing newer will come: delete its file from the store, or name it again."
	}
	l.entityProblems(&r, p)
	for _, s := range p.Strangers[:min(len(p.Strangers), mostProblems)] {
		r.Strangers = append(r.Strangers, fmt.Sprintf("%s (%d %s)", s.Ref, s.Facts, plural(s.Facts, "fact")))
	}
	if more := len(p.Strangers) - mostProblems; more > 0 {
		r.Strangers = append(r.Strangers, fmt.Sprintf("%d more", more))
	}
	return r
}

// entityProblems names the entities of which nothing newer is known.
func (l *planner) entityProblems(r *ProviderRow, p *portal.Provider) {
	for _, x := range p.Problems[:min(len(p.Problems), mostProblems)] {
		row := EntityProblem{Entity: Link{Text: x.Entity}, Problem: x.Message, Help: helpFor(x.Kind), Since: zeroOrUTC(x.Since)}
		if e := l.Named(x.Entity); e != nil {
			row.Entity = linkTo(healthPage, e.Entity)
		}
		if x.Environment != "" {
			row.Entity.Text += ", " + l.environmentTitle(x.Environment)
		}
		r.Entities = append(r.Entities, row)
	}
	if more := len(p.Problems) - mostProblems; more > 0 {
		r.Entities = append(r.Entities, EntityProblem{Entity: Link{Text: fmt.Sprintf("%d more", more)}})
	}
}

func zeroOrUTC(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC()
}

// unmatched are the things of all providers that have no other side.
func unmatched(p *portal.Portal) []foreignThing {
	var all []foreignThing
	for _, by := range p.Providers() {
		for _, f := range by.Foreign {
			all = append(all, foreignThing{by, f})
		}
	}
	slices.SortStableFunc(all, func(a, b foreignThing) int { return foreignRank(a.fact) - foreignRank(b.fact) })
	return all
}

// foreignThing is a foreign thing with the provider that knows it.
type foreignThing struct {
	by   *portal.Provider
	fact snapshot.Foreign
}

// foreignRank puts mistakes in descriptors before what only nobody has described yet, and
// last what is no longer used.
func foreignRank(f snapshot.Foreign) int {
	switch f.State {
	case "missing":
		return 0
	case "active":
		return 1
	}
	return 2
}

package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/diag"
)

// lifecycleDependency finds things in production that depend on what is not yet,
// or no longer, to be relied upon.
func lifecycleDependency(p *pass) {
	for r := range p.dependencies() {
		if r.From.Lifecycle.Text != "production" {
			continue
		}
		switch state := r.To.Lifecycle.Text; state {
		case "experimental", "deprecated", "retired":
			d := diag.Diagnostic{
				Span:    r.Span,
				Message: fmt.Sprintf("%s is in production but depends on %s, which is %s", r.From.Ref, r.To.Ref, state),
				Related: []diag.Related{{Span: r.To.Lifecycle.Span, Message: "said here"}},
			}
			if next := r.To.Successor(); next != nil {
				d.Hint = fmt.Sprintf("its successor is %s", next.Ref)
			}
			p.report(d)
		}
	}
}

// tierInversion finds things that fail when something less important fails.
func tierInversion(p *pass) {
	for r := range p.dependencies() {
		if r.From.Tier == 0 || r.To.Tier <= r.From.Tier || !r.Critical() {
			continue
		}
		p.report(diag.Diagnostic{
			Span:    r.Span,
			Message: fmt.Sprintf("%s is tier %d but depends on %s, which is tier %d", r.From.Ref, r.From.Tier, r.To.Ref, r.To.Tier),
			Hint:    "raise the tier of the one, or say `criticality: degrades` (or optional) if the other survives without it",
			Related: []diag.Related{{Span: r.To.TierSpan, Message: "its tier is set here"}},
		})
	}
}

// dependencies yields every dependency that leads somewhere.
func (p *pass) dependencies() func(func(*catalog.Relation) bool) {
	return func(yield func(*catalog.Relation) bool) {
		for e := range p.Catalog.Described() {
			for _, r := range e.Relations {
				if r.To != nil && (r.Type == catalog.DependsOn || r.Type == catalog.Consumes) && !yield(r) {
					return
				}
			}
		}
	}
}

// dependencyCycle finds things that depend on themselves by way of others.
func dependencyCycle(p *pass) {
	p.cycles(edges{catalog.DependsOn}, diag.Diagnostic{
		Message: "dependency cycle: ", Hint: "turn one of the arrows round or take it out",
	}, "%s depends on %s")
}

// hierarchyCycle finds teams, domains and components that are parts of themselves.
func hierarchyCycle(p *pass) {
	p.cycles(edges{catalog.ChildOf, catalog.PartOf}, diag.Diagnostic{
		Message: "hierarchy cycle: ", Hint: "take one of the arrows out: whatever is at the top is part of nothing",
	}, "%s is part of %s")
}

// cycles reports each knot once, with one whole cycle through its first entity.
// arrow says of two entities that the one leads to the other.
func (p *pass) cycles(along edges, d diag.Diagnostic, arrow string) {
	message := d.Message
	for _, knot := range along.knots(p.Catalog.Entities) {
		cycle := along.shortestCycle(knot)
		var names []string
		for _, r := range cycle {
			names = append(names, r.From.Ref.String())
		}
		names = append(names, cycle[0].From.Ref.String())
		d.Span, d.Message, d.Related = cycle[0].Span, message+strings.Join(names, " → "), nil
		for _, r := range cycle[1:] {
			d.Related = append(d.Related, diag.Related{Span: r.Span, Message: fmt.Sprintf(arrow, r.From.Ref, r.To.Ref)})
		}
		p.report(d)
	}
}

// edges are the types of relations along which a cycle is looked for.
type edges []*catalog.RelationType

func (along edges) from(e *catalog.Entity) []*catalog.Relation {
	var all []*catalog.Relation
	for _, r := range e.Relations {
		if slices.Contains(along, r.Type) {
			all = append(all, r)
		}
	}
	return all
}

// knots returns the sets of entities that lead to one another, each sorted and in
// the order of their first entity (Tarjan's strongly connected components,
// without recursion: a chain may be as long as the catalog).
func (along edges) knots(entities []*catalog.Entity) [][]*catalog.Entity {
	type frame struct {
		entity *catalog.Entity
		edges  []*catalog.Relation
	}
	index, low := map[*catalog.Entity]int{}, map[*catalog.Entity]int{}
	onStack := map[*catalog.Entity]bool{}
	var stack []*catalog.Entity
	var found [][]*catalog.Entity
	enter := func(e *catalog.Entity) frame {
		index[e] = len(index) + 1
		low[e] = index[e]
		stack = append(stack, e)
		onStack[e] = true
		return frame{e, along.from(e)}
	}
	leave := func(e *catalog.Entity) {
		if low[e] != index[e] {
			return
		}
		var knot []*catalog.Entity
		for len(knot) == 0 || knot[len(knot)-1] != e {
			member := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			onStack[member] = false
			knot = append(knot, member)
		}
		if len(knot) > 1 || along.leadsBack(e) {
			slices.SortFunc(knot, func(a, b *catalog.Entity) int { return cmp.Compare(a.Ref.String(), b.Ref.String()) })
			found = append(found, knot)
		}
	}
	for _, root := range entities {
		if index[root] != 0 {
			continue
		}
		frames := []frame{enter(root)}
		for len(frames) > 0 {
			top := &frames[len(frames)-1]
			if len(top.edges) == 0 {
				leave(top.entity)
				done := top.entity
				frames = frames[:len(frames)-1]
				if len(frames) > 0 {
					above := frames[len(frames)-1].entity
					low[above] = min(low[above], low[done])
				}
				continue
			}
			to := top.edges[0].To
			top.edges = top.edges[1:]
			switch {
			case to == nil:
			case index[to] == 0:
				frames = append(frames, enter(to))
			case onStack[to]:
				low[top.entity] = min(low[top.entity], index[to])
			}
		}
	}
	slices.SortFunc(found, func(a, b []*catalog.Entity) int { return cmp.Compare(a[0].Ref.String(), b[0].Ref.String()) })
	return found
}

func (along edges) leadsBack(e *catalog.Entity) bool {
	return slices.ContainsFunc(along.from(e), func(r *catalog.Relation) bool { return r.To == e })
}

// shortestCycle returns the relations of a shortest cycle through the first
// entity of a knot.
func (along edges) shortestCycle(knot []*catalog.Entity) []*catalog.Relation {
	in := map[*catalog.Entity]bool{}
	for _, e := range knot {
		in[e] = true
	}
	start := knot[0]
	came := map[*catalog.Entity]*catalog.Relation{}
	queue := []*catalog.Entity{start}
	for len(queue) > 0 {
		e := queue[0]
		queue = queue[1:]
		for _, r := range along.from(e) {
			if r.To == start {
				return trace(came, start, r)
			}
			if r.To != nil && in[r.To] && came[r.To] == nil {
				came[r.To] = r
				queue = append(queue, r.To)
			}
		}
	}
	return nil
}

func trace(came map[*catalog.Entity]*catalog.Relation, start *catalog.Entity, last *catalog.Relation) []*catalog.Relation {
	cycle := []*catalog.Relation{last}
	for e := last.From; e != start; e = came[e].From {
		cycle = append(cycle, came[e])
	}
	slices.Reverse(cycle)
	return cycle
}

// deprecationPlan finds what is deprecated with neither a successor nor a date.
func deprecationPlan(p *pass) {
	for e := range p.Catalog.Described() {
		if e.Lifecycle.Text != "deprecated" {
			continue
		}
		if len(e.Outgoing(catalog.ReplacedBy)) > 0 || e.Deprecation != nil && e.Deprecation.Date.Written() {
			continue
		}
		p.at(e.Lifecycle.Span, "add `deprecation: {successor: …, date: YYYY-MM-DD}`",
			fmt.Sprintf("%s is deprecated, but neither a successor nor a date is given", e.Ref))
	}
}

package portal

import "github.com/signpost-dev/signpost/pkg/catalog"

// Dependent is an entity that fails when another does.
type Dependent struct {
	*Entity
	Hops int // 1 if it depends on it directly
}

// Dependents returns all that fails with an entity, nearest first: what cannot do
// without it, or without something that cannot. APIs pass failure on: whoever
// consumes one fails with whoever provides it.
func (p *Portal) Dependents(e *Entity) []Dependent {
	seen := map[*catalog.Entity]bool{e.Entity: true}
	var all []Dependent
	queue := []Dependent{{e, 0}}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, next := range failsWith(at.Entity.Entity) {
			if !seen[next] {
				seen[next] = true
				d := Dependent{p.byEntity[next], at.Hops + 1}
				all = append(all, d)
				queue = append(queue, d)
			}
		}
	}
	return all
}

func failsWith(e *catalog.Entity) []*catalog.Entity {
	var all []*catalog.Entity
	for _, r := range e.Incoming(catalog.DependsOn) {
		if r.Critical() {
			all = append(all, r.From)
		}
	}
	for _, r := range e.Incoming(catalog.Consumes) {
		if r.Critical() {
			all = append(all, r.From)
		}
	}
	for _, r := range e.Outgoing(catalog.Provides) {
		if r.To != nil {
			all = append(all, r.To)
		}
	}
	return all
}

package portal

import (
	"cmp"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/pkg/natural"
)

// addElsewhere joins the documents that an entity says are in another wiki.
func (p *Portal) addElsewhere(e *Entity) {
	home, _ := home(e.Entity)
	for _, entry := range e.Elsewhere {
		d := docs.Elsewhere(home, entry)
		if d == nil {
			continue
		}
		p.elsewhere = append(p.elsewhere, d)
		p.about[d] = []*Entity{e}
		p.kinds[d.Kind] = true
		p.used.runbooks = p.used.runbooks || d.Kind == docs.Runbook
		e.Documents = append(e.Documents, d)
	}
}

// Shown reports whether a document can be opened: on a page of its own, or elsewhere.
func Shown(d *docs.Document) bool { return d.Page != "" || d.URL != "" }

// Elsewhere returns the documents that descriptors say are in other wikis.
func (p *Portal) Elsewhere() []*docs.Document { return p.elsewhere }

// inOrder sorts the documents of an entity as their folder has them: by folder, then by the
// order that they ask for, the README first, then by name. Those elsewhere come last.
func inOrder(all []*docs.Document) {
	slices.SortStableFunc(all, func(a, b *docs.Document) int {
		return cmp.Or(
			compareBools(a.URL != "", b.URL != ""),
			natural.Compare(path.Dir(a.File), path.Dir(b.File)),
			cmp.Compare(orderOf(a), orderOf(b)),
			compareBools(!isReadme(a), !isReadme(b)),
			natural.Compare(path.Base(a.File), path.Base(b.File)),
		)
	})
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// orderOf is where a document stands among its siblings. Without an order it comes after
// those that have one.
func orderOf(d *docs.Document) int {
	n, err := strconv.Atoi(d.Front.Field("order").Text())
	if err != nil {
		return math.MaxInt
	}
	return n
}

func isReadme(d *docs.Document) bool { return strings.EqualFold(path.Base(d.File), "README.md") }

// Decisions returns the decision log of a system: the decisions about it and about what is
// in it, the latest first; of one day, that with the higher number. It is nil for all else.
func (p *Portal) Decisions(system *Entity) []*docs.Document {
	if system.Kind.Name != "system" {
		return nil
	}
	return p.decided()[system.Entity]
}

// decisionLogs returns the decision logs of all systems.
func (p *Portal) decisionLogs() map[*catalog.Entity][]*docs.Document {
	logs := map[*catalog.Entity][]*docs.Document{}
	for _, e := range p.Entities {
		system := e.Entity
		if e.Kind.Name != "system" {
			system = e.System()
		}
		if system == nil {
			continue
		}
		for _, d := range e.Documents {
			if d.Kind == docs.ADR && Shown(d) && !slices.Contains(logs[system], d) {
				logs[system] = append(logs[system], d)
			}
		}
	}
	for _, log := range logs {
		LatestFirst(log)
	}
	return logs
}

// LatestFirst sorts decisions and postmortems by their day, the latest first.
func LatestFirst(all []*docs.Document) {
	number := func(d *docs.Document) int {
		if d.Decision == nil {
			return -1
		}
		return d.Decision.Number
	}
	slices.SortStableFunc(all, func(a, b *docs.Document) int {
		return cmp.Or(cmp.Compare(b.Date(), a.Date()), cmp.Compare(number(b), number(a)))
	})
}

// Playbook is a playbook for an entity.
type Playbook struct {
	*docs.Document
	Of       *catalog.Entity // to what it belongs, if not to the entity itself; nil otherwise
	Everyone bool            // it is for all
}

// Playbooks returns the playbooks for an entity, the nearest first: its own, those of what
// it is part of, of its owner and the teams above, and those for everyone.
func (p *Portal) Playbooks(e *Entity) []Playbook {
	var all []Playbook
	seen := map[*docs.Document]bool{}
	add := func(of *catalog.Entity, everyone bool, from []*docs.Document) {
		for _, d := range from {
			if d.Kind == docs.Playbook && Shown(d) && !seen[d] {
				seen[d] = true
				all = append(all, Playbook{d, of, everyone})
			}
		}
	}
	add(nil, false, e.Documents)
	for _, of := range above(e.Entity) {
		add(of, false, p.byEntity[of].Documents)
	}
	for _, d := range p.forEveryone() {
		if about := p.About(d); len(about) > 0 {
			add(about[0].Entity, true, []*docs.Document{d})
		}
	}
	return all
}

// above is what an entity is part of and who answers for it, each with those above it, the
// nearest first.
func above(e *catalog.Entity) []*catalog.Entity {
	const most = 100 // a circle of parents is a finding, and no reason to go on for ever
	var all []*catalog.Entity
	queue := []*catalog.Entity{e}
	for len(queue) > 0 && len(all) < most {
		x := queue[0]
		queue = queue[1:]
		for _, up := range []*catalog.Entity{x.Parent(), x.System(), x.Owner(), x.Domain()} {
			if up != nil && up != e && !slices.Contains(all, up) {
				all = append(all, up)
				queue = append(queue, up)
			}
		}
	}
	return all
}

// playbooksForEveryone are the playbooks that say that they are for all.
func (p *Portal) playbooksForEveryone() []*docs.Document {
	var all []*docs.Document
	for _, d := range p.DocumentsOf(docs.Playbook) {
		if d.Front.Field("everyone").Text() == "true" {
			all = append(all, d)
		}
	}
	return all
}

package site

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/natural"
	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// matrixFolder is where the matrix of all services and environments is.
const matrixFolder = "-/environments"

// mostEnvironments is how many environments the matrix has columns for. More would make
// every cell too narrow to read.
const mostEnvironments = 6

// mostServices is how many services the matrix on the page of a team or a system has.
const mostServices = 12

// mostStanding is how many services a list of those that stand in one way may have. A longer
// one helps nobody to find what is the matter, and draws every row once more.
const mostStanding = 500

// matrix is services by environments, before it is divided into pages.
type matrix struct {
	services     []*portal.Entity
	environments []catalog.EnvironmentName // those that any of the services is in, as far as there is room
	more         []catalog.EnvironmentName // those for which there is none
}

// hasMatrix reports whether live systems say of any service what runs where.
func hasMatrix(p *portal.Portal) bool {
	return slices.ContainsFunc(p.Catalog.OfKind("service"), func(e *catalog.Entity) bool { return len(placesOf(p.Of(e))) > 0 })
}

func placesOf(e *portal.Entity) []*portal.LivePlace {
	if e.Live == nil {
		return nil
	}
	return e.Live.Places
}

// inMatrix reports whether live systems say what is in the environments of an entity, or
// are asked and do not: then that is unknown.
func (l *planner) inMatrix(e *portal.Entity) bool {
	if len(placesOf(e)) > 0 {
		return true
	}
	return len(l.Snapshots) > 0 && slices.ContainsFunc(e.Deployed, func(env catalog.Environment) bool {
		return isAsked(env, "deployments") || isAsked(env, "health")
	})
}

// isAsked reports whether an environment says of what something is to be asked.
func isAsked(env catalog.Environment, purpose string) bool {
	return slices.ContainsFunc(env.Bindings, func(b catalog.Binding) bool { return b.Purpose == purpose })
}

// matrixOf is the matrix of those of some entities that are services and have a place in it;
// nil if no live system says anything of them.
func (l *planner) matrixOf(all []*portal.Entity) *matrix {
	m := &matrix{}
	known := map[string]bool{}
	told := false
	for _, e := range all {
		if e.Kind.Name != "service" || !l.inMatrix(e) {
			continue
		}
		m.services = append(m.services, e)
		for _, p := range placesOf(e) {
			known[p.Environment], told = true, true
		}
		for _, env := range e.Deployed {
			if isAsked(env, "deployments") || isAsked(env, "health") {
				known[env.Name.Text] = true
			}
		}
	}
	if !told {
		return nil
	}
	for _, name := range l.Catalog.Config.Environments {
		if known[name.Name] {
			m.environments = append(m.environments, name)
			delete(known, name.Name)
		}
	}
	var others []catalog.EnvironmentName
	for name := range known {
		others = append(others, catalog.EnvironmentName{Name: name, Title: l.environmentTitle(name)})
	}
	slices.SortFunc(others, func(a, b catalog.EnvironmentName) int { return natural.Compare(a.Name, b.Name) })
	m.environments = append(m.environments, others...)
	if len(m.environments) > mostEnvironments {
		m.environments, m.more = m.environments[:mostEnvironments], m.environments[mostEnvironments:]
	}
	return m
}

func (m *matrix) columns() []Column {
	var columns []Column
	for _, env := range m.environments {
		columns = append(columns, Column{Key: env.Name, Title: env.Title})
	}
	return columns
}

// legend says how to read the matrix, and where to read on.
func (m *matrix) legend() string {
	var parts []string
	if len(m.environments) > 1 {
		parts = append(parts, "“Differs” marks a version that is not the one in "+m.environments[0].Title+".")
	}
	switch n := len(m.more); {
	case n == 1:
		parts = append(parts, "What is in "+m.more[0].Title+" is on the pages of the services.")
	case n > 1:
		parts = append(parts, fmt.Sprintf("What is in %s and %d more environments is on the pages of the services.", m.more[0].Title, n-1))
	}
	return strings.Join(parts, " ")
}

// row is what runs of a service in each environment, as its own page has it.
func (l *planner) matrixRow(from string, m *matrix, e *portal.Entity, note string) ListRow {
	row := ListRow{Link: linkTo(from, e.Entity), Note: note, Now: alarmNow(e)}
	views := l.livePlaces(from, e, l.environments(e))
	for _, env := range m.environments {
		var cell Cell
		if i := slices.IndexFunc(views, func(v Environment) bool { return v.name == env.Name }); i >= 0 {
			cell.Place = &PlaceCell{Environment: views[i], To: href(from, e.Page()) + "#sp-environments"}
		}
		row.Cells = append(row.Cells, cell)
	}
	return row
}

// matrixNote is whose a service is, and how much hangs on it.
func matrixNote(e *portal.Entity) string {
	var parts []string
	if owner := e.Owner(); owner != nil {
		parts = append(parts, owner.DisplayName())
	}
	if e.Tier > 0 {
		parts = append(parts, "tier "+tierWord(e))
	}
	return strings.Join(parts, " · ")
}

// matrixPages works out the matrix of all services; nothing if no live system says what
// runs where. Rows stand in the order of names, in which people look a service up and in
// which a change of state changes one page; what is wrong has a list of its own, one
// click away and with its number on every page.
func (l *planner) matrixPages() []Planned {
	all := l.OfKind("service")
	slices.SortStableFunc(all, byName)
	m := l.matrixOf(all)
	if m == nil {
		return nil
	}
	facets := l.matrixFacets(m.services)
	narrow := func(from string) []Narrowing { return narrowings(from, facets) }
	whole := l.matrixTable(m, matrixFolder, m.services)
	whole.narrow = narrow
	pages := l.tablePages(whole)
	for _, f := range facets {
		for _, v := range f.values {
			t := l.matrixTable(m, v.folder, v.rows)
			t.title += ": " + v.text
			t.narrow, t.chosen, t.whole = narrow, f.title+": "+v.text, listPath(matrixFolder, 1)
			pages = append(pages, l.tablePages(t)...)
		}
		if len(f.values) > facetValues {
			pages = append(pages, l.tablePages(f.table("Services", listPath(matrixFolder, 1)))...)
		}
	}
	return pages
}

func (l *planner) matrixTable(m *matrix, folder string, services []*portal.Entity) table {
	return table{
		folder: folder, title: "Environments", section: listPath(matrixFolder, 1), total: len(services), columns: m.columns(), places: true,
		description: strings.TrimSpace("Which version of each service runs where, and how it does. " + m.legend()),
		row:         func(from string, i int) ListRow { return l.matrixRow(from, m, services[i], matrixNote(services[i])) },
	}
}

// matrixFacets are the ways to narrow the matrix: by how services stand, where that leaves
// much out. Whose they are the pages of teams say.
func (l *planner) matrixFacets(services []*portal.Entity) []pagedFacet[*portal.Entity] {
	var facets []pagedFacet[*portal.Entity]
	state := pagedFacet[*portal.Entity]{key: "state", title: "State", folder: matrixFolder + "/-/state"}
	values := []pagedValue[*portal.Entity]{{text: "Wrong now"}, {text: "Unknown"}, {text: "Being deployed"}, {text: "Versions differ"}}
	for _, e := range services {
		s := l.standingOf(e)
		for i, is := range []bool{s.worst == Bad || s.worst == Warns, s.unknown, s.deploying, s.differs} {
			if is {
				values[i].rows = append(values[i].rows, e)
			}
		}
	}
	for _, v := range values {
		if v.folder = state.folder + "/" + catalog.Slug(v.text); len(v.rows) > 0 && len(v.rows) <= mostStanding {
			state.values = append(state.values, v)
		}
	}
	if len(state.values) > 0 {
		facets = append(facets, state)
	}
	return facets
}

// standing is how a service does in all environments together.
type standing struct {
	worst     State // of incidents, alerts, health and what was deployed last; empty if nothing is told
	unknown   bool  // of the health or the version in an environment nothing is known
	deploying bool
	differs   bool // not the same version runs everywhere
}

// standingOf works out how a service does from the facts alone, without the views of
// its environments: the matrix of a large catalog asks it of all.
func (l *planner) standingOf(e *portal.Entity) standing {
	var s standing
	note := func(state State) {
		s.unknown = s.unknown || state == Unknown
		if s.worst == "" || rank(state) < rank(s.worst) {
			s.worst = state
		}
	}
	if alarm := alarmNow(e); alarm != nil {
		note(alarm.State)
	}
	version := ""
	for _, p := range placesOf(e) {
		if d, ok := p.Running(); ok {
			runs := versionText(d.Fact)
			s.differs = s.differs || version != "" && runs != version
			version = runs
		}
		if d, ok := p.Attempt(); ok {
			note(stateOf(deploymentStates, d.Fact.State).State)
			s.deploying = s.deploying || d.Fact.State == snapshot.Queued || d.Fact.State == snapshot.Running
		}
		for _, h := range p.Health {
			note(stateOf(healthStates, h.Fact.State).State)
		}
	}
	for _, env := range e.Deployed {
		p := &portal.LivePlace{}
		if e.Live != nil {
			p = cmp.Or(e.Live.Place(env.Name.Text), p)
		}
		if isAsked(env, "deployments") && len(p.Deployments) == 0 || isAsked(env, "health") && len(p.Health) == 0 {
			note(Unknown)
		}
	}
	return s
}

// ownMatrix is the matrix of what a team owns or a system contains, what is wrong first, since
// the page has room for some only. The others are found in the matrix of all: a list for each
// team and system would draw every row of that twice more. It is nil if no live system says
// anything of them.
func (l *planner) ownMatrix(e *portal.Entity) *MatrixView {
	m := l.matrixOf(l.operated(e))
	if m == nil {
		return nil
	}
	l.sortByStanding(m.services)
	v := &MatrixView{Columns: m.columns(), Legend: m.legend()}
	for _, service := range m.services[:min(len(m.services), mostServices)] {
		v.Rows = append(v.Rows, l.matrixRow(e.Page(), m, service, tierNote(service)))
	}
	if more := len(m.services) - mostServices; more > 0 {
		v.More = Link{Text: fmt.Sprintf("%d more are among all services", more), Href: href(e.Page(), listPath(matrixFolder, 1))}
	}
	return v
}

// operated is what a team and the teams below it own, or what a system contains.
func (l *planner) operated(e *portal.Entity) []*portal.Entity {
	switch {
	case e.Team != nil:
		own, below := l.Owned(e)
		return slices.Concat(own, below)
	case e.Kind.Name == "system":
		var all []*portal.Entity
		for _, r := range e.Incoming(catalog.InSystem) {
			all = append(all, l.Of(r.From))
		}
		return all
	}
	return nil
}

// sortByStanding puts what is wrong first, then what matters most, then by name.
func (l *planner) sortByStanding(services []*portal.Entity) {
	urgency := make(map[*portal.Entity]int, len(services))
	for _, e := range services {
		urgency[e] = len(services) // of nothing that is told
		if s := l.standingOf(e); s.worst != "" {
			urgency[e] = rank(s.worst)
		}
	}
	slices.SortStableFunc(services, func(a, b *portal.Entity) int {
		return cmp.Or(cmp.Compare(urgency[a], urgency[b]), cmp.Compare(tierRank(a.Entity), tierRank(b.Entity)), byName(a, b))
	})
}

func byName(a, b *portal.Entity) int { return natural.Compare(a.DisplayName(), b.DisplayName()) }

func tierNote(e *portal.Entity) string {
	if e.Tier == 0 {
		return ""
	}
	return "Tier " + tierWord(e)
}

// Package portal is the read model: what pages, search, exports and commands
// show of an entity, worked out once. It joins the catalog with its documents,
// the findings about it and the rotations of the days to come, and answers the
// questions of someone in a hurry: whose is it, who is on call, where do I write,
// what do I do, where is the code.
//
// It knows nothing of HTML, files or flags, and never changes what it was given.
package portal

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/signpost-dev/signpost/pkg/apispec"
	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/pkg/githistory"
	"github.com/signpost-dev/signpost/pkg/natural"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// ShiftDays is how many days of shifts pages carry. After the last of them they
// say "unknown", until the site is built again.
const ShiftDays = 14

// Input is what a Portal is made of.
type Input struct {
	Catalog   *catalog.Catalog
	Documents []*docs.Document
	Summaries map[*docs.Document]string // what each document begins with, once they have been read; may be nil
	Findings  []diag.Diagnostic
	Changes   map[string]githistory.Change // last change of a file, by its path in the Git repository; may be nil
	Prefix    string                       // path of the catalog root in the Git repository: "" or "catalog/"
	Day       time.Time                    // UTC day of the build
	History   []snapshot.Month             // what happened in the months before, the oldest first
	Specs     *apispec.Set                 // descriptions of APIs; may be nil
	Texts     *docs.Set                    // renders the Markdown in them; may be nil
	Exists    func(path string) bool       // whether a file of the catalog root is there; nil: only documents are
	Snapshots []snapshot.File              // what live systems say, as a store returns it; may be empty
}

// Portal is the catalog, ready to show. It is read-only once made.
type Portal struct {
	Input
	Entities []*Entity // in the order of the catalog

	byEntity map[*catalog.Entity]*Entity
	byPath   map[string]*docs.Document // documents by their path in the tree
	byFile   map[string][]diag.Diagnostic
	about    map[*docs.Document][]*Entity
	ofKind   func() map[docs.Kind][]*docs.Document // worked out when it is asked for
	shifts   map[*catalog.Rotation][]catalog.Shift
	onDuty   map[*catalog.Entity][]*catalog.Rotation
	used     capabilities
	kinds    map[docs.Kind]bool // of documents that have a page

	elsewhere    []*docs.Document // in other wikis
	providers    []*Provider
	allIncidents []*Incident

	// Indexes, worked out when they are asked for.
	postmortems func() map[string]*docs.Document    // by incident
	reviewed    func() map[*docs.Document]*Incident // the same from the other end
	persons     func() map[string]*Entity           // by what live systems call them
	addressed   func() map[string]*docs.Document    // by paths that addresses end in
	hit         func() map[*Entity][]*docs.Document // postmortems by what the incident hit
	decided     func() map[*catalog.Entity][]*docs.Document
	open        func() map[*catalog.Entity][]*Action
	forEveryone func() []*docs.Document // playbooks
}

// Entity is an entity with what is known of it beyond its descriptor.
type Entity struct {
	*catalog.Entity
	Documents []*docs.Document // in the order of their folders; those in other wikis last
	Findings  []diag.Diagnostic
	Live      *Live // what live systems say of it; nil for nothing

	API *apispec.Outline // the description of an API that the catalog holds; nil if there is none
}

// capabilities are what a catalog makes use of. What it does not use, no page
// mentions; what it does use, pages miss where it is not there.
type capabilities struct {
	onCall, channels, runbooks, repositories, dashboards bool
}

// New joins the parts.
func New(in Input) *Portal {
	p := &Portal{
		Input:    in,
		byEntity: make(map[*catalog.Entity]*Entity, len(in.Catalog.Entities)),
		byPath:   make(map[string]*docs.Document, len(in.Documents)),
		kinds:    map[docs.Kind]bool{},
		byFile:   map[string][]diag.Diagnostic{},
		about:    make(map[*docs.Document][]*Entity, len(in.Documents)),
		shifts:   map[*catalog.Rotation][]catalog.Shift{},
		onDuty:   map[*catalog.Entity][]*catalog.Rotation{},
	}
	p.expandRotations()
	p.ofKind = sync.OnceValue(p.sortDocuments)
	p.postmortems = sync.OnceValue(p.namedIncidents)
	p.reviewed = sync.OnceValue(p.reviewedIncidents)
	p.persons = sync.OnceValue(p.namePersons)
	p.addressed = sync.OnceValue(p.addresses)
	p.hit = sync.OnceValue(p.hits)
	p.decided = sync.OnceValue(p.decisionLogs)
	p.open = sync.OnceValue(p.openActions)
	p.forEveryone = sync.OnceValue(p.playbooksForEveryone)
	for _, d := range in.Findings {
		p.byFile[d.Span.File] = append(p.byFile[d.Span.File], d)
	}
	for _, e := range in.Catalog.Entities {
		entity := &Entity{Entity: e, Findings: p.within(e.Span), API: in.Specs.Outline(e.DefinitionFile())}
		if entity.API != nil {
			entity.Findings = append(entity.Findings, p.inSpec(entity.API)...)
		}
		p.byEntity[e] = entity
		p.Entities = append(p.Entities, entity)
		p.used.note(e)
	}
	for _, d := range in.Documents {
		p.byPath[d.File] = d
		p.kinds[d.Kind] = p.kinds[d.Kind] || d.Page != ""
		p.used.runbooks = p.used.runbooks || d.Kind == docs.Runbook
		p.about[d] = p.aboutOf(d)
		for _, e := range p.About(d) {
			e.Documents = append(e.Documents, d)
			e.Findings = append(e.Findings, p.byFile[d.Name]...)
		}
	}
	for _, e := range p.Entities {
		p.addElsewhere(e)
		inOrder(e.Documents)
		slices.SortStableFunc(e.Documents, inBooks)
	}
	p.joinFacts()
	return p
}

// inBooks orders documents: those that stand in the navigation of a book first, as they stand
// there; all others stay in the order of their files.
func inBooks(a, b *docs.Document) int {
	switch {
	case a.Place == 0 && b.Place == 0:
		return 0
	case a.Place == 0:
		return 1
	case b.Place == 0:
		return -1
	}
	return cmp.Or(cmp.Compare(a.Book(), b.Book()), cmp.Compare(a.Place, b.Place))
}

func (c *capabilities) note(e *catalog.Entity) {
	c.onCall = c.onCall || e.OnCall != nil
	c.channels = c.channels || e.Channel.Written()
	c.runbooks = c.runbooks || e.Runbook.Written()
	c.repositories = c.repositories || e.Repository.Written()
	for _, l := range e.Links {
		c.dashboards = c.dashboards || l.Type == linkDashboard
		c.runbooks = c.runbooks || l.Type == linkRunbook
	}
}

// within returns the findings inside one document of a descriptor file.
func (p *Portal) within(span diag.Span) []diag.Diagnostic {
	var found []diag.Diagnostic
	for _, d := range p.byFile[span.File] {
		if line := d.Span.Start.Line; line == 0 || line >= span.Start.Line && line <= span.End.Line {
			found = append(found, d)
		}
	}
	return found
}

// inSpec returns the findings in the files of a description.
func (p *Portal) inSpec(o *apispec.Outline) []diag.Diagnostic {
	var found []diag.Diagnostic
	for _, u := range o.Used {
		found = append(found, p.byFile[strings.TrimPrefix(p.Prefix+u.File, "./")]...)
	}
	return found
}

// Of returns the read model of an entity, or nil.
func (p *Portal) Of(e *catalog.Entity) *Entity { return p.byEntity[e] }

// OfKind returns the entities of a kind, by namespace and name.
func (p *Portal) OfKind(kind string) []*Entity {
	var all []*Entity
	for _, e := range p.Catalog.OfKind(kind) {
		all = append(all, p.byEntity[e])
	}
	return all
}

// About returns the entities that a document belongs to, its home first.
func (p *Portal) About(d *docs.Document) []*Entity { return p.about[d] }

func (p *Portal) aboutOf(d *docs.Document) []*Entity {
	var all []*Entity
	for _, home := range d.About {
		ref, err := catalog.ParseRef(home.Ref)
		if err != nil {
			continue
		}
		if e := p.byEntity[p.Catalog.Get(ref)]; e != nil && !slices.Contains(all, e) {
			all = append(all, e)
		}
	}
	return all
}

// DocumentsOf returns the documents of a kind, in the order of their titles.
func (p *Portal) DocumentsOf(kind docs.Kind) []*docs.Document { return p.ofKind()[kind] }

// HasDocuments reports whether there are documents of a kind that can be opened.
func (p *Portal) HasDocuments(kind docs.Kind) bool { return p.kinds[kind] }

// sortDocuments puts the documents that can be opened in the order of their titles.
func (p *Portal) sortDocuments() map[docs.Kind][]*docs.Document {
	all := make([]*docs.Document, 0, len(p.Documents))
	for _, d := range p.Documents {
		if d.Page != "" {
			all = append(all, d)
		}
	}
	all = append(all, p.elsewhere...)
	slices.SortStableFunc(all, func(a, b *docs.Document) int { return natural.Compare(a.Title, b.Title) })
	of := map[docs.Kind][]*docs.Document{}
	for _, d := range all {
		of[d.Kind] = append(of[d.Kind], d)
	}
	return of
}

// Owned returns what a team owns, and what the teams below it own, each group by
// tier and name.
func (p *Portal) Owned(team *Entity) (own, below []*Entity) {
	own = p.ownedBy(team.Entity)
	for _, t := range Below(team.Entity) {
		below = append(below, p.ownedBy(t)...)
	}
	return own, below
}

func (p *Portal) ownedBy(team *catalog.Entity) []*Entity {
	var all []*Entity
	for _, r := range team.Incoming(catalog.OwnedBy) {
		all = append(all, p.byEntity[r.From])
	}
	return all
}

// Below returns the teams below a team, at any depth, each once.
func Below(team *catalog.Entity) []*catalog.Entity {
	seen := map[*catalog.Entity]bool{team: true}
	var all []*catalog.Entity
	queue := []*catalog.Entity{team}
	for len(queue) > 0 {
		t := queue[0]
		queue = queue[1:]
		for _, r := range t.Incoming(catalog.ChildOf) {
			if !seen[r.From] {
				seen[r.From] = true
				all = append(all, r.From)
				queue = append(queue, r.From)
			}
		}
	}
	return all
}

// ChangeOf returns the last change of a file of the catalog root.
func (p *Portal) ChangeOf(path string) (githistory.Change, bool) {
	c, ok := p.Changes[p.Prefix+path]
	return c, ok
}

// FindingsIn returns the findings in a file, named as reports name it.
func (p *Portal) FindingsIn(name string) []diag.Diagnostic { return p.byFile[name] }

// Summary returns what a document says of itself: its front matter's summary, or
// how its text begins.
func (p *Portal) Summary(d *docs.Document) string {
	if text := d.Front.Field("summary").Text(); text != "" {
		return text
	}
	return p.Summaries[d]
}

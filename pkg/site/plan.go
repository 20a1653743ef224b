package site

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/signpost-dev/signpost/pkg/cache"
	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/pkg/portal"
)

// Paths of pages that are about no entity.
const (
	homePage   = "index.html"
	searchPage = "search/index.html"
	rulesPage  = "-/rules.html"
	healthPage = "-/health.html"

	notFoundPage = "404.html"

	rotationsFile = "search/oncall.js"
)

// Plan works out the pages of a portal, documents aside: their text is rendered
// one by one (see DocumentPage). It is pure: the same portal gives the same pages
// in the same order. Pages are worked out when they are asked for, so that a
// large catalog never has all of them in memory.
func Plan(p *portal.Portal, baseURL string, facts BuildFacts) []Planned {
	return plan(p, baseURL, facts, nil)
}

// plan is Plan with what pages might depend on, if that is known.
func plan(p *portal.Portal, baseURL string, facts BuildFacts, r *reach) []Planned {
	l := newPlanner(p, baseURL, facts)
	l.reach = r
	pages := []Planned{
		{Path: homePage, View: l.home},
		{Path: searchPage, View: l.search},
		{Path: rulesPage, View: l.rules},
		{Path: healthPage, View: l.health},
		{Path: notFoundPage, View: l.notFound},
	}
	for _, kind := range p.Catalog.Kinds {
		pages = append(pages, l.listing(l.entityList(kind), func(r *reach) cache.Digest { return r.kind(kind.Name) })...)
	}
	for _, kind := range documentKinds {
		pages = append(pages, l.listing(l.documentList(kind), func(r *reach) cache.Digest { return r.documents(kind.kind) })...)
	}
	pages = append(pages, l.unmatchedPages()...)
	pages = append(pages, l.incidentPages()...)
	pages = append(pages, l.livePages()...)
	pages = append(pages, l.wholeTimeline()...)
	pages = append(pages, l.listing(l.matrixPages(), (*reach).matrix)...)
	for _, e := range p.Entities {
		of := []Planned{{Path: e.Page(), View: func() Page { return l.entity(e) }}}
		of = append(of, l.overflow(e)...)
		of = append(of, l.timelineOfEntity(e)...)
		of = append(of, l.specPages(e)...)
		pages = append(pages, l.reaching(of, func(r *reach) cache.Digest { return r.entity(e) })...)
		if path := p.NowPage(e); path != "" {
			now := []Planned{{Path: path, View: func() Page { return l.now(e) }}}
			pages = append(pages, l.reaching(now, func(r *reach) cache.Digest { return r.now(e) })...)
		}
	}
	return pages
}

// Planned is a page that has not been worked out yet.
type Planned struct {
	Path string
	View func() Page

	reach  func() cache.Digest // of all that the view can depend on; nil if that is not known
	viewed bool                // its view is often the same though that has changed
}

// reaching says of pages that they depend on one thing.
func (l *planner) reaching(pages []Planned, on func(*reach) cache.Digest) []Planned {
	if l.reach == nil {
		return pages
	}
	digest := sync.OnceValue(func() cache.Digest { return on(l.reach) })
	for i := range pages {
		pages[i].reach = digest
	}
	return pages
}

// listing is reaching for the pages of a list: what changes one row is no reason to draw
// the pages of all others. Of 1,000 list pages of 10,000 services one edit changes two.
func (l *planner) listing(pages []Planned, on func(*reach) cache.Digest) []Planned {
	pages = l.reaching(pages, on)
	for i := range pages {
		pages[i].viewed = true
	}
	return pages
}

// BuildFacts are facts about the build itself. They stand in build.js and on the
// health page only, so that an unrelated commit rewrites no other page.
type BuildFacts struct {
	Commit  string // full hash; empty outside Git
	Version string // of the tool
	Day     string // UTC day of the build, YYYY-MM-DD
	Shallow bool   // the history is cut off, so that last changes are not known
}

// planner turns the read model into views. It decides what pages say; templates
// decide how.
type planner struct {
	*portal.Portal
	facts    BuildFacts
	baseURL  string
	findings map[string]int // by rule
	reach    *reach         // nil if nothing is remembered

	rotations sync.Map             // onCallKey → *OnCall
	digests   sync.Map             // *portal.Entity → string, see ownFacts
	happened  func() portal.Latest // the timeline of everything, worked out when it is asked for
}

func newPlanner(p *portal.Portal, baseURL string, facts BuildFacts) *planner {
	l := &planner{Portal: p, facts: facts, baseURL: baseURL, findings: map[string]int{}}
	l.happened = sync.OnceValue(func() portal.Latest { return p.Timeline().Latest(mostTimelinePages * rowsPerPage) })
	for _, d := range p.Findings {
		l.findings[d.Code]++
	}
	return l
}

// documentKinds are the kinds of documents that have a list, in the order shown.
var documentKinds = []documentKind{
	{docs.Runbook, "runbooks", "Runbook", "Runbooks", "What to do when something is wrong."},
	{docs.Playbook, "playbooks", "Playbook", "Playbooks", "How to respond to a kind of incident."},
	{docs.ADR, "adrs", "Decision", "Decisions", "Architecture decision records: what was decided, and why."},
	{docs.Postmortem, "postmortems", "Postmortem", "Postmortems", "What happened, and what was learnt."},
	{docs.Guide, "guides", "Guide", "Guides", "How things work and how to work with them."},
}

type documentKind struct {
	kind                       docs.Kind
	folder, title, plural, doc string
}

func kindOfDocument(kind docs.Kind) documentKind {
	i := slices.IndexFunc(documentKinds, func(k documentKind) bool { return k.kind == kind })
	return documentKinds[i]
}

// SiteOf returns what all pages of a portal share.
func SiteOf(p *portal.Portal, baseURL string) Site {
	s := Site{
		Title: p.Catalog.Config.Title, Organisation: p.Catalog.Config.Organisation,
		BaseURL: baseURL,
	}
	if len(p.Catalog.Rotations) > 0 {
		s.Rotations = rotationsFile
	}
	keys := map[byte]bool{}
	add := func(title, page string, more bool) {
		s.Nav = append(s.Nav, NavItem{Title: title, Path: page, Key: freeKey(keys, title), More: more})
	}
	for _, name := range []string{"service", "team"} {
		if k := p.Catalog.Kind(name); len(p.Catalog.OfKind(name)) > 0 {
			add(k.TitlePlural, listPath(k.Plural, 1), false)
		}
	}
	for _, k := range documentKinds[:1] {
		if p.HasDocuments(k.kind) {
			add(k.plural, listPath(k.folder, 1), false)
		}
	}
	if len(p.Incidents()) > 0 {
		add("Incidents", listPath(p.IncidentFolder(), 1), false)
	}
	if hasMatrix(p) {
		add("Environments", listPath(matrixFolder, 1), false)
	}
	if happened(p) {
		add("Timeline", timelinePath(timelineBase, 1), true)
	}
	for _, k := range p.Catalog.Kinds {
		if k.Name != "service" && k.Name != "team" && len(p.Catalog.OfKind(k.Name)) > 0 {
			add(k.TitlePlural, listPath(k.Plural, 1), !slices.Contains([]string{"system", "api"}, k.Name))
		}
	}
	for _, k := range documentKinds[1:] {
		if p.HasDocuments(k.kind) {
			add(k.plural, listPath(k.folder, 1), true)
		}
	}
	return s
}

// freeKey returns the first letter of a title that no other list has taken.
func freeKey(taken map[byte]bool, title string) string {
	for _, c := range []byte(strings.ToLower(title)) {
		if c >= 'a' && c <= 'z' && !taken[c] {
			taken[c] = true
			return string(c)
		}
	}
	return ""
}

// listPath returns the path of a page of a list: runbooks/index.html, runbooks/-/2.html.
func listPath(folder string, page int) string {
	if page == 1 {
		return folder + "/index.html"
	}
	return folder + "/-/" + strconv.Itoa(page) + ".html"
}

// href returns the relative way from one page of the site to another.
func href(from, to string) string {
	target, _, _ := strings.Cut(to, "#")
	// What both have in common, down to the last folder that they share.
	common := 0
	for i := 0; i < len(from) && i < len(target) && from[i] == target[i]; i++ {
		if from[i] == '/' {
			common = i + 1
		}
	}
	return rootOf(from[common:]) + to[common:]
}

// linkTo returns a link to an entity from a page.
func linkTo(from string, e *catalog.Entity) Link {
	return Link{Text: e.DisplayName(), Href: href(from, e.Page())}
}

// place turns a place of the read model into a link from a page.
func place(from string, p portal.Place) Link {
	if p.Page != "" {
		return Link{Text: p.Text, Href: href(from, p.Page)}
	}
	return Link{Text: p.Text, Href: p.URL}
}

// states are the shapes of severities.
var states = map[diag.Severity]State{diag.Error: Bad, diag.Warning: Warns, diag.Info: Noted}

// viewFindings turns findings into views for a page.
func (l *planner) viewFindings(from string, found []diag.Diagnostic) []Finding {
	sorted := slices.Clone(found)
	slices.SortStableFunc(sorted, func(a, b diag.Diagnostic) int { return cmp.Compare(b.Severity, a.Severity) })
	var views []Finding
	for _, d := range sorted {
		views = append(views, Finding{
			State: states[d.Severity], Word: d.Severity.String(), Code: d.Code,
			Rule: href(from, rulesPage+"#"+d.Code), Message: d.Message, Hint: d.Hint,
			Place: Link{Text: d.Span.String(), Href: l.ViewURL(d.Span)},
		})
	}
	return views
}

// countFindings counts findings by severity, for a summary.
func countFindings(found []diag.Diagnostic, to string) []Count {
	n := portal.Severities(found)
	var counts []Count
	for _, s := range []diag.Severity{diag.Error, diag.Warning, diag.Info} {
		if n[s] > 0 {
			counts = append(counts, Count{State: states[s], Text: plural(n[s], s.String()), N: n[s], Href: to})
		}
	}
	return counts
}

// plural returns the noun for a number of things, without the number.
func plural(n int, noun string) string {
	if n == 1 || noun == "info" {
		return noun
	}
	return noun + "s"
}

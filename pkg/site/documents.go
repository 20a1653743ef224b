package site

import (
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/source"
)

// DocumentPages works out the pages of documents, whose text is rendered apart.
type DocumentPages struct {
	planner
	neighbours map[*docs.Document][2]*docs.Document
}

// NewDocumentPages prepares the pages of a portal's documents.
func NewDocumentPages(p *portal.Portal) *DocumentPages {
	d := &DocumentPages{planner: planner{Portal: p}, neighbours: map[*docs.Document][2]*docs.Document{}}
	for _, e := range p.Entities {
		for _, group := range d.chains(e) {
			for i, doc := range group {
				pair := d.neighbours[doc]
				if i > 0 {
					pair[0] = group[i-1]
				}
				if i+1 < len(group) {
					pair[1] = group[i+1]
				}
				d.neighbours[doc] = pair
			}
		}
	}
	return d
}

// chains are the documents of an entity that follow each other: those of one kind
// whose home it is.
func (d *DocumentPages) chains(e *portal.Entity) [][]*docs.Document {
	var chains [][]*docs.Document
	for _, k := range documentKinds {
		var chain []*docs.Document
		for _, doc := range e.Documents {
			if doc.Kind == k.kind && doc.Page != "" && doc.About[0].Ref == e.Ref.String() {
				chain = append(chain, doc)
			}
		}
		chains = append(chains, chain)
	}
	return chains
}

// mostContents is how many headings "On this page" names. Of a document with more, it names
// those of the highest level, and no more of them than that.
const mostContents = 200

func contentsOf(headings []Heading) []Heading {
	if len(headings) <= mostContents {
		return headings
	}
	var top []Heading
	for _, h := range headings {
		if h.Level <= 2 && len(top) < mostContents {
			top = append(top, h)
		}
	}
	return top
}

// Page works out the page of a document with its rendered text.
func (d *DocumentPages) Page(doc *docs.Document, body template.HTML, headings []Heading, steps []docs.Step) Page {
	k := kindOfDocument(doc.Kind)
	v := DocumentView{
		Head:     d.documentHead(doc, k),
		Actions:  d.actionsOf(doc),
		Body:     body,
		Steps:    idsOf(steps),
		Contents: contentsOf(headings),
		Unlisted: len(headings) - len(contentsOf(headings)),
		Findings: d.viewFindings(doc.Page, d.FindingsIn(doc.Name)),
		Changed:  d.changed(doc.File),
	}
	if to := d.EditURL(diag.Span{File: doc.Name}); to != "" {
		v.Edit = Link{Text: "Edit this page", Href: to}
	}
	for _, e := range d.About(doc) {
		v.About = append(v.About, linkTo(doc.Page, e.Entity))
	}
	if about := d.About(doc); len(about) > 0 {
		v.Post = d.documentPost(doc, about[0])
	}
	pair := d.neighbours[doc]
	v.Previous, v.Next = documentLink(doc.Page, pair[0]), documentLink(doc.Page, pair[1])
	return Page{
		Path: doc.Page, Template: "document.html", Title: doc.Title, Description: v.Description,
		Section: listPath(k.folder, 1), Data: v,
	}
}

// idsOf are the ids of steps with spaces between. One step alone is none to keep track of.
func idsOf(steps []docs.Step) string {
	var ids []string
	for _, s := range steps {
		if s.ID != "" {
			ids = append(ids, s.ID)
		}
	}
	if len(ids) < 2 {
		return ""
	}
	return strings.Join(ids, " ")
}

// documentLink leads to a document: to its page, or to where it is elsewhere.
func documentLink(from string, d *docs.Document) Link {
	switch {
	case d == nil:
		return Link{}
	case d.URL != "":
		return Link{Text: d.Title, Href: outside(d.URL)}
	case d.Page == "":
		return Link{Text: d.Title}
	}
	return Link{Text: d.Title, Href: href(from, d.Page)}
}

func (d *DocumentPages) documentHead(doc *docs.Document, k documentKind) Head {
	h := Head{Kind: k.title, Title: doc.Title, Description: doc.Front.Field("summary").Text()}
	if when := doc.Front.Field("when").Text(); when != "" {
		h.Description = "Use this when " + when
	}
	if v := doc.Decision; v != nil && v.Number >= 0 && doc.BareTitle() == doc.Title {
		h.Kind += " " + strconv.Itoa(v.Number)
	}
	if about := d.About(doc); len(about) > 0 {
		h.Crumbs = append(crumbs(doc.Page, about[0]), linkTo(doc.Page, about[0].Entity))
	}
	for _, section := range doc.Sections {
		h.Crumbs = append(h.Crumbs, Link{Text: section})
	}
	h.Facts = append(findingsFact(d.FindingsIn(doc.Name)), d.documentKnown(doc)...)
	h.Notices = append(d.supersededNotices(doc), d.reviewNotice(doc)...)
	return h
}

// documentKnown are the facts that a document says of itself.
func (d *DocumentPages) documentKnown(doc *docs.Document) []Fact {
	var facts []Fact
	links := func(title string, state State, values ...Link) {
		if len(values) > 0 && values[0].Text != "" {
			facts = append(facts, Fact{Title: title, State: state, Values: values})
		}
	}
	fact := func(title, text string) { links(title, "", Link{Text: text}) }
	front := doc.Front
	links("Status", decisionState(doc), Link{Text: doc.Status()})
	fact("Severity", front.Field("severity").Text())
	if i := d.IncidentOf(doc); i != nil {
		links("Incident", "", Link{Text: incidentTitle(i.Fact), Href: href(doc.Page, i.Page)})
	} else {
		fact("Incident", front.Field("incident").Text())
	}
	if day := dateOf(doc); !day.IsZero() {
		fact("Date", day.Format(dayLong))
	} else {
		fact("Date", doc.Date())
	}
	fact("Duration", front.Field("duration").Text())
	links("Services", "", d.hitBy(doc)...)
	fact("Alerts", strings.Join(listOf(front.Field("alerts")), ", "))
	fact("Takes", front.Field("timeNeeded").Text())
	fact("Needs", strings.Join(listOf(front.Field("rights")), ", "))
	if front.Field("everyone").Text() == "true" {
		fact("For", "everyone")
	}
	links("Deciders", "", d.deciders(doc)...)
	if doc.Decision != nil {
		var old []Link
		for _, other := range doc.Decision.Replaces {
			old = append(old, documentLink(doc.Page, other))
		}
		links("Supersedes", "", old...)
	}
	if owner := d.ownerOfItsOwn(doc); owner != nil {
		links("Owner", "", linkTo(doc.Page, owner))
	}
	if day := doc.Verified(); !day.IsZero() {
		word := "Last verified"
		if doc.Kind == docs.Runbook {
			word = "Last rehearsed"
		}
		state := State("")
		if doc.Overdue(d.Day) {
			state = Warns
		}
		links(word, state, Link{Text: day.Format(dayLong)})
	}
	return facts
}

// dayLong is how a day is written where there is room.
const dayLong = "2 January 2006"

// hitBy is what an incident hit, as its postmortem says.
func (d *DocumentPages) hitBy(doc *docs.Document) []Link {
	if doc.Kind != docs.Postmortem {
		return nil
	}
	var links []Link
	for _, e := range d.Hit(doc) {
		links = append(links, linkTo(doc.Page, e.Entity))
	}
	return links
}

// ownerOfItsOwn is the team that a document names as its owner, if that is another than the
// owner of what it is about.
func (l *planner) ownerOfItsOwn(doc *docs.Document) *catalog.Entity {
	owner, about := l.documentOwner(doc), l.About(doc)
	if owner == nil || len(about) == 0 || owner == about[0].Owner() || owner == about[0].Entity {
		return nil
	}
	return owner
}

// supersededNotices say by which decisions another is replaced.
func (d *DocumentPages) supersededNotices(doc *docs.Document) []Notice {
	if doc.Decision == nil {
		return nil
	}
	var notices []Notice
	for _, by := range doc.Decision.ReplacedBy {
		n := Notice{State: Warns, Title: "Superseded by " + by.BareTitle(), Action: documentLink(doc.Page, by)}
		n.Action.Text = "Read what holds now"
		notices = append(notices, n)
	}
	return notices
}

// reviewNotice says that a document was to be reviewed.
func (d *DocumentPages) reviewNotice(doc *docs.Document) []Notice {
	if !doc.Overdue(d.Day) {
		return nil
	}
	return []Notice{{
		State: Warns, Title: "Its review was due", When: doc.ReviewDue(),
		Text:   "Somebody should follow it once and note the date under lastVerified.",
		Action: Link{Text: "Edit this page", Href: d.EditURL(diag.Span{File: doc.Name})},
	}}
}

// decisionStates are the shapes of where decisions stand.
var decisionStates = map[string]State{
	"accepted": Good, "approved": Good, "implemented": Good, "proposed": Noted, "draft": Noted,
	"rejected": Bad, "deprecated": Warns, "superseded": Warns,
}

func decisionState(d *docs.Document) State {
	if d.Decision == nil {
		return ""
	}
	return decisionStates[strings.ToLower(d.Status())]
}

// deciders are the people and teams who decided, by name if the catalog knows them.
// Whoever has left since then has decided none the less.
func (d *DocumentPages) deciders(doc *docs.Document) []Link {
	namespace := ""
	if about := d.About(doc); len(about) > 0 {
		namespace = about[0].Ref.Namespace
	}
	var links []Link
	for _, text := range decidersOf(doc) {
		link := Link{Text: text}
		if e, _ := d.Catalog.Resolve(text, []string{"person", "team"}, namespace); e != nil {
			link = linkTo(doc.Page, e)
		}
		links = append(links, link)
	}
	return links
}

func decidersOf(d *docs.Document) []string {
	if d.Decision != nil {
		return d.Decision.Deciders
	}
	return listOf(d.Front.Field("deciders"))
}

// documentPost says whom to ask about a document: whoever answers for what it is
// about.
func (d *DocumentPages) documentPost(doc *docs.Document, e *portal.Entity) Post {
	post := d.postAway(doc.Page, e)
	post.Blades = slices.DeleteFunc(post.Blades, func(b Blade) bool {
		return b.Missing != "" || !slices.Contains([]string{"oncall", "owner", "channel"}, b.Answer)
	})
	return post
}

// dateOf returns the day of a decision or an incident, or the zero time.
func dateOf(d *docs.Document) time.Time {
	day, _ := time.Parse(time.DateOnly, d.Date())
	return day
}

// documentFacts is what a list says of a document beside its title.
func documentFacts(d *docs.Document) string {
	var parts []string
	if len(d.Sections) > 0 {
		parts = append(parts, strings.Join(d.Sections, " › "))
	}
	severity := d.Front.Field("severity").Text()
	if len(severity) == 1 {
		severity = "severity " + severity // a bare number would not say what it is
	}
	for _, text := range []string{severity, d.Status(), d.Date()} {
		if text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, " · ")
}

func listOf(n *source.Node) []string {
	if n.Kind() == source.String {
		return []string{n.Text()}
	}
	var all []string
	for _, item := range n.Children() {
		all = append(all, item.Text())
	}
	return all
}

// documentColumns are the columns of a list of documents that say something.
func documentColumns(k documentKind, all []*docs.Document) []Column {
	var columns []Column
	for _, c := range []Column{
		{Key: "number", Title: "Number", Numeric: true},
		{Key: "about", Title: "About"},
		{Key: "severity", Title: "Severity"},
		{Key: "status", Title: "Status"},
		{Key: "date", Title: "Date"},
		{Key: "lastVerified", Title: "Verified"},
	} {
		if c.Key == "about" || slices.ContainsFunc(all, func(d *docs.Document) bool { return documentText(d, c.Key) != "" }) {
			columns = append(columns, c)
		}
	}
	return columns
}

// documentText is what a document says under a key, in front matter or otherwise.
func documentText(d *docs.Document, key string) string {
	switch key {
	case "number":
		return numberText(d)
	case "status":
		return d.Status()
	case "date":
		return d.Date()
	}
	return d.Front.Field(key).Text()
}

// numberText is the number of a decision, or "".
func numberText(d *docs.Document) string {
	if d.Decision == nil || d.Decision.Number < 0 {
		return ""
	}
	return strconv.Itoa(d.Decision.Number)
}

func (l *planner) documentListRow(from string, k documentKind, columns []Column, d *docs.Document) ListRow {
	row := ListRow{Link: documentLink(from, d), Note: l.Summary(d), Outside: d.Host}
	row.Link.Text = d.BareTitle() // the number has a column
	for _, c := range columns {
		row.Cells = append(row.Cells, l.documentCell(from, c.Key, d))
	}
	return row
}

func (l *planner) documentCell(from, key string, d *docs.Document) Cell {
	switch key {
	case "about":
		var c Cell
		for _, e := range l.About(d) {
			c.Links = append(c.Links, linkTo(from, e.Entity))
		}
		return c
	case "date":
		return Cell{When: dateOf(d)}
	case "lastVerified":
		c := Cell{When: d.Verified()}
		if d.Overdue(l.Day) {
			c.State = Warns
		}
		return c
	}
	c := textCell(documentText(d, key))
	if key == "status" {
		c.State = decisionState(d)
	}
	return c
}

package site

import (
	"cmp"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"

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

// Page works out the page of a document with its rendered text.
func (d *DocumentPages) Page(doc *docs.Document, body template.HTML, headings []Heading) Page {
	k := kindOfDocument(doc.Kind)
	v := DocumentView{
		Head:     d.documentHead(doc, k),
		Body:     body,
		Contents: headings,
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

func documentLink(from string, d *docs.Document) Link {
	if d == nil {
		return Link{}
	}
	return Link{Text: d.Title, Href: href(from, d.Page)}
}

func (d *DocumentPages) documentHead(doc *docs.Document, k documentKind) Head {
	h := Head{Kind: k.title, Title: doc.Title, Description: doc.Front.Field("summary").Text()}
	if about := d.About(doc); len(about) > 0 {
		h.Crumbs = append(crumbs(doc.Page, about[0]), linkTo(doc.Page, about[0].Entity))
	}
	for _, section := range doc.Sections {
		h.Crumbs = append(h.Crumbs, Link{Text: section})
	}
	h.Facts = findingsFact(d.FindingsIn(doc.Name))
	fact := func(title, text string) {
		if text != "" {
			h.Facts = append(h.Facts, Fact{Title: title, Values: []Link{{Text: text}}})
		}
	}
	front := doc.Front
	fact("Status", front.Field("status").Text())
	fact("Severity", front.Field("severity").Text())
	if i := d.IncidentOf(doc); i != nil {
		h.Facts = append(h.Facts, Fact{Title: "Incident", Values: []Link{{Text: incidentTitle(i.Fact), Href: href(doc.Page, i.Page)}}})
	} else {
		fact("Incident", front.Field("incident").Text())
	}
	fact("Date", front.Field("date").Text())
	fact("Duration", front.Field("duration").Text())
	fact("Alerts", strings.Join(listOf(front.Field("alerts")), ", "))
	if deciders := d.deciders(doc); len(deciders) > 0 {
		h.Facts = append(h.Facts, Fact{Title: "Deciders", Values: deciders})
	}
	if day := frontDate(doc, "lastVerified"); !day.IsZero() {
		fact("Last verified", day.Format("2 January 2006"))
	}
	if overdue(doc, d.Day) {
		h.Notices = append(h.Notices, Notice{
			State: Warns, Title: "Its review was due",
			Text:   "Somebody should follow it once and note the date under lastVerified.",
			When:   reviewDue(doc),
			Action: Link{Text: "Edit this page", Href: d.EditURL(diag.Span{File: doc.Name})},
		})
	}
	return h
}

// deciders are the people and teams who decided, by name if the catalog knows them.
// Whoever has left since then has decided none the less.
func (d *DocumentPages) deciders(doc *docs.Document) []Link {
	namespace := ""
	if about := d.About(doc); len(about) > 0 {
		namespace = about[0].Ref.Namespace
	}
	var links []Link
	for _, text := range listOf(doc.Front.Field("deciders")) {
		link := Link{Text: text}
		if e, _ := d.Catalog.Resolve(text, []string{"person", "team"}, namespace); e != nil {
			link = linkTo(doc.Page, e)
		}
		links = append(links, link)
	}
	return links
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

// frontDate returns a date of a document's front matter, or the zero time.
func frontDate(d *docs.Document, key string) time.Time {
	day, _ := time.Parse(time.DateOnly, d.Front.Field(key).Text())
	return day
}

// reviewDue returns the day by which a document is to be verified again; zero if
// it says nothing of that.
func reviewDue(d *docs.Document) time.Time {
	days, err := strconv.Atoi(strings.TrimSuffix(d.Front.Field("reviewEvery").Text(), "d"))
	verified := frontDate(d, "lastVerified")
	if err != nil || verified.IsZero() {
		return time.Time{}
	}
	return verified.AddDate(0, 0, days)
}

func overdue(d *docs.Document, day time.Time) bool {
	due := reviewDue(d)
	return !due.IsZero() && due.Before(day)
}

// documentFacts is what a list says of a document beside its title.
func documentFacts(d *docs.Document) string {
	var parts []string
	if len(d.Sections) > 0 {
		parts = append(parts, strings.Join(d.Sections, " › "))
	}
	for _, key := range []string{"severity", "status", "date"} {
		text := d.Front.Field(key).Text()
		if key == "severity" && len(text) == 1 {
			text = "severity " + text // a bare number would not say what it is
		}
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
	columns := []Column{{Key: "about", Title: "About"}}
	for _, c := range []Column{
		{Key: "severity", Title: "Severity"}, {Key: "status", Title: "Status"}, {Key: "date", Title: "Date"}, {Key: "lastVerified", Title: "Verified"},
	} {
		if slices.ContainsFunc(all, func(d *docs.Document) bool { return d.Front.Field(c.Key) != nil }) {
			columns = append(columns, c)
		}
	}
	return columns
}

func (l *planner) documentListRow(from string, k documentKind, columns []Column, d *docs.Document) ListRow {
	row := ListRow{Link: Link{Text: d.Title, Href: href(from, d.Page)}, Note: l.Summary(d)}
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
		return Cell{When: frontDate(d, key)}
	case "lastVerified":
		c := Cell{When: frontDate(d, key)}
		if overdue(d, l.Day) {
			c.State = Warns
		}
		return c
	}
	return textCell(d.Front.Field(key).Text())
}

func newestFirst(all []*docs.Document) {
	slices.SortStableFunc(all, func(a, b *docs.Document) int {
		return cmp.Compare(b.Front.Field("date").Text(), a.Front.Field("date").Text())
	})
}

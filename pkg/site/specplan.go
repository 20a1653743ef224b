package site

import (
	"strconv"

	"github.com/signpost-dev/signpost/pkg/apispec"
	"github.com/signpost-dev/signpost/pkg/portal"
)

// How much of an interface one page shows.
const (
	specRows   = 400 // of parameters, fields and lines of code, about
	specListed = 100 // operations in the tables of an overview, and groups in its list
	specTable  = 250 // operations in the table of a group of which each has several pages
)

// specLayout says on which page what of an interface is. It follows from the outline, so
// that planning reads no description.
type specLayout struct {
	*apispec.Outline
	root  string // path of the first page
	parts []specPart
	at    map[string]string // anchor → page
}

// specPart is what one page shows.
type specPart struct {
	path, title string
	overview    bool
	operations  []apispec.OperationOutline
	table       []apispec.OperationOutline // in the table at the top
	types       []apispec.TypeOutline
	groups      []apispec.GroupOutline // listed by name only
}

// layoutOf lays the interface of an API out on pages; nil if there is none to show.
func layoutOf(e *portal.Entity) *specLayout {
	if !e.API.Shown() {
		return nil
	}
	l := &specLayout{Outline: e.API, root: specPath(e), at: map[string]string{}}
	total := 0
	for _, g := range l.Groups {
		for _, op := range g.Operations {
			total += op.Rows
		}
	}
	for _, t := range l.Types {
		total += t.Rows
	}
	first := specPart{path: l.root, title: "Overview", overview: true}
	if total <= specRows {
		for _, g := range l.Groups {
			first.operations = append(first.operations, g.Operations...)
		}
		first.types = l.Types
		l.parts = []specPart{first}
	} else {
		l.overview(first)
		l.split(e.Folder())
	}
	for _, p := range l.parts {
		for _, op := range p.operations {
			l.at[op.ID] = p.path
		}
		for _, t := range p.types {
			l.at[t.ID] = p.path
		}
	}
	return l
}

// specPath is the first page of the interface of an API.
func specPath(e *portal.Entity) string { return e.Folder() + "/-/api.html" }

// overview makes the first pages of a large interface: of most one, but the list of its
// groups has an end on each.
func (l *specLayout) overview(first specPart) {
	l.parts = []specPart{first}
	if l.Outline.Operations() <= specListed {
		return
	}
	for from := 0; from < len(l.Groups); from += specListed {
		if from > 0 {
			n := from/specListed + 1
			path := l.root[:len(l.root)-len(".html")] + "-" + strconv.Itoa(n) + ".html"
			l.parts = append(l.parts, specPart{path: path, title: "Overview " + strconv.Itoa(n)})
		}
		l.parts[len(l.parts)-1].groups = l.Groups[from:min(from+specListed, len(l.Groups))]
	}
}

// split puts operations, group by group, and types on pages of about the same size.
func (l *specLayout) split(folder string) {
	page := func(kind, id, title string, n int) specPart {
		if n > 1 {
			id += "-" + strconv.Itoa(n)
			title += ", part " + strconv.Itoa(n)
		}
		return specPart{path: folder + "/-/api/" + kind + "/" + id + ".html", title: title}
	}
	taken := map[string]bool{}
	for _, g := range l.Groups {
		n, rows := 0, specRows+1
		for _, op := range g.Operations {
			if rows += op.Rows; rows > specRows {
				n, rows = n+1, op.Rows
				p := page("operations", g.ID, g.Title, n)
				for taken[p.path] { // another group is called "users 2"
					n++
					p = page("operations", g.ID, g.Title, n)
				}
				taken[p.path] = true
				if n == 1 {
					p.table = g.Operations[:min(specTable, len(g.Operations))]
				}
				l.parts = append(l.parts, p)
			}
			last := &l.parts[len(l.parts)-1]
			last.operations = append(last.operations, op)
		}
	}
	n, rows := 0, specRows+1
	for _, t := range l.Types {
		if rows += t.Rows; rows > specRows {
			n, rows = n+1, t.Rows
			l.parts = append(l.parts, page("types", "types", "Types", n))
		}
		last := &l.parts[len(l.parts)-1]
		last.types = append(last.types, t)
		last.title = "Types, " + last.types[0].Name + " to " + t.Name
	}
}

// link is the way from a page to an operation or a type.
func (l *specLayout) link(from, id, text string) Link {
	page, ok := l.at[id]
	if !ok {
		return Link{Text: text}
	}
	if page == from {
		return Link{Text: text, Href: "#" + id}
	}
	return Link{Text: text, Href: href(from, page+"#"+id)}
}

// specPages are the pages about the interface of an API.
func (l *planner) specPages(e *portal.Entity) []Planned {
	layout := layoutOf(e)
	if layout == nil {
		return nil
	}
	var pages []Planned
	for i, part := range layout.parts {
		pages = append(pages, Planned{Path: part.path, View: func() Page { return l.specPage(e, layout, i) }})
	}
	for _, c := range l.comparisons(e) {
		pages = append(pages, Planned{Path: c.path, View: func() Page { return l.changesPage(e, c) }})
	}
	return pages
}

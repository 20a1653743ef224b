package site

import (
	"strconv"
	"strings"

	"github.com/signpost-dev/signpost/pkg/apispec"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/portal"
)

// specPage works out one page about the interface of an API.
func (l *planner) specPage(e *portal.Entity, layout *specLayout, i int) Page {
	part := layout.parts[i]
	spec := l.Specs.Spec(layout.File)
	if spec == nil { // it has changed since it was looked at; the next build will see
		spec = &apispec.Spec{}
	}
	v := &specViewer{planner: l, Spec: spec, layout: layout, from: part.path}
	title := e.DisplayName() + " interface"
	view := SpecView{Head: Head{Kind: layout.Format, Title: title, Crumbs: append(crumbs(part.path, e), linkTo(part.path, e.Entity))}}
	if !part.overview {
		view.Title = part.title
		view.Crumbs = append(view.Crumbs, Link{Text: "Interface", Href: href(part.path, layout.root)})
		title = part.title + " · " + title
	}
	v.facts(e, &view)
	if part.overview {
		v.overview(e, &view)
	}
	view.Pages = v.pages(part.path)
	v.tables(&view, part)
	for _, op := range spec.Operations() {
		if layout.at[op.ID] == part.path {
			view.Details = append(view.Details, v.operation(op))
		}
	}
	for _, t := range part.types {
		if full := spec.Type(t.ID); full != nil {
			view.Types = append(view.Types, v.named(full))
		}
	}
	view.Contents = specContents(view)
	return Page{
		Path: part.path, Template: "api.html", Title: title, Description: layout.Summary,
		Section: listPath(e.Kind.Plural, 1), Data: view,
	}
}

// facts says whose the interface is, which version, and where it is written.
func (v *specViewer) facts(e *portal.Entity, view *SpecView) {
	fact := func(title string, link Link) {
		if link.Text != "" {
			view.Facts = append(view.Facts, Fact{Title: title, Values: []Link{link}})
		}
	}
	if len(e.API.Found) > 0 {
		to := "#sp-findings"
		if v.from != v.layout.root {
			to = href(v.from, v.layout.root+to)
		}
		for _, f := range findingsFact(v.inSpec(e)) {
			f.Values[0].Href = to
			view.Facts = append(view.Facts, f)
		}
	}
	fact("Version", Link{Text: v.Version})
	if owner := e.Owner(); owner != nil {
		fact("Owner", linkTo(v.from, owner))
	}
	fact("Operations", Link{Text: strconv.Itoa(e.API.Operations())})
	if channel, ok := v.Channel(e); ok {
		fact("Ask in", place(v.from, channel))
	}
}

func (v *specViewer) inSpec(e *portal.Entity) []diag.Diagnostic {
	var found []diag.Diagnostic
	for _, u := range e.API.Used {
		found = append(found, v.FindingsIn(v.Prefix+u.File)...)
	}
	return found
}

// overview is what stands on the first page only.
func (v *specViewer) overview(e *portal.Entity, view *SpecView) {
	view.Body = v.markdown(v.Description, 3)
	view.Notices = v.deprecated(e)
	for i, s := range v.Servers {
		if i == 20 {
			break
		}
		server := SpecServer{URL: s.URL, Description: s.Description, Auth: s.Auth}
		for _, p := range s.Variables[:min(len(s.Variables), 20)] {
			server.Variables = append(server.Variables, v.parameter(p))
		}
		view.Servers = append(view.Servers, server)
	}
	for i, a := range v.Auth {
		if i == 20 {
			break
		}
		auth := SpecAuth{ID: a.ID, Words: a.Words, Description: v.markdown(a.Description, 4), URLs: a.URLs}
		for _, s := range a.Scopes[:min(len(a.Scopes), specListed)] {
			auth.Scopes = append(auth.Scopes, ValueView{Name: s.Name, Description: v.markdown(s.Description, 5)})
		}
		view.Auth = append(view.Auth, auth)
	}
	view.Findings = v.viewFindings(v.from, v.inSpec(e))
	view.Changes = v.changesLinks(v.from, e)
	if to := v.ViewURL(diag.Span{File: v.Prefix + v.layout.File}); to != "" {
		view.Edit = Link{Text: "See the file", Href: to}
	}
}

// deprecated says that the API goes, as its own page does, with the way onward from here.
func (v *specViewer) deprecated(e *portal.Entity) []Notice {
	if e.Lifecycle.Text != "deprecated" && e.Lifecycle.Text != "retired" {
		return nil
	}
	n := v.notices(e)[0]
	if next := e.Successor(); next != nil {
		n.Action.Href = href(v.from, next.Page())
	}
	return []Notice{n}
}

// tables lists what there is: on the first page all or the groups of it, on others what is
// on them.
func (v *specViewer) tables(view *SpecView, part specPart) {
	for _, g := range part.groups {
		row := SpecGroup{N: len(g.Operations), Link: Link{Text: g.Title}}
		if len(g.Operations) > 0 {
			row.Link.Href = href(v.from, v.layout.at[g.Operations[0].ID])
		}
		view.Groups = append(view.Groups, row)
	}
	switch {
	case len(part.groups) > 0:
	case part.overview:
		view.Operations = operationTables(v.layout, v.from, specListed)
	case len(part.table) > 1:
		view.Operations = []OperationGroup{{Title: "Operations", Rows: operationRows(v.layout, v.from, part.table)}}
	case len(part.operations) > 1:
		view.Operations = []OperationGroup{{Title: "Operations", Rows: operationRows(v.layout, v.from, part.operations)}}
	}
	if part.path == v.layout.root && len(v.layout.parts) > 1 {
		for _, p := range v.layout.parts {
			if len(p.types) > 0 && len(view.TypePages) < specListed {
				view.TypePages = append(view.TypePages, Link{Text: strings.TrimPrefix(p.title, "Types, "), Href: href(v.from, p.path)})
			}
		}
	}
	if !part.overview {
		return
	}
	for i, g := range v.Spec.Groups {
		if i < len(view.Operations) {
			view.Operations[i].Description = v.markdown(g.Description, 4)
		}
	}
}

// operationTables lists up to n operations, group by group.
func operationTables(layout *specLayout, from string, n int) []OperationGroup {
	var groups []OperationGroup
	for _, g := range layout.Groups {
		if n <= 0 {
			break
		}
		shown := g.Operations[:min(n, len(g.Operations))]
		n -= len(shown)
		groups = append(groups, OperationGroup{Title: g.Title, Rows: operationRows(layout, from, shown)})
	}
	return groups
}

func operationRows(layout *specLayout, from string, all []apispec.OperationOutline) []OperationRow {
	var rows []OperationRow
	for _, op := range all {
		rows = append(rows, OperationRow{
			Method: op.Method, Tone: tones[op.Method], Link: layout.link(from, op.ID, op.Path), Summary: op.Summary, Deprecated: op.Deprecated,
		})
	}
	return rows
}

// tones are how methods look: what reads, what makes, what changes, what takes away.
var tones = map[string]string{
	"GET": "reads", "HEAD": "reads", "OPTIONS": "reads", "QUERY": "reads", "query": "reads", "subscription": "reads", "receive": "reads", "subscribe": "reads",
	"POST": "makes", "mutation": "makes", "send": "makes", "publish": "makes", "PUT": "changes", "PATCH": "changes", "DELETE": "removes",
}

// pages are the parts of a large interface.
func (v *specViewer) pages(from string) []Link {
	if len(v.layout.parts) == 1 {
		return nil
	}
	// Those next to this one, since there may be hundreds.
	at := 0
	for i, p := range v.layout.parts {
		if p.path == from {
			at = i
		}
	}
	var links []Link
	add := func(i int) {
		p := v.layout.parts[i]
		link := Link{Text: p.title}
		if i != at {
			link.Href = href(from, p.path)
		}
		links = append(links, link)
	}
	for i := max(at-1, 0); i < min(at+2, len(v.layout.parts)); i++ {
		add(i)
	}
	return links
}

// specContents lists what is on a page beside it.
func specContents(view SpecView) []Link {
	var links []Link
	links = append(links, section(len(view.Servers) > 0, "sp-servers", "Servers")...)
	links = append(links, section(len(view.Auth) > 0, "sp-auth", "Authentication")...)
	links = append(links, section(len(view.Changes) > 0, "sp-changes", "Changes")...)
	for _, op := range view.Details {
		links = append(links, Link{Text: op.Title, Href: "#" + op.ID})
	}
	for _, t := range view.Types {
		links = append(links, Link{Text: t.Name, Href: "#" + t.ID})
	}
	return append(links, section(len(view.Findings) > 0, "sp-findings", "Findings")...)
}

// interfaceOf is what the page of an API shows of its operations; nil if there are none.
func (l *planner) interfaceOf(e *portal.Entity) *InterfaceView {
	layout := layoutOf(e)
	if layout == nil {
		return nil
	}
	const shown = 12
	n := layout.Outline.Operations()
	v := &InterfaceView{Groups: operationTables(layout, e.Page(), shown), Format: layout.Format, Changes: l.changesLinks(e.Page(), e)}
	v.More = Link{Text: "The whole interface", Href: href(e.Page(), layout.root)}
	if n > shown {
		v.More.Text = "All " + strconv.Itoa(n) + " operations"
	}
	if len(v.Groups) == 1 {
		v.Groups[0].Title = ""
	}
	return v
}

package site

import (
	"strconv"
	"strings"

	"github.com/signpost-dev/signpost/pkg/apispec"
	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/portal"
)

// SpecChangesView is the page of what changed from an API to the one that replaces it:
// changes.html.
type SpecChangesView struct {
	Head
	Older, Newer Link // to the interfaces
	Consumers    []RelativeOwner
	More         int // consumers that are not listed
	Parts        []ChangesPart
}

// RelativeOwner is an entity with whoever answers for it.
type RelativeOwner struct{ Link, Owner Link }

// ChangesPart is the changes that break callers, or those that do not.
type ChangesPart struct {
	ID, Title string
	State     State
	Rows      []ChangeRow
	More      int // changes that are not listed
}

// ChangeRow is one change.
type ChangeRow struct {
	Subject Link
	Words   string
}

// mostChanges is how many changes of a kind a page lists, and how many consumers.
const mostChanges = 200

// comparison is an API and the one that replaces it, both with a description in the same
// language. Its page belongs to the older: who has to move reads it.
type comparison struct {
	older, newer *portal.Entity
	path         string
}

// comparisons are those whose page belongs to an API.
func (l *planner) comparisons(e *portal.Entity) []comparison {
	next := l.Of(e.Successor())
	if next == nil || !e.API.Shown() || !next.API.Shown() || e.API.Family != next.API.Family || e == next {
		return nil
	}
	return []comparison{{e, next, e.Folder() + "/-/api/changes.html"}}
}

// changesLinks leads to the changes from and to an API.
func (l *planner) changesLinks(from string, e *portal.Entity) []ChangesLink {
	all := l.comparisons(e)
	for _, r := range e.Incoming(catalog.ReplacedBy) {
		if before := l.Of(r.From); before != nil {
			all = append(all, l.comparisons(before)...)
		}
	}
	var links []ChangesLink
	for _, c := range all {
		text := "Changes from " + c.older.DisplayName()
		if c.older == e {
			text = "Changes to " + c.newer.DisplayName()
		}
		link := ChangesLink{Link: Link{Text: text, Href: href(from, c.path)}}
		for _, change := range l.compare(c) {
			link.N++
			if change.Breaking {
				link.Breaking++
			}
		}
		links = append(links, link)
	}
	return links
}

func (l *planner) compare(c comparison) []apispec.Change {
	older, newer := l.Specs.Spec(c.older.API.File), l.Specs.Spec(c.newer.API.File)
	if older == nil || newer == nil {
		return nil
	}
	return apispec.Compare(older, newer)
}

// changesPage works out the page of what changed.
func (l *planner) changesPage(e *portal.Entity, c comparison) Page {
	title := "From " + c.older.DisplayName() + " to " + c.newer.DisplayName()
	layouts := [2]*specLayout{layoutOf(c.older), layoutOf(c.newer)}
	view := SpecChangesView{
		Head:  Head{Kind: "Changes", Title: title, Crumbs: append(crumbs(c.path, e), linkTo(c.path, e.Entity))},
		Older: Link{Text: c.older.DisplayName(), Href: href(c.path, layouts[0].root)},
		Newer: Link{Text: c.newer.DisplayName(), Href: href(c.path, layouts[1].root)},
	}
	parts := []ChangesPart{
		{ID: "sp-breaking", Title: "Breaks callers", State: Warns},
		{ID: "sp-compatible", Title: "Works as before", State: Good},
	}
	for _, change := range l.compare(c) {
		part := &parts[1]
		if change.Breaking {
			part = &parts[0]
		}
		if len(part.Rows) == mostChanges {
			part.More++
			continue
		}
		layout := layouts[1]
		if change.Gone {
			layout = layouts[0]
		}
		part.Rows = append(part.Rows, ChangeRow{layout.link(c.path, change.ID, change.Subject), change.Words})
	}
	for _, p := range parts {
		if len(p.Rows) > 0 {
			view.Parts = append(view.Parts, p)
		}
		view.Facts = append(view.Facts, Fact{Title: p.Title, State: p.State, Values: []Link{{Text: countText(len(p.Rows)+p.More, "change")}}})
	}
	l.consumers(&view, c)
	return Page{
		Path: c.path, Template: "changes.html", Title: title, Section: listPath(e.Kind.Plural, 1), Data: view,
		Description: "What changed, what of that breaks callers, and who they are.",
	}
}

// consumers are those who call the older API.
func (l *planner) consumers(view *SpecChangesView, c comparison) {
	for _, r := range append(c.older.Incoming(catalog.Consumes), c.older.Incoming(catalog.DependsOn)...) {
		if len(view.Consumers) == mostChanges {
			view.More++
			continue
		}
		row := RelativeOwner{Link: linkTo(c.path, r.From)}
		if owner := r.From.Owner(); owner != nil {
			row.Owner = linkTo(c.path, owner)
		}
		view.Consumers = append(view.Consumers, row)
	}
	values := []Link{{Text: strconv.Itoa(len(view.Consumers) + view.More), Href: "#sp-consumers"}}
	if len(view.Consumers) == 0 {
		values = []Link{{Text: "nobody in the catalog"}}
	}
	view.Facts = append(view.Facts, Fact{Title: "Consumed by", Values: values})
}

func countText(n int, noun string) string {
	return strings.TrimSpace(strconv.Itoa(n) + " " + plural(n, noun))
}

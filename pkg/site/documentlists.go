package site

import (
	"slices"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/docs"
)

// documentList works out the list of a kind of documents, and for each value by which
// it may be narrowed a list of its own. Entities are narrowed by scripts, which know
// all of them from the column file of search; documents have no such file, and a page
// for each value needs none.
func (l *planner) documentList(k documentKind) []Planned {
	all := slices.Clone(l.DocumentsOf(k.kind))
	if len(all) == 0 {
		return nil
	}
	if k.kind == docs.ADR || k.kind == docs.Postmortem {
		newestFirst(all)
	}
	facets := l.documentFacets(k, all)
	narrow := func(from string) []Narrowing { return narrowings(from, facets) }
	whole := l.documentTable(k, k.folder, all)
	whole.narrow = narrow
	pages := l.tablePages(whole)
	for _, f := range facets {
		for _, v := range f.values {
			t := l.documentTable(k, v.folder, v.rows)
			t.title += ": " + v.text
			t.narrow, t.chosen, t.whole = narrow, f.title+": "+v.text, listPath(k.folder, 1)
			pages = append(pages, l.tablePages(t)...)
		}
		if len(f.values) > facetValues {
			pages = append(pages, l.tablePages(f.table(k.plural, listPath(k.folder, 1)))...)
		}
	}
	for _, e := range l.Entities {
		if of := documentsOf(e, k); len(of) > mostDocuments {
			t := l.documentTable(k, aboutFolder(k, e), of)
			t.title += " of " + e.DisplayName()
			pages = append(pages, l.tablePages(t)...)
		}
	}
	return pages
}

func (l *planner) documentTable(k documentKind, folder string, all []*docs.Document) table {
	t := table{
		folder: folder, title: k.plural, description: k.doc, section: listPath(k.folder, 1),
		total: len(all), columns: documentColumns(k, all),
	}
	t.row = func(from string, i int) ListRow { return l.documentListRow(from, k, t.columns, all[i]) }
	return t
}

// documentFacets are the ways to narrow a list that leave something out.
func (l *planner) documentFacets(k documentKind, all []*docs.Document) []pagedFacet[*docs.Document] {
	var facets []pagedFacet[*docs.Document]
	for _, key := range []string{"owner", "severity", "status"} {
		word := func(d *docs.Document) (name, text string) { return l.documentWord(d, key) }
		order := inOrder[*docs.Document] // severities have an order of their own
		if key == "owner" {
			order = frequentFirst
		}
		if f := facetByPages(k.folder, key, all, word, order); f.useful() {
			facets = append(facets, f)
		}
	}
	return facets
}

// documentWord returns the value of a document in a facet, and what may name it in a path.
func (l *planner) documentWord(d *docs.Document, key string) (name, text string) {
	if key != "owner" {
		text = d.Front.Field(key).Text()
		return catalog.Slug(text), text
	}
	owner := l.documentOwner(d)
	if owner == nil {
		return "", ""
	}
	return qualified(owner), owner.DisplayName()
}

// documentOwner is the team that answers for a document: the one that it names, the
// owner of what it is about, or the team that it is about; nil if there is none.
func (l *planner) documentOwner(d *docs.Document) *catalog.Entity {
	about := l.About(d)
	if len(about) == 0 {
		return nil
	}
	if own, _ := l.Catalog.Resolve(d.Front.Field("owner").Text(), []string{"team"}, about[0].Ref.Namespace); own != nil && own.Team != nil {
		return own
	}
	if about[0].Team != nil {
		return about[0].Entity
	}
	return about[0].Owner()
}

package site

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/pkg/natural"
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
			t := l.documentTable(k, v.folder, v.documents)
			t.title += ": " + v.text
			t.narrow, t.chosen, t.whole = narrow, f.title+": "+v.text, listPath(k.folder, 1)
			pages = append(pages, l.tablePages(t)...)
		}
		if len(f.values) > facetValues {
			pages = append(pages, l.tablePages(f.table(k))...)
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

// mostNarrowed is how many values may have lists of their own. Where there are more, as of
// owners in a large organisation, their lists would be as many pages as a tenth of the
// documents; search finds by owner too.
const mostNarrowed = 100

// documentFacet is a way to narrow a list of documents.
type documentFacet struct {
	key, title string
	folder     string
	values     []documentValue // the most frequent first
}

// documentValue is one value of it, with the documents that have it.
type documentValue struct {
	text, folder string
	documents    []*docs.Document
}

// documentFacets are the ways to narrow a list that leave something out.
func (l *planner) documentFacets(k documentKind, all []*docs.Document) []documentFacet {
	var facets []documentFacet
	for _, key := range []string{"owner", "severity", "status"} {
		f := documentFacet{key: key, title: catalog.Sentence(key), folder: k.folder + "/-/" + key}
		at := map[string]int{}
		for _, d := range all {
			name, text := l.documentWord(d, key)
			if name == "" {
				continue
			}
			i, known := at[name]
			if !known {
				i = len(f.values)
				at[name] = i
				f.values = append(f.values, documentValue{text: text, folder: f.folder + "/" + name})
			}
			f.values[i].documents = append(f.values[i].documents, d)
		}
		if len(f.values) < 2 || len(f.values) > mostNarrowed {
			continue
		}
		slices.SortStableFunc(f.values, func(a, b documentValue) int {
			if key != "owner" { // severities have an order of their own
				return natural.Compare(a.text, b.text)
			}
			return cmp.Or(cmp.Compare(len(b.documents), len(a.documents)), natural.Compare(a.text, b.text))
		})
		facets = append(facets, f)
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

// narrowings are the ways to narrow a list as a page of it shows them.
func narrowings(from string, facets []documentFacet) []Narrowing {
	var views []Narrowing
	for _, f := range facets {
		view := Narrowing{ID: "sp-by-" + f.key, Title: f.title}
		for _, v := range f.values[:min(len(f.values), facetValues)] {
			n := Narrowed{Link: Link{Text: v.text, Href: href(from, listPath(v.folder, 1))}, N: len(v.documents)}
			n.Current = strings.HasPrefix(from, v.folder+"/")
			view.Values = append(view.Values, n)
		}
		if len(f.values) > facetValues {
			view.More = Link{Text: fmt.Sprintf("%d in all", len(f.values)), Href: href(from, listPath(f.folder, 1))}
		}
		views = append(views, view)
	}
	return views
}

// table is the list of all values, where there are more than a page names.
func (f documentFacet) table(k documentKind) table {
	return table{
		folder: f.folder, title: k.plural + " by " + f.key, section: listPath(k.folder, 1), total: len(f.values),
		columns: []Column{{Key: "documents", Title: k.plural, Numeric: true}},
		row: func(from string, i int) ListRow {
			v := f.values[i]
			return ListRow{Link: Link{Text: v.text, Href: href(from, listPath(v.folder, 1))}, Cells: []Cell{countCell(len(v.documents))}}
		},
	}
}

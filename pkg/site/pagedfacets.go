package site

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/natural"
)

// mostNarrowed is how many values may have lists of their own. Where there are more, as of
// owners in a large organisation, their lists would be as many pages as a tenth of the
// documents; search finds by owner too.
const mostNarrowed = 100

// pagedFacet is a way to narrow a list whose rows scripts do not know: each value has a list
// of its own.
type pagedFacet[T any] struct {
	key, title string
	folder     string
	values     []pagedValue[T]
}

// pagedValue is one value of it, with the rows that have it.
type pagedValue[T any] struct {
	text, folder string
	rows         []T
}

// facetByPages divides rows by a word of each, and by the name for it in a path. Rows without
// a name are in no part.
func facetByPages[T any](folder, key string, all []T, word func(T) (name, text string), order func(a, b pagedValue[T]) int) pagedFacet[T] {
	f := pagedFacet[T]{key: key, title: catalog.Sentence(key), folder: folder + "/-/" + key}
	at := map[string]int{}
	for _, row := range all {
		name, text := word(row)
		if name == "" {
			continue
		}
		i, known := at[name]
		if !known {
			i = len(f.values)
			at[name] = i
			f.values = append(f.values, pagedValue[T]{text: text, folder: f.folder + "/" + name})
		}
		f.values[i].rows = append(f.values[i].rows, row)
	}
	slices.SortStableFunc(f.values, order)
	return f
}

func inOrder[T any](a, b pagedValue[T]) int { return natural.Compare(a.text, b.text) }

func frequentFirst[T any](a, b pagedValue[T]) int {
	return cmp.Or(cmp.Compare(len(b.rows), len(a.rows)), inOrder(a, b))
}

// useful reports whether a facet leaves something out, in not too many parts.
func (f pagedFacet[T]) useful() bool { return len(f.values) > 1 && len(f.values) <= mostNarrowed }

// narrowings are the ways to narrow a list as a page of it shows them.
func narrowings[T any](from string, facets []pagedFacet[T]) []Narrowing {
	var views []Narrowing
	for _, f := range facets {
		view := Narrowing{ID: "sp-by-" + f.key, Title: f.title}
		for _, v := range f.values[:min(len(f.values), facetValues)] {
			n := Narrowed{Link: Link{Text: v.text, Href: href(from, listPath(v.folder, 1))}, N: len(v.rows)}
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
func (f pagedFacet[T]) table(rows, section string) table {
	return table{
		folder: f.folder, title: rows + " by " + f.key, section: section, total: len(f.values),
		columns: []Column{{Key: "rows", Title: rows, Numeric: true}},
		row: func(from string, i int) ListRow {
			v := f.values[i]
			return ListRow{Link: Link{Text: v.text, Href: href(from, listPath(v.folder, 1))}, Cells: []Cell{countCell(len(v.rows))}}
		},
	}
}

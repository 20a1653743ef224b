package site

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/natural"
	"github.com/signpost-dev/signpost/pkg/portal"
)

// rowsPerPage is how many rows a page of a list has.
const rowsPerPage = 50

// facetValues is how many values of a facet a page names; scripts know all.
const facetValues = 12

// table is a list before it is divided into pages.
type table struct {
	folder, title, description string
	section                    string
	kind                       string // for scripts; empty if they have no data of it
	total                      int
	columns                    []Column
	row                        func(from string, i int) ListRow
	facets                     []Facet
	narrow                     func(from string) []Narrowing // ways to narrow it that need no scripts; may be nil
	chosen                     string                        // how it is narrowed: "Owner: Payments"; empty if it is whole
	whole                      string                        // path of the whole list, if it is narrowed
	add                        Link
	ways                       func(from string) []Link // see ListView; may be nil
	feeds                      []feed
	places                     bool // its cells say what runs where
}

// tablePages divides a list into pages.
func (l *planner) tablePages(t table) []Planned {
	last := max(1, (t.total+rowsPerPage-1)/rowsPerPage)
	var pages []Planned
	for n := 1; n <= last; n++ {
		pages = append(pages, Planned{Path: listPath(t.folder, n), View: func() Page { return t.page(n, last) }})
	}
	return pages
}

func (t table) page(n, last int) Page {
	from := listPath(t.folder, n)
	v := ListView{
		Title: t.title, Description: t.description, Kind: t.kind, Total: t.total, Columns: t.columns,
		Facets: t.facets, Root: rootOf(from), New: t.add, Places: t.places,
	}
	if t.narrow != nil {
		v.Narrow = t.narrow(from)
	}
	if t.ways != nil {
		v.Ways = t.ways(from)
	}
	if t.chosen != "" {
		v.Chosen = Link{Text: t.chosen, Href: href(from, t.whole)}
	}
	start, end := (n-1)*rowsPerPage, min(n*rowsPerPage, t.total)
	for i := start; i < end; i++ {
		v.Rows = append(v.Rows, t.row(from, i))
	}
	if end > start {
		v.First, v.Last = start+1, end
	}
	if last > 1 {
		v.Pages = pageLinks(t.folder, n, last)
	}
	if n > 1 {
		v.Previous = href(from, listPath(t.folder, n-1))
	}
	if n < last {
		v.Next = href(from, listPath(t.folder, n+1))
	}
	title := t.title
	if n > 1 {
		title += ", page " + strconv.Itoa(n)
	}
	return Page{Path: from, Template: "list.html", Title: title, Description: t.description, Section: t.section, Feeds: feedLinks(from, t.feeds), Data: v}
}

// pageLinks leads to the first and last pages of a list and to those around the
// present one, so that a list of hundreds of pages stays one line.
func pageLinks(folder string, n, last int) []Link {
	return pageLinksBy(n, last, func(i int) string { return href(listPath(folder, n), listPath(folder, i)) })
}

// pageLinksBy is pageLinks for a list whose pages are called otherwise.
func pageLinksBy(n, last int, to func(i int) string) []Link {
	var links []Link
	previous := 0
	for i := 1; i <= last; i++ {
		if i > 1 && i < last && (i < n-2 || i > n+2) {
			continue
		}
		if i > previous+1 {
			links = append(links, Link{Text: "…"})
		}
		link := Link{Text: strconv.Itoa(i)}
		if i != n {
			link.Href = to(i)
		}
		links = append(links, link)
		previous = i
	}
	return links
}

// column is a column of an entity list: what it is called, what a cell holds, and
// whether it is a facet too.
type column struct {
	Column
	facet bool
	cell  func(from string, e *portal.Entity) Cell
	words func(e *portal.Entity) []FacetValue // value and text, without a count
}

// entityList works out the list of a kind. A kind without entities has none.
func (l *planner) entityList(kind *catalog.Kind) []Planned {
	entities := slices.Clone(l.OfKind(kind.Name))
	if len(entities) == 0 {
		return nil
	}
	slices.SortStableFunc(entities, byName)
	t := table{
		folder: kind.Plural, title: kind.TitlePlural, description: kind.Description,
		section: listPath(kind.Plural, 1), kind: kind.Name, total: len(entities),
	}
	if kind.Name == "service" && hasMatrix(l.Portal) {
		t.ways = func(from string) []Link {
			return []Link{{Text: "What runs where", Href: href(from, listPath(matrixFolder, 1))}}
		}
	}
	columns := l.columnsOf(kind, entities)
	var shown []column
	for _, c := range columns {
		if c.cell != nil {
			shown = append(shown, c)
			t.columns = append(t.columns, c.Column)
		}
		if c.facet {
			if f := facetOf(c, entities); len(f.Values) > 0 {
				t.facets = append(t.facets, f)
			}
		}
	}
	t.row = func(from string, i int) ListRow {
		e := entities[i]
		row := ListRow{Link: linkTo(from, e.Entity), Note: l.Purpose(e.Entity), Now: wrongNow(e)}
		for _, c := range shown {
			row.Cells = append(row.Cells, c.cell(from, e))
		}
		return row
	}
	return l.tablePages(t)
}

// columnsOf are the columns and facets of a kind: those that say something for at
// least one of its entities.
func (l *planner) columnsOf(kind *catalog.Kind, entities []*portal.Entity) []column {
	all := []column{
		{Column: Column{Key: "owner", Title: "Owner"}, facet: true, cell: ownerCell, words: targetWords((*catalog.Entity).Owner)},
		{Column: Column{Key: "system", Title: "System"}, facet: true, cell: targetCell((*catalog.Entity).System), words: targetWords((*catalog.Entity).System)},
		{Column: Column{Key: "domain", Title: "Domain"}, facet: true, words: targetWords((*catalog.Entity).Domain)},
		{Column: Column{Key: "tier", Title: "Tier", Numeric: true}, facet: true, cell: wordCell(tierWord), words: wordsOf(tierWord)},
		{Column: Column{Key: "lifecycle", Title: "Lifecycle"}, facet: true, cell: lifecycleCell, words: wordsOf(lifecycleWord)},
		{Column: Column{Key: "type", Title: "Type"}, facet: true, cell: wordCell(typeWord), words: wordsOf(typeWord)},
		{Column: Column{Key: "language", Title: "Language"}, facet: true, words: wordsOf(languageWord)},
		{Column: Column{Key: "gap", Title: "Missing"}, facet: true, words: l.gapWords},
	}
	switch kind.Name {
	case "team":
		all = l.teamColumns()
	case "person":
		all = slices.Clone(personColumns)
	}
	for _, f := range l.Catalog.Config.FieldsOf(kind.Name) {
		if f.Facet {
			all = append(all, column{Column: Column{Key: f.Name, Title: f.Title}, facet: true, words: fieldWords(f)})
		}
	}
	return slices.DeleteFunc(all, func(c column) bool {
		return !slices.ContainsFunc(entities, func(e *portal.Entity) bool {
			return c.words != nil && len(c.words(e)) > 0 || c.words == nil && len(c.cell("", e).Links) > 0
		})
	})
}

// facetOf counts the values of a facet, the most frequent first.
func facetOf(c column, entities []*portal.Entity) Facet {
	counts := map[string]*FacetValue{}
	for _, e := range entities {
		for _, w := range c.words(e) {
			if counts[w.Value] == nil {
				counts[w.Value] = &FacetValue{Value: w.Value, Text: w.Text}
				if c.Key == "lifecycle" {
					counts[w.Value].State = lifecycleStates[w.Value]
				}
			}
			counts[w.Value].N++
		}
	}
	f := Facet{Key: c.Key, Title: c.Title}
	for _, v := range counts {
		f.Values = append(f.Values, *v)
	}
	slices.SortFunc(f.Values, func(a, b FacetValue) int {
		if c.Numeric {
			return cmp.Compare(a.Value, b.Value)
		}
		return cmp.Or(cmp.Compare(b.N, a.N), natural.Compare(a.Text, b.Text))
	})
	f.Values = f.Values[:min(len(f.Values), facetValues)]
	return f
}

func ownerCell(from string, e *portal.Entity) Cell {
	if owner := e.Owner(); owner != nil {
		return Cell{Links: []Link{linkTo(from, owner)}}
	}
	if wrong := wrongOwner(e.Entity); wrong != "" {
		return Cell{Links: []Link{{Text: wrong}}, State: Bad}
	}
	return Cell{Missing: e.Kind.Owned}
}

// wrongOwner says what is wrong with an owner that is written and leads nowhere.
func wrongOwner(e *catalog.Entity) string {
	for _, r := range e.Outgoing(catalog.OwnedBy) {
		if r.To == nil {
			return portal.Dangling(&r.Reference)
		}
	}
	return ""
}

func targetCell(target func(*catalog.Entity) *catalog.Entity) func(string, *portal.Entity) Cell {
	return func(from string, e *portal.Entity) Cell {
		if to := target(e.Entity); to != nil {
			return Cell{Links: []Link{linkTo(from, to)}}
		}
		return Cell{}
	}
}

func targetWords(target func(*catalog.Entity) *catalog.Entity) func(*portal.Entity) []FacetValue {
	return func(e *portal.Entity) []FacetValue {
		if to := target(e.Entity); to != nil {
			return []FacetValue{{Value: qualified(to), Text: to.DisplayName()}}
		}
		return nil
	}
}

// qualified is an entity's name with its namespace, as the column file has it.
func qualified(e *catalog.Entity) string {
	if e.Ref.Namespace != "" {
		return e.Ref.Namespace + "/" + e.Ref.Name
	}
	return e.Ref.Name
}

func tierWord(e *portal.Entity) string {
	if e.Tier == 0 {
		return ""
	}
	return strconv.Itoa(e.Tier)
}
func lifecycleWord(e *portal.Entity) string { return e.Lifecycle.Text }
func typeWord(e *portal.Entity) string      { return e.Type }
func languageWord(e *portal.Entity) string  { return e.Language }

func lifecycleCell(_ string, e *portal.Entity) Cell {
	c := textCell(lifecycleWord(e))
	c.State = lifecycleStates[lifecycleWord(e)]
	return c
}

func wordCell(word func(*portal.Entity) string) func(string, *portal.Entity) Cell {
	return func(_ string, e *portal.Entity) Cell { return textCell(word(e)) }
}

func wordsOf(word func(*portal.Entity) string) func(*portal.Entity) []FacetValue {
	return func(e *portal.Entity) []FacetValue {
		if w := word(e); w != "" {
			return []FacetValue{{Value: w, Text: w}}
		}
		return nil
	}
}

func fieldWords(f *catalog.Field) func(*portal.Entity) []FacetValue {
	return func(e *portal.Entity) []FacetValue {
		var words []FacetValue
		for _, v := range e.Fields {
			if v.Field == f {
				for _, text := range v.Texts() {
					words = append(words, FacetValue{Value: text, Text: text})
				}
			}
		}
		return words
	}
}

func (l *planner) gapWords(e *portal.Entity) []FacetValue {
	var words []FacetValue
	for _, g := range l.Gaps(e) {
		words = append(words, FacetValue{Value: g.Answer, Text: g.Text})
	}
	return words
}

// teamColumns are the columns of the list of teams.
func (l *planner) teamColumns() []column {
	parent := func(e *catalog.Entity) *catalog.Entity { return e.Parent() }
	return []column{
		{Column: Column{Key: "parent", Title: "Part of"}, cell: targetCell(parent), words: targetWords(parent)},
		{Column: Column{Key: "members", Title: "People", Numeric: true}, cell: func(_ string, e *portal.Entity) Cell {
			return countCell(len(l.Members(e.Entity)))
		}},
		{Column: Column{Key: "owns", Title: "Owns", Numeric: true}, cell: func(_ string, e *portal.Entity) Cell {
			own, below := l.Owned(e)
			return countCell(len(own) + len(below))
		}},
		{Column: Column{Key: "channel", Title: "Channel"}, cell: func(from string, e *portal.Entity) Cell {
			if c, ok := l.Channel(e); ok {
				return Cell{Links: []Link{place(from, c)}}
			}
			return Cell{}
		}},
	}
}

func countCell(n int) Cell { return textCell(strconv.Itoa(n)) }

// personColumns are the columns of the list of people.
var personColumns = []column{
	{Column: Column{Key: "role", Title: "Role"}, cell: wordCell(func(e *portal.Entity) string { return e.Person.Role })},
	{Column: Column{Key: "teams", Title: "Teams"}, cell: func(from string, e *portal.Entity) Cell {
		var c Cell
		for _, team := range e.Teams() {
			c.Links = append(c.Links, linkTo(from, team))
		}
		return c
	}},
	{Column: Column{Key: "timezone", Title: "Time zone"}, cell: wordCell(func(e *portal.Entity) string { return e.Person.Timezone })},
}

package site

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/signpost-dev/signpost/pkg/portal"
)

// Paths of what live systems know and the catalog does not, for people and for machines.
const (
	unmatchedPage = "-/unmatched.html"
	unmatchedFile = "-/unmatched.json"
)

// unmatchedPath returns the path of a page of the list.
func unmatchedPath(page int) string {
	if page == 1 {
		return unmatchedPage
	}
	return "-/unmatched/" + strconv.Itoa(page) + ".html"
}

// unmatchedPages works out the list; nothing if all has two sides.
func (l *planner) unmatchedPages() []Planned {
	all := unmatched(l.Portal)
	last := (len(all) + rowsPerPage - 1) / rowsPerPage
	var pages []Planned
	for n := 1; n <= last; n++ {
		pages = append(pages, Planned{Path: unmatchedPath(n), View: func() Page { return l.unmatchedPage(all, n, last) }})
	}
	return pages
}

func (l *planner) unmatchedPage(all []foreignThing, n, last int) Page {
	from := unmatchedPath(n)
	start, end := (n-1)*rowsPerPage, min(n*rowsPerPage, len(all))
	v := UnmatchedView{Total: len(all), First: start + 1, Last: end, Data: href(from, unmatchedFile)}
	for _, f := range all[start:end] {
		v.Rows = append(v.Rows, l.unmatchedRow(from, f))
	}
	if last > 1 {
		v.Pages = pageLinksBy(n, last, func(i int) string { return href(from, unmatchedPath(i)) })
	}
	if n > 1 {
		v.Previous = href(from, unmatchedPath(n-1))
	}
	if n < last {
		v.Next = href(from, unmatchedPath(n+1))
	}
	title := "Not in the catalog"
	if n > 1 {
		title += ", page " + strconv.Itoa(n)
	}
	return Page{
		Path: from, Template: "unmatched.html", Title: title,
		Description: "What live systems know and the catalog does not, and identifiers that nothing has there.", Data: v,
	}
}

var foreignStates = map[string]LiveState{
	"active":     {Noted, "In use"},
	"deprecated": {Noted, "Deprecated"},
	"archived":   {Noted, "Archived"},
	"missing":    {Bad, "Does not exist there"},
}

func (l *planner) unmatchedRow(from string, f foreignThing) UnmatchedRow {
	r := UnmatchedRow{
		LiveState: stateOf(foreignStates, f.fact.State), Provider: sourceName(f.by), Kind: f.fact.Kind,
		Name: Link{Text: f.fact.Name, Href: outside(f.fact.URL)}, Fix: strings.TrimSpace(f.fact.Fix),
	}
	if r.Name.Text == "" {
		r.Name.Text = f.fact.ID
	}
	if f.fact.Entity == "" {
		return r
	}
	r.Entity = Link{Text: f.fact.Entity}
	if e := l.Named(f.fact.Entity); e != nil {
		r.Entity = linkTo(from, e.Entity)
	}
	return r
}

// unmatchedData is the same list for machines.
func unmatchedData(p *portal.Portal) ([]byte, error) {
	type thing struct {
		Provider string `json:"provider"`
		ID       string `json:"id"`
		Kind     string `json:"kind"`
		Name     string `json:"name,omitempty"`
		State    string `json:"state"`
		Entity   string `json:"entity,omitempty"`
		URL      string `json:"url,omitempty"`
		Fix      string `json:"fix,omitempty"`
	}
	all := []thing{}
	for _, f := range unmatched(p) {
		all = append(all, thing{f.by.Name, f.fact.ID, f.fact.Kind, f.fact.Name, f.fact.State, f.fact.Entity, outside(f.fact.URL), f.fact.Fix})
	}
	data, err := json.MarshalIndent(all, "", " ")
	return append(data, '\n'), err
}

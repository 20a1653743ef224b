package check

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/docs"
)

// techDocs finds entities whose annotation for TechDocs the folders contradict: it names
// documents that belong to something else, or no documents while those of the entity lie
// elsewhere. It is the folder in which documents lie that decides, and an annotation that
// says otherwise would be ignored in silence. Where there are no TechDocs at all it has only
// come along from Backstage, to whose templates it belongs. Addresses are no matter of the
// catalog; what imports them makes links of them.
//
// See https://backstage.io/docs/features/techdocs/how-to-guides.
func techDocs(p *pass) {
	var byBook map[string][]*docs.Document
	for e := range p.Catalog.Described() {
		to, ok := strings.CutPrefix(strings.TrimSpace(e.TechDocs.Text), "dir:")
		if !ok {
			continue
		}
		if byBook == nil {
			byBook = documentsByBook(p)
		}
		book, dir := p.bookIn(path.Join(path.Dir(e.Path), to)), path.Join(path.Dir(e.TechDocs.Span.File), to)
		if book == "" {
			if others := booksOf(byBook, e); len(others) > 0 {
				p.at(e.TechDocs.Span, "name that folder, or leave the annotation out",
					fmt.Sprintf("TechDocs are said to lie in %q, where there is no mkdocs.yml; those of %s lie in %q", dir, e.Ref, p.Prefix+path.Dir(others[0])))
			}
			continue
		}
		for _, d := range byBook[book] {
			if !belongs(d, e) {
				p.at(e.TechDocs.Span, "move the folder to the descriptor, or name the entity under `about` in the front matter",
					fmt.Sprintf("%q, of the TechDocs in %q, does not belong to %s", d.Title, dir, e.Ref))
				break
			}
		}
	}
}

// bookIn returns the configuration of MkDocs in a folder, or "".
func (p *pass) bookIn(dir string) string {
	for _, name := range []string{"mkdocs.yml", "mkdocs.yaml"} {
		if file := path.Join(dir, name); p.Exists(file) {
			return file
		}
	}
	return ""
}

// booksOf are the configurations of MkDocs, sorted, with documents that belong to an entity.
func booksOf(byBook map[string][]*docs.Document, e *catalog.Entity) []string {
	var all []string
	for book, documents := range byBook {
		if slices.ContainsFunc(documents, func(d *docs.Document) bool { return belongs(d, e) }) {
			all = append(all, book)
		}
	}
	slices.Sort(all)
	return all
}

// documentsByBook are the documents by the configuration of MkDocs that they belong to.
func documentsByBook(p *pass) map[string][]*docs.Document {
	all := map[string][]*docs.Document{}
	for _, d := range p.Documents {
		if book := d.Book(); book != "" {
			all[book] = append(all[book], d)
		}
	}
	return all
}

func belongs(d *docs.Document, e *catalog.Entity) bool {
	return slices.ContainsFunc(d.About, func(h docs.Home) bool { return h.Ref == e.Ref.String() })
}

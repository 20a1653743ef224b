package portal

import (
	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/docs"
)

// Homes tells documents to which entities they belong: it is the catalog, as
// package docs asks it.
type Homes struct{ Catalog *catalog.Catalog }

var _ docs.Homes = Homes{}

// Folder returns the entity that a folder belongs to.
func (h Homes) Folder(dir string) (docs.Home, bool) {
	return home(h.Catalog.OfFolder(dir))
}

// Find returns the entity that a reference means.
func (h Homes) Find(ref string, near docs.Home) (found docs.Home, nearest string, ok bool) {
	namespace := ""
	if at, err := catalog.ParseRef(near.Ref); err == nil {
		namespace = at.Namespace
	}
	kinds := h.Kinds()
	e, _ := h.Catalog.Resolve(ref, kinds, namespace)
	if e == nil {
		r := catalog.Reference{Kinds: kinds}
		r.Text = ref
		return docs.Home{}, h.Catalog.Near(&r), false
	}
	found, ok = home(e)
	return found, "", ok
}

// Mentioned returns the entity that a reference with a kind names.
func (h Homes) Mentioned(ref string, near docs.Home) (docs.Home, bool) {
	namespace := ""
	if at, err := catalog.ParseRef(near.Ref); err == nil {
		namespace = at.Namespace
	}
	e, _ := h.Catalog.Resolve(ref, h.Kinds(), namespace)
	return home(e)
}

// Kinds returns the names of all kinds.
func (h Homes) Kinds() []string {
	kinds := make([]string, 0, len(h.Catalog.Kinds))
	for _, k := range h.Catalog.Kinds {
		kinds = append(kinds, k.Name)
	}
	return kinds
}

// Descriptor returns the page of the first entity that a file describes.
func (h Homes) Descriptor(file string) (page string, ok bool) {
	found, ok := home(h.Catalog.OfFile(file))
	return found.Page, ok
}

func home(e *catalog.Entity) (docs.Home, bool) {
	if e == nil {
		return docs.Home{}, false
	}
	return docs.Home{Ref: e.Ref.String(), Page: e.Page()}, true
}

// Severities counts findings by severity.
func Severities(found []diag.Diagnostic) map[diag.Severity]int {
	n := map[diag.Severity]int{}
	for _, d := range found {
		n[d.Severity]++
	}
	return n
}

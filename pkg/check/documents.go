package check

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/schema"
)

// documentOrphan finds documents that belong to nothing.
func documentOrphan(p *pass) {
	unread := map[string]bool{} // whatever it says of what it is about could not be read
	for _, d := range p.Found {
		unread[d.Span.File] = unread[d.Span.File] || d.Unread
	}
	for _, d := range p.Documents {
		// An `about` that names nothing is found by those who read.
		if len(d.About) == 0 && d.Front.Field("about") == nil && !unread[d.Name] && !p.homeless(d) {
			p.at(diag.Span{File: d.Name}, "move it into the folder of an entity, or name one under `about` in its front matter",
				"this document belongs to nothing")
		}
	}
}

// homeless reports whether a document lies in the folder of an entity that could
// not be read: it belongs to something again once that is mended.
func (p *pass) homeless(d *docs.Document) bool {
	for dir := path.Dir(d.File); dir != "."; dir = path.Dir(dir) {
		if p.Catalog.Misses(dir) {
			return true
		}
	}
	return false
}

// documentField finds keys of front matter that were meant to be others.
func documentField(p *pass) {
	fields := schema.DocumentFields()
	known := map[string]bool{}
	for _, name := range fields {
		known[name] = true
	}
	for _, d := range p.Documents {
		for _, n := range d.Front.Children() {
			if known[n.Name()] {
				continue
			}
			if meant := meantField(n.Name(), fields); meant != "" && d.Front.Field(meant) == nil {
				p.report(diag.Diagnostic{
					Span: n.KeySpan(), Message: fmt.Sprintf("front matter has no key %q with a meaning", n.Name()),
					Hint: didYouMean(meant, true), Fix: []diag.Edit{{Span: n.KeySpan(), New: meant}},
				})
			}
		}
	}
}

// kindKeys are the keys of front matter by which a document of another kind was most likely
// meant to be of the only one that has a use for them. Others, such as duration, may be
// there for another program.
var kindKeys = []string{"alerts", "everyone", "supersedes", "supersededBy", "actions"}

// documentKind finds documents whose front matter is that of another kind.
func documentKind(p *pass) {
	for _, d := range p.Documents {
		for _, key := range kindKeys {
			n, kinds := d.Front.Field(key), schema.UsedBy(key)
			if n == nil || slices.Contains(kinds, string(d.Kind)) {
				continue
			}
			p.at(n.KeySpan(), fmt.Sprintf("move it into a folder for that kind, or write `kind: %s`", kinds[0]),
				fmt.Sprintf("%q has no effect on a document of the kind %s, only on one of the kind %s", key, d.Kind, kinds[0]))
		}
	}
}

// meantField returns the one field that a key was meant to be, or "".
func meantField(written string, fields []string) string {
	var meant []string
	for _, name := range fields {
		if diag.SameLetters(written, name) || diag.IsSlip(written, name) {
			meant = append(meant, name)
		}
	}
	if len(meant) != 1 {
		return ""
	}
	return meant[0]
}

// documentOwner finds owners in front matter that are no team of the catalog.
func documentOwner(p *pass) {
	for d := range p.everyDocument() {
		owner := d.Front.Field("owner")
		if owner.Text() == "" {
			continue
		}
		team, why := p.Catalog.Resolve(owner.Text(), []string{"team"}, namespaceOf(d))
		if team != nil && team.Team != nil {
			continue
		}
		r := &catalog.Reference{Value: catalog.Value{Text: owner.Text(), Span: owner.Span()}, Field: "owner", Kinds: []string{"team"}, Why: why}
		p.report(diag.Diagnostic{
			Span: r.Span, Message: fmt.Sprintf("owner %q is not a team in the catalog", r.Text), Hint: nearHint(p, r),
		})
	}
}

// missingFiles finds files that descriptors name and that are not there. Broken
// links in documents are found by those who read documents.
func missingFiles(p *pass) {
	for e := range p.Catalog.Described() {
		for field, v := range map[string]catalog.Value{"runbook": e.Runbook, "definition": e.Definition} {
			if !v.Written() || strings.Contains(v.Text, "://") {
				continue
			}
			file, _, _ := strings.Cut(v.Text, "#")
			target := path.Join(path.Dir(e.Path), file)
			if !p.Exists(target) {
				p.at(v.Span, "the path is relative to the descriptor", fmt.Sprintf("%s %q does not exist", field, v.Text))
			}
		}
	}
}

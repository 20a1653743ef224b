package portal

import (
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/pkg/snapshot"
	"github.com/signpost-dev/signpost/pkg/source"
)

// Runbooks returns what the catalog says to do about an alert of an entity, the surest first:
// the document to which the alert's own address leads; the runbooks of the entity, and of what
// it belongs to, that name the alert in their front matter; those whose title is its name.
func (p *Portal) Runbooks(e *Entity, alert snapshot.Alert) []Place {
	var found []Place
	seen := map[*docs.Document]bool{}
	add := func(d *docs.Document, anchor string) {
		if d == nil || d.Page == "" || seen[d] {
			return
		}
		seen[d] = true
		place := documentPlace(d)
		if anchor != "" {
			place.Page += "#" + anchor
		}
		found = append(found, place)
	}
	add(p.documentAt(alert.Runbook))
	near := p.runbooksNear(e)
	for _, d := range near {
		if slices.ContainsFunc(d.Front.Field("alerts").Children(), func(n *source.Node) bool { return n.Text() == alert.Name }) {
			add(d, "")
		}
	}
	name := letters(alert.Name)
	for _, d := range near {
		if name != "" && letters(d.Title) == name {
			add(d, "")
		}
	}
	return found
}

// documentAt returns the document to which an address leads, with the anchor in it: the
// address of its page on the site or of its file at the repository's host, whatever stands
// before its path. Of several documents it is the one with the longest path. Rules of
// Prometheus often name the path alone: that of the file in the repository or the catalog.
func (p *Portal) documentAt(address string) (d *docs.Document, anchor string) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" && u.Scheme != "" {
		return nil, ""
	}
	if u.Host == "" {
		at := strings.TrimPrefix(path.Clean(u.Path), "/")
		if d := p.addressed()[at]; d != nil && at != d.Page {
			return d, u.EscapedFragment()
		}
		return nil, ""
	}
	for at := strings.TrimPrefix(u.Path, "/"); at != ""; _, at, _ = strings.Cut(at, "/") {
		if d := p.addressed()[at]; d != nil {
			return d, u.EscapedFragment()
		}
	}
	return nil, ""
}

// LeadsToDocument reports whether an address is that of a document of the catalog.
func (p *Portal) LeadsToDocument(address string) bool {
	d, _ := p.documentAt(address)
	return d != nil
}

// addresses returns the documents that have a page, by its path in the site and by the path
// of the file in the repository, and by that in the catalog, if it means no other.
func (p *Portal) addresses() map[string]*docs.Document {
	at := make(map[string]*docs.Document, 2*len(p.Documents))
	for _, d := range p.Documents {
		if d.Page != "" {
			at[d.Page] = d
			at[d.Name] = d
		}
	}
	for _, d := range p.Documents {
		if d.Page != "" && at[d.File] == nil {
			at[d.File] = d
		}
	}
	return at
}

// runbooksNear returns the runbooks and playbooks of an entity, of what it is part of, and of
// its owner.
func (p *Portal) runbooksNear(e *Entity) []*docs.Document {
	var all []*docs.Document
	for _, of := range []*catalog.Entity{e.Entity, e.Parent(), e.System(), e.Owner()} {
		if of == nil {
			continue
		}
		for _, d := range p.byEntity[of].Documents {
			if d.Kind == docs.Runbook || d.Kind == docs.Playbook {
				all = append(all, d)
			}
		}
	}
	return all
}

// letters returns the letters and digits of a name, in lower case, so that HighErrorRate and
// "High error rate" are one.
func letters(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// Postmortems returns the postmortems of an entity, and those of others that name it among
// what the incident hit, the latest first.
func (p *Portal) Postmortems(e *Entity) []*docs.Document {
	var all []*docs.Document
	for _, d := range append(slices.Clone(e.Documents), p.hit()[e]...) {
		if d.Kind == docs.Postmortem && d.Page != "" && !slices.Contains(all, d) {
			all = append(all, d)
		}
	}
	LatestFirst(all)
	return all
}

// Hit returns what a postmortem says that the incident hit.
func (p *Portal) Hit(d *docs.Document) []*Entity {
	var kinds []string
	for _, k := range p.Catalog.Kinds {
		kinds = append(kinds, k.Name)
	}
	namespace := ""
	if about := p.About(d); len(about) > 0 {
		namespace = about[0].Ref.Namespace
	}
	var all []*Entity
	for _, n := range d.Front.Field("services").Children() {
		if e, _ := p.Catalog.Resolve(n.Text(), kinds, namespace); e != nil {
			all = append(all, p.byEntity[e])
		}
	}
	return all
}

// hits returns postmortems by the entities that their front matter says the incident hit.
func (p *Portal) hits() map[*Entity][]*docs.Document {
	of := map[*Entity][]*docs.Document{}
	for _, d := range p.Documents {
		if d.Kind != docs.Postmortem {
			continue
		}
		for _, e := range p.Hit(d) {
			of[e] = append(of[e], d)
		}
	}
	return of
}

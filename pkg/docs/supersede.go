package docs

import (
	"cmp"
	"net/url"
	"path"
	"slices"
	"strings"
)

// supersede finds the decisions that decisions name, and says of both ends which replaces
// which.
func (s *Set) supersede() {
	x := decisionIndex{byName: map[string]*Document{}, byFolder: map[string][]*Document{}, byHome: map[string][]*Document{}}
	for _, d := range s.Documents {
		if d.Decision != nil {
			x.byName[d.Name] = d
			x.byFolder[path.Dir(d.Name)] = append(x.byFolder[path.Dir(d.Name)], d)
			if len(d.About) > 0 {
				x.byHome[d.About[0].Ref] = append(x.byHome[d.About[0].Ref], d)
			}
		}
	}
	replace := func(by, old *Document) {
		if by != old && !slices.Contains(by.Decision.Replaces, old) {
			by.Decision.Replaces = append(by.Decision.Replaces, old)
			old.Decision.ReplacedBy = append(old.Decision.ReplacedBy, by)
		}
	}
	for _, d := range s.Documents {
		if d.Decision == nil {
			continue
		}
		d.Decision.Supersedes = x.resolve(d, d.Decision.Supersedes)
		d.Decision.SupersededBy = x.resolve(d, d.Decision.SupersededBy)
		for _, c := range d.Decision.Supersedes {
			if c.To != nil {
				replace(d, c.To)
			}
		}
		for _, c := range d.Decision.SupersededBy {
			if c.To != nil {
				replace(c.To, d)
			}
		}
	}
	for _, d := range s.Documents {
		if d.Decision != nil {
			slices.SortFunc(d.Decision.Replaces, byFile)
			slices.SortFunc(d.Decision.ReplacedBy, byFile)
		}
	}
}

func byFile(a, b *Document) int { return cmp.Compare(a.File, b.File) }

// decisionIndex finds decisions.
type decisionIndex struct {
	byName           map[string]*Document
	byFolder, byHome map[string][]*Document
}

// resolve fills in what citations mean. Those of the text that mean no decision are left
// out: a link may lead anywhere, and where it is broken, that is said of it as a link.
func (x decisionIndex) resolve(d *Document, cited []Citation) []Citation {
	kept := cited[:0:0]
	for _, c := range cited {
		if c.To = x.find(d, c); c.To != nil || !c.link {
			kept = append(kept, c)
		}
	}
	return kept
}

// find returns the decision that a citation means: by its number among those in the same
// folder, else among those of the same entity; or by its file.
func (x decisionIndex) find(d *Document, c Citation) *Document {
	if found := citedNumber.FindStringSubmatch(c.Text); found != nil {
		return x.numbered(d, parseNumber(found[1]))
	}
	file, _, _ := strings.Cut(c.Text, "#")
	if plain, err := url.PathUnescape(file); err == nil {
		file = plain
	}
	if file == "" || strings.Contains(file, "://") {
		return nil
	}
	name := path.Join(path.Dir(d.Name), file)
	if strings.HasPrefix(file, "/") {
		name = strings.TrimPrefix(path.Clean(file), "/")
	}
	return cmp.Or(x.byName[name], x.byName[name+".md"])
}

func (x decisionIndex) numbered(d *Document, number int) *Document {
	near := x.byFolder[path.Dir(d.Name)]
	if len(d.About) > 0 {
		near = slices.Concat(near, x.byHome[d.About[0].Ref])
	}
	for _, other := range near {
		if other != d && other.Decision.Number == number {
			return other
		}
	}
	return nil
}

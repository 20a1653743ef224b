package docs

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/safehtml"
)

// CheckLinks reports links and images whose target does not exist: the file, or
// the heading in it; and mentions of entities that were spelt wrong. Letter case matters in paths, as it does on GitHub and in a
// published site; it does not in anchors. Documents without a scan (they broke a
// limit) are taken to have every anchor, for that is reported already.
func (s *Set) CheckLinks(scans []*Scan) []diag.Diagnostic {
	c := &checker{set: s, anchors: make(map[string][]string, len(scans)), meant: map[string]string{}}
	for _, scan := range scans {
		c.anchors[scan.Document.File] = scan.anchors
	}
	var ds []diag.Diagnostic
	for _, scan := range scans {
		for _, l := range scan.Links {
			if d, ok := c.check(scan, l); ok {
				ds = append(ds, d)
			}
		}
		ds = append(ds, scan.foreignFindings()...)
		for _, m := range scan.mentions {
			if d, ok := c.mention(scan, m); ok {
				ds = append(ds, d)
			}
		}
	}
	return diag.Sort(ds)
}

// Web returns the links and images of a document that lead to the web.
func (s *Scan) Web() []Link {
	var web []Link
	for _, l := range s.Links {
		if scheme := safehtml.Scheme(l.To); scheme == "http" || scheme == "https" {
			web = append(web, l)
		}
	}
	return web
}

type checker struct {
	set      *Set
	anchors  map[string][]string // by file in the tree
	meant    map[string]string   // by home and mention: the reference that was meant, or ""
	names    map[string][]string // files of the tree by base name in lower case; made when needed
	siblings map[string][]string // names in a folder; made when needed
}

func (c *checker) check(scan *Scan, l Link) (diag.Diagnostic, bool) {
	d := diag.Diagnostic{Span: l.Span}
	t := c.set.resolve(scan.Document, l.To)
	switch t.kind {
	case outside:
		return d, false
	case forbidden:
		d.Code, d.Severity = "link-scheme", diag.Warning
		d.Message = fmt.Sprintf("%s cannot be linked to", quoted(l.To))
		d.Hint = "use an https, http or mailto address, or a path"
		if scheme := safehtml.Scheme(l.To); scheme != "" {
			d.Message = fmt.Sprintf("links with %q are not shown", scheme+":")
		}
		return d, true
	case here:
		return d, c.anchor(&d, scan.anchors, t.fragment, "this document")
	}
	file, e := c.set.look(t.path)
	switch {
	case e == missing:
		c.missing(&d, scan.Document, t, l)
		return d, true
	case e == aFolder:
		if readme := c.set.readme(file); readme != nil {
			file = readme.File
		}
	}
	anchors, known := c.anchors[file]
	if !known || t.plain {
		return d, false
	}
	return d, c.anchor(&d, anchors, t.fragment, path.Base(file))
}

// anchor completes a finding for a fragment that is none of the anchors.
func (c *checker) anchor(d *diag.Diagnostic, anchors []string, fragment, where string) bool {
	want := strings.TrimPrefix(strings.ToLower(fragment), "user-content-")
	if want == "" || want == "top" {
		return false
	}
	if _, ok := slices.BinarySearch(anchors, want); ok {
		return false
	}
	d.Code, d.Severity = "anchor-missing", diag.Error
	d.Message = fmt.Sprintf("there is no heading %s in %s", quoted("#"+fragment), where)
	if near, ok := nearest(want, anchors); ok {
		d.Hint = fmt.Sprintf("did you mean %q?", "#"+near)
	}
	return true
}

func (c *checker) missing(d *diag.Diagnostic, doc *Document, t target, l Link) {
	d.Code, d.Severity = "link-broken", diag.Error
	what := "link"
	if l.Image {
		what = "image"
	}
	if strings.HasPrefix(t.path, "../") || t.path == ".." {
		d.Message = fmt.Sprintf("the %s leads out of the repository", what)
		return
	}
	d.Message = fmt.Sprintf("the %s leads to %s, which does not exist", what, quoted(t.path))
	if near, ok := c.near(t.path); ok {
		d.Hint = fmt.Sprintf("did you mean %q?", relativePath(path.Dir(doc.Name), near))
	}
}

// near returns the path that was most likely meant: the one file of the same
// name elsewhere, else one in the same folder with nearly the name.
func (c *checker) near(p string) (string, bool) {
	file, ok := c.set.inTree(p)
	if !ok {
		return "", false
	}
	if c.names == nil {
		c.index()
	}
	if same := c.names[strings.ToLower(path.Base(file))]; len(same) == 1 && path.Ext(file) != "" {
		return c.set.prefix + same[0], true
	}
	dir := path.Dir(file)
	name, ok := nearest(path.Base(file), c.siblings[dir])
	return c.set.prefix + path.Join(dir, name), ok
}

func (c *checker) index() {
	c.names, c.siblings = map[string][]string{}, map[string][]string{}
	for file := range c.set.files {
		name := path.Base(file)
		c.names[strings.ToLower(name)] = append(c.names[strings.ToLower(name)], file)
		c.siblings[path.Dir(file)] = append(c.siblings[path.Dir(file)], name)
	}
	for dir := range c.set.folders {
		if dir != "." {
			c.siblings[path.Dir(dir)] = append(c.siblings[path.Dir(dir)], path.Base(dir))
		}
	}
}

// nearest is diag.Nearest for lists that may be very long, as those of a hostile
// document can be; there it gives no advice.
func nearest(word string, candidates []string) (string, bool) {
	const most = 2000
	if len(candidates) > most {
		return "", false
	}
	return diag.Nearest(word, candidates)
}

// relativePath returns the path that leads from a folder to a file.
func relativePath(dir, to string) string {
	up := ""
	for dir != "." && !strings.HasPrefix(to, dir+"/") {
		dir = path.Dir(dir)
		up += "../"
	}
	if dir == "." {
		return up + to
	}
	return up + to[len(dir)+1:]
}

// quoted quotes what may be long and strange.
func quoted(s string) string {
	const most = 120
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return fmt.Sprintf("%q", s)
}

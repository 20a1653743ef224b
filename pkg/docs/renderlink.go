package docs

import (
	"net/url"
	"path"
	"strings"

	"github.com/yuin/goldmark/util"
	"golang.org/x/net/html"
)

// link writes a link, or only its text if it leads nowhere.
func (r *renderer) link(dest, title string, content func()) {
	to := r.destination(dest)
	if r.links > 0 || to.href == "" {
		r.unlinked(to, content)
		return
	}
	r.str("<a")
	r.linkAttributes(to)
	if title != "" {
		r.attr("title", title)
	}
	r.str(">")
	r.links++
	content()
	r.links--
	r.str("</a>")
}

func (r *renderer) linkAttributes(to destination) {
	r.attr("href", to.href)
	if to.outside {
		r.attr("rel", "noopener noreferrer")
	}
}

func (r *renderer) unlinked(to destination, content func()) {
	if !to.broken {
		content()
		return
	}
	r.str(`<span class="sp-broken"`)
	r.attr("title", to.why)
	r.str(">")
	content()
	r.str("</span>")
}

// image writes an image that the site publishes, and a link to any other.
func (r *renderer) image(dest, alt, title string, size []html.Attribute) {
	if src, ok := r.asset(dest); ok {
		r.str("<img")
		r.attr("src", src)
		r.attr("alt", alt)
		if title != "" {
			r.attr("title", title)
		}
		for _, a := range size {
			r.attr(a.Key, a.Val)
		}
		r.str(">")
		return
	}
	if alt == "" {
		alt = path.Base(strings.TrimRight(dest, "/"))
	}
	r.link(dest, title, func() { r.text([]byte(alt)) })
}

// asset returns the relative URL of an image that the site publishes.
func (r *renderer) asset(dest string) (string, bool) {
	t := r.set.resolve(r.Document, dest)
	if t.kind != inside {
		return "", false
	}
	file, _ := r.set.look(t.path)
	if !r.set.images[file] {
		return "", false
	}
	asset, ok := r.published(file)
	return relative(r.Document.Page, asset), ok
}

// published returns the site path of an image or attachment of the tree.
func (r *renderer) published(file string) (string, bool) {
	if !r.set.images[file] && !r.set.offered[file] || r.site.Asset == nil {
		return "", false
	}
	return r.site.Asset(file)
}

// destination is what a link on the page leads to.
type destination struct {
	href    string // "" if there is nothing to lead to
	outside bool   // on another site
	broken  bool   // what it should lead to does not exist
	why     string // then: in words
}

// destination turns what is written in a document into what goes on its page.
func (r *renderer) destination(dest string) destination {
	t := r.set.resolve(r.Document, dest)
	if r.Document.piece && (t.kind == here || t.kind == inside) {
		return destination{} // it means a place of some other site
	}
	switch t.kind {
	case outside:
		return destination{href: string(util.URLEscape([]byte(dest), false)), outside: true}
	case here:
		return destination{href: "#" + fragment(t.fragment)}
	case forbidden:
		return destination{broken: true, why: "this address cannot be linked to"}
	default:
		return r.inside(t)
	}
}

// inside finds the page for a file or folder, failing that its place in the
// repository on the web.
func (r *renderer) inside(t target) destination {
	file, e := r.set.look(t.path)
	if e == missing {
		return destination{broken: true, why: t.path + " does not exist"}
	}
	page := r.page(file, e)
	if page == "" {
		if asset, ok := r.published(file); ok {
			return destination{href: relative(r.Document.Page, asset)}
		}
		return r.repository(t)
	}
	href := relative(r.Document.Page, page)
	if t.fragment != "" {
		href += "#" + fragment(t.fragment)
	}
	return destination{href: href}
}

// page returns the site path of the page for a file or folder of the tree, or "".
func (r *renderer) page(file string, e entry) string {
	switch e {
	case aFile:
		if doc := r.set.at(file); doc != nil {
			return doc.Page
		}
		page, _ := r.set.homes.Descriptor(file)
		return page
	case aFolder:
		if doc := r.set.readme(file); doc != nil && doc.Page != "" {
			return doc.Page
		}
		home, _ := r.set.homes.Folder(file)
		return home.Page
	default:
		return ""
	}
}

func (r *renderer) repository(t target) destination {
	if r.site.Repository == nil {
		return destination{}
	}
	href := r.site.Repository(t.path)
	if href == "" {
		return destination{}
	}
	if t.fragment != "" {
		href += "#" + url.PathEscape(t.fragment)
	}
	return destination{href: href, outside: true}
}

// fragment returns the anchor on the page for one that a document names. GitHub
// finds anchors ignoring case, and all of its ids are in lower case.
func fragment(f string) string {
	f = strings.ToLower(strings.TrimPrefix(f, "user-content-"))
	return url.PathEscape(pageID(f))
}

// relative returns the URL that leads from one page of the site to another.
func relative(from, to string) string {
	dir := path.Dir(from)
	up := ""
	for dir != "." && !strings.HasPrefix(to, dir+"/") {
		dir = path.Dir(dir)
		up += "../"
	}
	if dir != "." {
		to = to[len(dir)+1:]
	}
	// The type adds "./" where the first segment would be read as a scheme.
	return (&url.URL{Path: up + to}).String()
}

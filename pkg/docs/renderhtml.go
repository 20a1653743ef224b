package docs

import (
	"strings"

	"github.com/signpost-dev/signpost/pkg/safehtml"
	"golang.org/x/net/html"
)

// html writes an author's HTML: the tags that are allowed, with links and anchors
// as those of Markdown. What is out of place is put right by pkg/safehtml.
func (r *renderer) html(h rawHTML) {
	h.each(func(t rawToken) {
		switch {
		case t.text != nil:
			r.text(t.text)
		case t.Data == "img" && t.Type != html.EndTagToken:
			r.htmlImage(t.Token)
		default:
			r.htmlTag(t.Token)
		}
	})
}

func (r *renderer) htmlImage(t html.Token) {
	var src, alt, title string
	var size []html.Attribute
	for _, a := range t.Attr {
		switch a.Key {
		case "src":
			src = strings.TrimSpace(a.Val)
		case "alt":
			alt = a.Val
		case "title":
			title = a.Val
		case "width", "height":
			if safehtml.Length(a.Val) {
				size = append(size, a)
			}
		}
	}
	if src != "" {
		r.image(src, alt, title, size)
	}
}

func (r *renderer) htmlTag(t html.Token) {
	heading := isHeading(t.Data)
	if t.Data == "h1" {
		t.Data = "h2"
	}
	if t.Type == html.EndTagToken {
		if t.Data == "a" {
			r.links = max(r.links-1, 0)
		}
		r.out = safehtml.AppendTag(r.out, t)
		return
	}
	attrs := make([]html.Attribute, 0, len(t.Attr)+1)
	for _, a := range t.Attr {
		switch {
		case a.Key == "href" && t.Data == "a":
			attrs = append(attrs, r.htmlLink(strings.TrimSpace(a.Val))...)
		case a.Key == "id", a.Key == "name" && t.Data == "a":
			if id := pageID(strings.ToLower(a.Val)); r.free(id) { // links to it are in lower case, too
				attrs = append(attrs, html.Attribute{Key: "id", Val: id})
			}
		case a.Key != "class" && a.Key != "rel" && a.Key != "tabindex":
			attrs = append(attrs, a)
		}
	}
	if t.Data == "a" {
		r.links++
	}
	if heading {
		attrs = r.htmlHeading(attrs)
	}
	t.Attr = attrs
	r.out = safehtml.AppendTag(r.out, t)
}

// htmlHeading adds the id of the next heading of an author's HTML, unless he gave
// it one himself.
func (r *renderer) htmlHeading(attrs []html.Attribute) []html.Attribute {
	if len(r.htmlIDs) == 0 {
		return attrs
	}
	id := r.htmlIDs[0]
	r.htmlIDs = r.htmlIDs[1:]
	for _, a := range attrs {
		if a.Key == "id" {
			return attrs
		}
	}
	if id == "" || !r.free(id) {
		return attrs
	}
	return append(attrs, html.Attribute{Key: "id", Val: id})
}

func (r *renderer) htmlLink(dest string) []html.Attribute {
	to := r.destination(dest)
	switch {
	case to.broken:
		return []html.Attribute{{Key: "class", Val: "sp-broken"}, {Key: "title", Val: to.why}}
	case to.href == "":
		return nil
	case to.outside:
		return []html.Attribute{{Key: "href", Val: to.href}, {Key: "rel", Val: "noopener noreferrer"}}
	default:
		return []html.Attribute{{Key: "href", Val: to.href}}
	}
}

// free reports whether an id is not in use on the page yet, and takes it.
func (r *renderer) free(id string) bool {
	if r.Parsed.ids[id] || r.ids[id] {
		return false
	}
	if r.ids == nil {
		r.ids = map[string]bool{}
	}
	r.ids[id] = true
	return true
}

package site

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"
)

// policy is the content security policy of every page. It stands here and not in
// a template, so that no override can weaken it by accident.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
	"connect-src 'self'; worker-src 'self'; form-action 'none'; base-uri 'none'; " +
	"require-trusted-types-for 'script'; trusted-types signpost"

// zeroViews are the page templates with the empty form of their views. Each is
// drawn once when the templates are read, so that a wrong name in an override is
// found before the first page is.
var zeroViews = map[string]any{
	"document.html": DocumentView{},
	"entity.html":   EntityView{},
	"health.html":   HealthView{},
	"home.html":     HomeView{},
	"list.html":     ListView{},
	"notfound.html": NotFoundView{},
	"person.html":   PersonView{},
	"rules.html":    RulesView{},
	"search.html":   SearchView{},
	"team.html":     TeamView{},
}

// Renderer draws pages. It is read-only once made, so several goroutines may use it.
type Renderer struct {
	site   Site
	assets Assets
	pages  map[string]*template.Template
	icons  map[string][]byte // by name, as <symbol> elements
}

// NewRenderer parses the templates: base.html is the frame, parts/ holds what
// pages share, each file of pages/ defines "main". An error names file and line.
func NewRenderer(templates fs.FS, assets Assets, site Site) (*Renderer, error) {
	r := &Renderer{site: site, assets: assets, pages: map[string]*template.Template{}}
	var err error
	if r.icons, err = readIcons(templates); err != nil {
		return nil, err
	}
	frame, err := parseFrame(templates)
	if err != nil {
		return nil, err
	}
	for name, view := range zeroViews {
		page, err := frame.Clone()
		if err != nil {
			return nil, fmt.Errorf("preparing the page frame: %w", err)
		}
		if err := parseInto(page, templates, "pages/"+name); err != nil {
			return nil, err
		}
		if page.Lookup("main") == nil {
			return nil, fmt.Errorf(`template pages/%s defines no "main"`, name)
		}
		r.pages[name] = page
		if err := r.Render(io.Discard, Page{Path: name, Template: name, Data: view}); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// parseFrame reads base.html and everything in parts.
func parseFrame(templates fs.FS) (*template.Template, error) {
	frame := template.New("").Funcs(funcs).Option("missingkey=error")
	if err := parseInto(frame, templates, "base.html"); err != nil {
		return nil, err
	}
	parts, err := fs.ReadDir(templates, "parts")
	if err != nil {
		return nil, fmt.Errorf("reading templates: %w", err)
	}
	for _, part := range parts {
		if path.Ext(part.Name()) != ".html" {
			continue
		}
		if err := parseInto(frame, templates, "parts/"+part.Name()); err != nil {
			return nil, err
		}
	}
	return frame, nil
}

// parseInto adds one file under its path, which errors then name.
func parseInto(t *template.Template, templates fs.FS, name string) error {
	text, err := fs.ReadFile(templates, name)
	if err != nil {
		return fmt.Errorf("reading templates: %w", err)
	}
	if _, err := t.New(name).Parse(string(text)); err != nil {
		return fmt.Errorf("parsing templates: %w", err)
	}
	return nil
}

// frameView is what base.html sees; pages see only their own view.
type frameView struct {
	Site        Site
	Page        Page
	Data        any
	Policy      string
	Root        string // relative way to the site's root: "", "../", …; rooted for 404.html
	Style       string // hrefs of the assets
	Theme       string
	Main        string
	Palette     string // loaded on first use; from the root
	List        string
	Build       string
	Icon        string
	Canonical   string // full URL of the page; empty without a base URL
	BaseURLPath string
}

// Render draws one page. On an error nothing of use has been written.
func (r *Renderer) Render(w io.Writer, p Page) error {
	t, ok := r.pages[p.Template]
	if !ok {
		return fmt.Errorf("page %s: there is no template %q", p.Path, p.Template)
	}
	var drawn bytes.Buffer
	if err := t.ExecuteTemplate(&drawn, "base.html", r.frame(p)); err != nil {
		return fmt.Errorf("page %s: %w", p.Path, err)
	}
	html, err := r.addIcons(drawn.Bytes())
	if err != nil {
		return fmt.Errorf("page %s: %w", p.Path, err)
	}
	_, err = w.Write(html)
	return err
}

func (r *Renderer) frame(p Page) frameView {
	root := rootOf(p.Path)
	if p.Rooted {
		root = basePath(r.site.BaseURL)
	}
	v := frameView{
		Site: r.site, Page: p, Data: p.Data, Policy: policy, Root: root,
		Style:   root + r.assets.Style,
		Theme:   root + r.assets.Theme,
		Main:    root + r.assets.Main,
		Icon:    root + r.assets.Icon,
		Build:   root + "build.js",
		Palette: r.assets.Palette,
		List:    r.assets.List,
	}
	if r.site.BaseURL != "" && !p.Rooted {
		v.Canonical = r.site.BaseURL + strings.TrimSuffix(p.Path, "index.html")
	}
	return v
}

// Current reports whether a list is the one that the page belongs to.
func (v frameView) Current(item NavItem) bool { return item.Path == v.Page.Section }

// At reports whether a list is the page itself.
func (v frameView) At(item NavItem) bool { return item.Path == v.Page.Path }

// More reports whether any list stands in the menu only.
func (v frameView) More() bool {
	return slices.ContainsFunc(v.Site.Nav, func(n NavItem) bool { return n.More })
}

// rootOf returns the relative way from a page to the site's root.
func rootOf(page string) string { return strings.Repeat("../", strings.Count(page, "/")) }

// basePath returns the path under which the site stands on its host, "/catalog/".
// Without a usable base URL that is the host's root.
func basePath(base string) string {
	u, err := url.Parse(base)
	if err != nil || u.Path == "" {
		return "/"
	}
	return strings.TrimSuffix(u.EscapedPath(), "/") + "/"
}

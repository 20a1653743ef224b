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
	"sync"

	"github.com/signpost-dev/signpost/pkg/htmlexec"
	"github.com/signpost-dev/signpost/pkg/safehtml"
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
	"api.html":       SpecView{},
	"changes.html":   SpecChangesView{},
	"document.html":  DocumentView{},
	"entity.html":    EntityView{},
	"health.html":    HealthView{},
	"home.html":      HomeView{},
	"incident.html":  IncidentView{},
	"list.html":      ListView{},
	"notfound.html":  NotFoundView{},
	"now.html":       NowView{},
	"person.html":    PersonView{},
	"readings.html":  ReadingsView{},
	"rules.html":     RulesView{},
	"search.html":    SearchView{},
	"team.html":      TeamView{},
	"timeline.html":  TimelineView{},
	"unmatched.html": UnmatchedView{},
}

// Renderer draws pages. It is read-only once made, so several goroutines may use it.
type Renderer struct {
	site   Site
	assets Assets
	pages  map[string]*template.Template
	fast   map[string]*htmlexec.Program // of the pages that could be compiled
	icons  map[string][]byte            // by name, as <symbol> elements
	around sync.Map                     // aroundKey → around
	drawn  drawnParts
}

// NewRenderer parses the templates: base.html is the frame, parts/ holds what
// pages share, each file of pages/ defines "main". An error names file and line.
func NewRenderer(templates fs.FS, assets Assets, site Site) (*Renderer, error) {
	r := &Renderer{site: site, assets: assets, pages: map[string]*template.Template{}, fast: map[string]*htmlexec.Program{}}
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
		if err := r.add(name, page, templates, view); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// add prepares the templates of a page, whose frame is a copy for it alone.
func (r *Renderer) add(name string, page *template.Template, templates fs.FS, view any) error {
	drawn := r.drawn.in(name, func() safehtml.Templates { return r.templates(name) })
	page.Funcs(template.FuncMap{"drawn": drawn})
	if err := parseInto(page, templates, "pages/"+name); err != nil {
		return err
	}
	if page.Lookup("main") == nil {
		return fmt.Errorf(`template pages/%s defines no "main"`, name)
	}
	r.pages[name] = page
	if err := r.Render(io.Discard, Page{Path: name, Template: name, Data: view}); err != nil {
		return err
	}
	names := []string{frameTemplate}
	for part, data := range sharedParts {
		if _, err := safehtml.Draw(page, part, data); err != nil {
			return fmt.Errorf("template %s: %w", part, err)
		}
		names = append(names, part)
	}
	// What a user's template may hold that cannot be compiled is executed as it is.
	if fast, err := htmlexec.Compile(page, compilable(drawn), names...); err == nil {
		r.fast[name] = fast
	}
	return nil
}

// templates returns those of a page, compiled if they could be.
func (r *Renderer) templates(page string) safehtml.Templates {
	if fast := r.fast[page]; fast != nil {
		return fast
	}
	return r.pages[page]
}

const frameTemplate = "base.html"

// parseFrame reads base.html and everything in parts.
func parseFrame(templates fs.FS) (*template.Template, error) {
	frame := template.New("").Funcs(funcs).Option("missingkey=error")
	if err := parseInto(frame, templates, frameTemplate); err != nil {
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
	Icon        string
	Canonical   string // full URL of the page; empty without a base URL
	BaseURLPath string
	Header      template.HTML
	Footer      template.HTML
}

// aroundView is what header and footer see: nothing of the page itself, so that they
// are drawn once for all pages of a list that lie equally deep.
type aroundView struct {
	Site    Site
	Root    string // as in frameView
	section string // path of the list that the page belongs to
	at      string // path of the page, if it is in the menu
}

// aroundKey is on what the drawn header and footer depend.
type aroundKey struct{ template, root, section, at string }

type around struct{ header, footer template.HTML }

// Render draws one page. On an error nothing of use has been written.
func (r *Renderer) Render(w io.Writer, p Page) error {
	t, ok := r.pages[p.Template]
	if !ok {
		return fmt.Errorf("page %s: there is no template %q", p.Path, p.Template)
	}
	view, err := r.frame(t, p)
	if err != nil {
		return fmt.Errorf("page %s: %w", p.Path, err)
	}
	drawn := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(drawn)
	drawn.Reset()
	if err := r.execute(drawn, t, view); err != nil {
		return fmt.Errorf("page %s: %w", p.Path, err)
	}
	small := squeezed.Get().(*[]byte)
	defer squeezed.Put(small)
	page, err := r.withIcons(drawn)
	if err != nil {
		return fmt.Errorf("page %s: %w", p.Path, err)
	}
	*small = squeeze((*small)[:0], page)
	if _, err := w.Write(*small); err != nil {
		return fmt.Errorf("page %s: %w", p.Path, err)
	}
	return nil
}

// execute draws a page, compiled if it could be. Should that fail, html/template says
// what is wrong, and where.
func (r *Renderer) execute(w *bytes.Buffer, t *template.Template, view frameView) error {
	if fast := r.fast[view.Page.Template]; fast != nil && fast.ExecuteTemplate(w, frameTemplate, view) == nil {
		return nil
	}
	w.Reset()
	return t.ExecuteTemplate(w, frameTemplate, view)
}

// buffers are for one page at a time: to let each grow anew would be a third of all
// memory that a build asks for.
var (
	buffers  = sync.Pool{New: func() any { return new(bytes.Buffer) }}
	squeezed = sync.Pool{New: func() any { return new([]byte) }}
)

func (r *Renderer) frame(t *template.Template, p Page) (frameView, error) {
	root := rootOf(p.Path)
	if p.Rooted {
		root = basePath(r.site.BaseURL)
	}
	v := frameView{
		Site: r.site, Page: p, Data: p.Data, Policy: policy, Root: root,
		Style: root + r.assets.Style,
		Theme: root + r.assets.Theme,
		Main:  root + r.assets.Main,
		Icon:  root + r.assets.Icon,
	}
	if r.site.BaseURL != "" && !p.Rooted {
		v.Canonical = r.site.BaseURL + strings.TrimSuffix(p.Path, "index.html")
	}
	drawn, err := r.drawAround(t, p, root)
	v.Header, v.Footer = drawn.header, drawn.footer
	return v, err
}

// drawAround draws header and footer of a page, or finds those of a page like it.
func (r *Renderer) drawAround(t *template.Template, p Page, root string) (around, error) {
	view := aroundView{Site: r.site, Root: root, section: p.Section}
	if slices.ContainsFunc(r.site.Nav, func(n NavItem) bool { return n.Path == p.Path }) {
		view.at = p.Path
	}
	key := aroundKey{p.Template, root, view.section, view.at}
	if known, ok := r.around.Load(key); ok {
		return known.(around), nil
	}
	header, err := safehtml.Draw(t, "header", view)
	if err != nil {
		return around{}, err
	}
	footer, err := safehtml.Draw(t, "footer", view)
	if err != nil {
		return around{}, err
	}
	r.around.Store(key, around{header, footer})
	return around{header, footer}, nil
}

// Current reports whether a list is the one that the page belongs to.
func (v aroundView) Current(item NavItem) bool { return item.Path == v.section }

// At reports whether a list is the page itself.
func (v aroundView) At(item NavItem) bool { return item.Path == v.at }

// InMenu returns the path of the list that the page belongs to, if that stands in the
// menu only, which scripts make.
func (v aroundView) InMenu() string {
	if slices.ContainsFunc(v.Site.Nav, func(n NavItem) bool { return n.More && n.Path == v.section }) {
		return v.section
	}
	return ""
}

// More reports whether any list stands in the menu only.
func (v aroundView) More() bool {
	return slices.ContainsFunc(v.Site.Nav, func(n NavItem) bool { return n.More })
}

// rootOf returns the relative way from a page to the site's root.
func rootOf(page string) string {
	const up = "../../../../../../../../"
	n := len("../") * strings.Count(page, "/")
	if n <= len(up) {
		return up[:n] // nothing to allocate: every link asks
	}
	return strings.Repeat("../", n/len("../"))
}

// basePath returns the path under which the site stands on its host, "/catalog/".
// Without a usable base URL that is the host's root.
func basePath(base string) string {
	u, err := url.Parse(base)
	if err != nil || u.Path == "" {
		return "/"
	}
	return strings.TrimSuffix(u.EscapedPath(), "/") + "/"
}

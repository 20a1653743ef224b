package browsertest

import (
	"bytes"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// parsedPage is a page of the site, taken apart.
type parsedPage struct {
	path  string
	root  *html.Node
	ids   map[string]int
	links []string // addresses in href and src
}

func parsePages(t *testing.T, site string) map[string]*parsedPage {
	t.Helper()
	pages := map[string]*parsedPage{}
	for _, name := range files(t, site, ".html") {
		root, err := html.Parse(bytes.NewReader(read(t, site, name)))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		pages[name] = &parsedPage{path: name, root: root, ids: map[string]int{}}
	}
	return pages
}

func attribute(n *html.Node, name string) (string, bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// elements are the tags of a page in order.
func (p *parsedPage) elements() []*html.Node {
	var found []*html.Node
	for n := range p.root.Descendants() {
		if n.Type == html.ElementNode {
			found = append(found, n)
		}
	}
	return found
}

func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.TrimSpace(b.String())
}

// What holds for every page of every site, without a browser.
func TestEveryPage(t *testing.T) {
	for name, site := range map[string]string{"example": shared.site, "owners": shared.own} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pages := parsePages(t, site)
			known := map[string]bool{}
			for _, file := range files(t, site, "") {
				known[file] = true
			}
			for _, p := range pages {
				checkHead(t, p)
				checkElements(t, p)
			}
			for _, p := range pages {
				checkLinks(t, p, pages, known)
			}
			t.Logf("%d pages", len(pages))
		})
	}
}

// checkHead: the policy stands before everything that it governs, and the page has a
// title, a language and one heading.
func checkHead(t *testing.T, p *parsedPage) {
	t.Helper()
	count := map[string]int{}
	var policyFirst bool
	for i, n := range p.elements() {
		count[n.Data]++
		switch n.Data {
		case "meta":
			if equiv, _ := attribute(n, "http-equiv"); equiv == "Content-Security-Policy" {
				policyFirst = i == 2 // html, head, and then it
				content, _ := attribute(n, "content")
				checkPolicy(t, p, content)
			} else if equiv != "" {
				t.Errorf("%s: has <meta http-equiv=%q>", p.path, equiv)
			}
		case "title":
			if text(n) == "" && n.Parent.Data == "head" {
				t.Errorf("%s: its title is empty", p.path)
			}
		case "html":
			if lang, _ := attribute(n, "lang"); lang != "en" {
				t.Errorf("%s: its language is %q", p.path, lang)
			}
		case "h1":
			if text(n) == "" {
				t.Errorf("%s: its heading is empty", p.path)
			}
		}
	}
	if !policyFirst {
		t.Errorf("%s: the policy does not stand first in head", p.path)
	}
	for _, tag := range []string{"h1", "main"} {
		if count[tag] != 1 {
			t.Errorf("%s: has %d <%s>", p.path, count[tag], tag)
		}
	}
	for _, tag := range []string{"base", "iframe", "object", "embed", "style", "frame"} {
		if count[tag] > 0 {
			t.Errorf("%s: has <%s>", p.path, tag)
		}
	}
}

func checkPolicy(t *testing.T, p *parsedPage, content string) {
	t.Helper()
	for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'none'", "base-uri 'none'", "require-trusted-types-for 'script'", "trusted-types signpost"} {
		if !slices.Contains(strings.Split(content, "; "), want) {
			t.Errorf("%s: its policy lacks %s: %s", p.path, want, content)
		}
	}
}

// resources are the attributes by which a page loads something.
var resources = map[string][]string{
	"img": {"src", "srcset"}, "script": {"src"}, "link": {"href"}, "source": {"src", "srcset"}, "video": {"src", "poster"},
	"audio": {"src"}, "track": {"src"}, "input": {"src"}, "image": {"href", "xlink:href"}, "use": {"href", "xlink:href"}, "feimage": {"href"},
}

// checkElements: nothing runs or loads that is not a file of the site, ids are unique.
func checkElements(t *testing.T, p *parsedPage) {
	t.Helper()
	for _, n := range p.elements() {
		if n.Data == "script" {
			if src, ok := attribute(n, "src"); !ok || src == "" || text(n) != "" {
				t.Errorf("%s: has a script of its own: %q", p.path, text(n))
			}
		}
		rel, _ := attribute(n, "rel")
		for _, a := range n.Attr {
			switch {
			case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "srcdoc", a.Key == "ping", a.Key == "target":
				t.Errorf("%s: <%s> has %s=%q", p.path, n.Data, a.Key, a.Val)
			case a.Key == "id":
				if p.ids[a.Val]++; p.ids[a.Val] == 2 {
					t.Errorf("%s: the id %q stands twice", p.path, a.Val)
				}
				if a.Val == "" || strings.ContainsAny(a.Val, " \t\n") {
					t.Errorf("%s: %q is no id", p.path, a.Val)
				}
			case slices.Contains(resources[n.Data], a.Key) && rel != "canonical":
				if isOutside(a.Val) || strings.HasPrefix(a.Val, "data:") {
					t.Errorf("%s: <%s> loads %s", p.path, n.Data, a.Val)
				}
			}
		}
		checkReferences(t, p, n)
		href, ok := attribute(n, "href")
		if !ok {
			continue
		}
		if rel != "canonical" && n.Data != "use" {
			p.links = append(p.links, href)
		}
		if n.Data == "a" && isOutside(href) && (!strings.Contains(rel, "noopener") || !strings.Contains(rel, "noreferrer")) {
			t.Errorf("%s: the link to %s has rel=%q", p.path, href, rel)
		}
	}
	for _, n := range p.elements() {
		if src, ok := attribute(n, "src"); ok {
			p.links = append(p.links, src)
		}
	}
}

// checkReferences collects what names an id of the same page.
func checkReferences(t *testing.T, p *parsedPage, n *html.Node) {
	t.Helper()
	for _, name := range []string{"aria-labelledby", "aria-describedby", "aria-controls", "for"} {
		ids, ok := attribute(n, name)
		for _, id := range strings.Fields(ids) {
			p.links = append(p.links, "#"+id)
		}
		if ok && ids == "" {
			t.Errorf("%s: <%s> has an empty %s", p.path, n.Data, name)
		}
	}
	if href, ok := attribute(n, "href"); ok && n.Data == "use" {
		p.links = append(p.links, href)
	}
}

func isOutside(address string) bool {
	u, err := url.Parse(address)
	return err != nil || u.Host != "" || u.Scheme != "" && u.Scheme != "mailto"
}

// checkLinks: every way within the site leads to a file and to a place in it. Links are
// relative, so that they hold wherever the site stands; 404.html, which is shown at
// any address, has rooted ones.
func checkLinks(t *testing.T, p *parsedPage, pages map[string]*parsedPage, known map[string]bool) {
	t.Helper()
	for _, link := range p.links {
		u, err := url.Parse(link)
		if err != nil {
			t.Errorf("%s: %q is no address: %v", p.path, link, err)
			continue
		}
		if u.Scheme == "https" || u.Scheme == "http" || u.Scheme == "mailto" {
			continue
		}
		if u.Scheme != "" || u.Host != "" {
			t.Errorf("%s: links to %s", p.path, link)
			continue
		}
		to := target(p.path, u.Path)
		if rooted := strings.HasPrefix(u.Path, "/"); rooted != (p.path == "404.html" && u.Path != "") {
			t.Errorf("%s: the link %q does not hold wherever the page stands", p.path, link)
		}
		if !known[to] {
			t.Errorf("%s: %s leads nowhere", p.path, link)
			continue
		}
		if strings.HasSuffix(to, ".html") && u.Fragment != "" && !strings.Contains(u.Fragment, "=") && pages[to].ids[u.Fragment] == 0 {
			t.Errorf("%s: %s leads to no place in that page", p.path, link)
		}
	}
}

// target returns the file that a link's path leads to.
func target(from, to string) string {
	if to == "" {
		return from
	}
	if rooted, ok := strings.CutPrefix(to, "/"); ok {
		return strings.TrimPrefix(rooted, "catalog/")
	}
	return path.Join(path.Dir(from), to)
}

// The site holds what is shown and nothing else: no source, no build leftovers, no
// words about the machine that built it.
func TestSiteHoldsNoMachine(t *testing.T) {
	t.Parallel()
	for _, file := range files(t, shared.site, "") {
		data := read(t, shared.site, file)
		for _, word := range []string{"/tmp/", "/home/", "/root/", "signpost-browsertest"} {
			if bytes.Contains(data, []byte(word)) && !bytes.Contains(read(t, shared.site, file), []byte("<code")) {
				t.Errorf("%s says %s", file, word)
			}
		}
		switch path.Ext(file) {
		case ".html", ".js", ".css", ".svg", ".json", ".txt", ".ics", ".atom", "":
		default:
			t.Errorf("%s is of no kind that the site is made of", file)
		}
	}
}

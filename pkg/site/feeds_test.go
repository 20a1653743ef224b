package site

import (
	"encoding/xml"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

const feedBase = "https://acme.example/catalog/"

// feedsIn are all feeds of a portal, by path.
func feedsIn(t *testing.T, p *portal.Portal, base string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	put := func(path string, data []byte) error {
		files[path] = data
		return nil
	}
	if err := feedFiles(p, base, put); err != nil {
		t.Fatal(err)
	}
	return files
}

// readFeed is a feed as a reader takes it, by the names of section 4 of RFC 4287 and not by
// the types that write it.
type readFeed struct {
	XMLName xml.Name
	ID      []string      `xml:"http://www.w3.org/2005/Atom id"`
	Title   []string      `xml:"http://www.w3.org/2005/Atom title"`
	Updated []string      `xml:"http://www.w3.org/2005/Atom updated"`
	Authors []string      `xml:"http://www.w3.org/2005/Atom author>name"`
	Links   []readLink    `xml:"http://www.w3.org/2005/Atom link"`
	Entries []readElement `xml:"http://www.w3.org/2005/Atom entry"`
}

type readElement struct {
	ID        []string   `xml:"http://www.w3.org/2005/Atom id"`
	Title     []string   `xml:"http://www.w3.org/2005/Atom title"`
	Updated   []string   `xml:"http://www.w3.org/2005/Atom updated"`
	Published []string   `xml:"http://www.w3.org/2005/Atom published"`
	Links     []readLink `xml:"http://www.w3.org/2005/Atom link"`
	Summary   []string   `xml:"http://www.w3.org/2005/Atom summary"`
}

type readLink struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

// parseFeed reads a feed and checks what RFC 4287 asks of every feed (4.1.1) and entry (4.1.2).
func parseFeed(t *testing.T, data []byte) readFeed {
	t.Helper()
	var f readFeed
	if err := xml.Unmarshal(data, &f); err != nil {
		t.Fatalf("%v in\n%s", err, data)
	}
	if f.XMLName.Space != "http://www.w3.org/2005/Atom" || f.XMLName.Local != "feed" {
		t.Errorf("the document is a %v", f.XMLName)
	}
	one := func(what string, values []string) string {
		if len(values) != 1 || values[0] == "" {
			t.Errorf("%s stands there as %q, want it once", what, values)
			return ""
		}
		return values[0]
	}
	instant := func(what string, values []string) time.Time {
		at, err := time.Parse(time.RFC3339, one(what, values))
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
		return at
	}
	identity := func(what string, values []string) string {
		id := one(what, values)
		if u, err := url.Parse(id); err != nil || !u.IsAbs() {
			t.Errorf("%s is %q, which is no absolute IRI", what, id)
		}
		return id
	}
	identity("the feed's id", f.ID)
	one("the feed's title", f.Title)
	one("the feed's author", f.Authors)
	latest := instant("the feed's updated", f.Updated)
	seen := map[string]bool{}
	before := latest
	for n, e := range f.Entries {
		id := identity("an entry's id", e.ID)
		if seen[id] {
			t.Errorf("two entries have the id %s", id)
		}
		seen[id] = true
		one("an entry's title", e.Title)
		one("an entry's summary", e.Summary)
		at := instant("an entry's updated", e.Updated)
		if n == 0 && !at.Equal(latest) || at.After(before) || instant("an entry's published", e.Published).After(at) {
			t.Errorf("entry %d was updated %v, the one before %v", n, at, before)
		}
		before = at
		var alternate int
		for _, l := range e.Links {
			if l.Rel == "alternate" {
				alternate++
			}
			if u, err := url.Parse(l.Href); err != nil || u.Scheme != "https" {
				t.Errorf("an entry leads to %q", l.Href)
			}
		}
		if alternate != 1 {
			t.Errorf("%d links of an entry lead to a page", alternate)
		}
	}
	if f.Links[0].Rel != "self" {
		t.Errorf("the feed does not say where it is: %v", f.Links)
	}
	return f
}

func TestFeeds(t *testing.T) {
	files := liveFiles()
	for n := range 120 {
		files[0].Deployments = append(files[0].Deployments, snapshot.Deployment{About: aboutWeb(fmt.Sprint("old/", n), "production"), Version: fmt.Sprint(n), State: snapshot.Succeeded, At: minutes(-600 - n)})
	}
	files[1].Incidents[0].Resolved, files[1].Incidents[0].State = minutes(-5), snapshot.Resolved
	feeds := feedsIn(t, livePortal(t, files...), feedBase)
	want := map[string]int{
		"-/incidents.atom": 1, "-/deployments.atom": feedEntries, "teams/core/-/incidents.atom": 1, "teams/core/-/deployments.atom": feedEntries,
		"teams/other/-/incidents.atom": 1, "teams/other/-/deployments.atom": 1,
	}
	for path, n := range want {
		f := parseFeed(t, feeds[path])
		if len(f.Entries) != n {
			t.Errorf("%s has %d entries, want %d", path, len(f.Entries), n)
		}
		if f.ID[0] != feedBase+path {
			t.Errorf("%s is called %s", path, f.ID)
		}
	}
	if len(feeds) != len(want) {
		t.Errorf("there are %d feeds, want %d", len(feeds), len(want))
	}
	incident := parseFeed(t, feeds["-/incidents.atom"]).Entries[0]
	if got := incident.Updated[0] + " " + incident.Title[0] + ": " + incident.Summary[0]; got != "2026-11-23T11:55:00Z Web is slow: Resolved. Concerns web, api. Severity high." {
		t.Errorf("the incident is told as %q", got)
	}
	deployment := parseFeed(t, feeds["-/deployments.atom"]).Entries[0]
	if got := deployment.ID[0] + " " + deployment.Title[0] + ": " + deployment.Summary[0]; got != feedBase+"services/web.html#deployment-github%2Fd3 web 1.2 in staging: Failed by Bob." {
		t.Errorf("the deployment is told as %q", got)
	}
}

// What systems say may hold anything, also what no XML document may.
func TestHostileFeeds(t *testing.T) {
	files := liveFiles()
	files[0].Deployments[0].Version = "1\x00\x1b[31m\ufffe]]>" + hostileText
	files[0].Deployments[0].URL = "javascript:alert(1)"
	files[0].Deployments[0].ID = "a b\x01#<é"
	files[1].Incidents[0].Title = "\x08</title><script>alert(1)</script>"
	for path, data := range feedsIn(t, livePortal(t, files...), feedBase) {
		f := parseFeed(t, data)
		for _, e := range f.Entries {
			if strings.ContainsAny(e.Title[0], "\x00\x08\x1b") {
				t.Errorf("%s: control characters in %q", path, e.Title[0])
			}
		}
		if strings.Contains(string(data), "<script") || strings.Contains(string(data), "javascript:") {
			t.Errorf("%s holds what was said as it was said:\n%s", path, data)
		}
	}
}

func TestPagesLeadToFeeds(t *testing.T) {
	p := livePortal(t, liveFiles()...)
	pages := map[string]Page{}
	for _, planned := range Plan(p, feedBase, BuildFacts{}) {
		pages[planned.Path] = planned.View()
	}
	r := newTestRenderer(t)
	for path, want := range map[string][]string{
		"incidents/index.html":         {"../-/incidents.atom"},
		"-/timeline.html":              {"incidents.atom", "deployments.atom"},
		"teams/core.html":              {"core/-/incidents.atom", "core/-/deployments.atom"},
		"teams/core/-/timeline.html":   {"incidents.atom", "deployments.atom"},
		"services/web/-/timeline.html": nil,
		"incidents/pagerduty-q1.html":  nil,
		"services/web.html":            nil,
	} {
		doc := draw(t, r, pages[path])
		var heads, links []string
		for _, l := range elements(doc, with("type", "application/atom+xml")) {
			heads = append(heads, attribute(l, "href"))
		}
		for _, a := range elements(doc, func(n *html.Node) bool { return n.Data == "a" && strings.HasSuffix(attribute(n, "href"), ".atom") }) {
			links = append(links, attribute(a, "href"))
		}
		if fmt.Sprint(heads) != fmt.Sprint(want) || fmt.Sprint(links) != fmt.Sprint(want) {
			t.Errorf("%s leads to %v and names %v in its head, want %v", path, links, heads, want)
		}
	}
}

func TestNoFeedsWithoutAnAddress(t *testing.T) {
	p := livePortal(t, liveFiles()...)
	if feeds := feedsIn(t, p, ""); len(feeds) > 0 {
		t.Errorf("there are %d feeds that do not know where they are", len(feeds))
	}
	if !HasFeeds(p) || HasFeeds(livePortal(t)) {
		t.Error("it is not known whether there would be feeds")
	}
	if feeds := feedsIn(t, livePortal(t), feedBase); len(feeds) > 0 {
		t.Errorf("there are %d feeds of nothing", len(feeds))
	}
}

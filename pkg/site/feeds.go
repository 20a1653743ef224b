package site

import (
	"cmp"
	"encoding/xml"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/portal"
)

// feedEntries is how many entries a feed has at most.
const feedEntries = 50

// feed is a feed of one kind of events (Atom, RFC 4287).
type feed struct {
	path  string
	title string
	page  string // that says the same to people
	of    portal.Timeline
	entry func(base string, e portal.Event) atomEntry
}

// feedsOf returns the feeds of a team, or of everything for nil: those that have entries.
// A feed needs to know where it stands, so that without a base URL there are none.
func feedsOf(p *portal.Portal, baseURL string, team *portal.Entity) []feed {
	if baseURL == "" {
		return nil
	}
	line, folder, of, page := p.Timeline(), "-", "", timelinePath(timelineBase, 1)
	if team != nil {
		line, folder, of, page = p.TimelineOf(team), team.Folder()+"/-", ": "+team.DisplayName(), team.Page()
	}
	var feeds []feed
	if incidents := line.Only(portal.IncidentEvent); incidents.Count(1) > 0 {
		if team == nil {
			page = p.IncidentFolder() + "/"
		}
		feeds = append(feeds, feed{folder + "/incidents.atom", "Incidents" + of, page, incidents, incidentEntry})
	}
	if deployments := line.Only(portal.DeploymentEvent); deployments.Count(1) > 0 {
		if team == nil {
			page = timelinePath(timelineBase, 1)
		}
		feeds = append(feeds, feed{folder + "/deployments.atom", "Deployments" + of, page, deployments, deploymentEntry})
	}
	return feeds
}

// HasFeeds reports whether there would be feeds, if it were known where the site stands.
func HasFeeds(p *portal.Portal) bool { return len(feedsOf(p, "/", nil)) > 0 }

// feedLinks leads to feeds from a page.
func feedLinks(from string, feeds []feed) []Link {
	var links []Link
	for _, f := range feeds {
		links = append(links, Link{Text: f.title + " (Atom feed)", Href: href(from, f.path)})
	}
	return links
}

// feedFiles makes all feeds.
func feedFiles(p *portal.Portal, baseURL string, put func(path string, data []byte) error) error {
	feeds := feedsOf(p, baseURL, nil)
	if len(feeds) == 0 {
		return nil
	}
	for _, team := range p.OfKind("team") {
		feeds = append(feeds, feedsOf(p, baseURL, team)...)
	}
	author := cmp.Or(p.Catalog.Config.Organisation, p.Catalog.Config.Title, "Signpost")
	for _, f := range feeds {
		data, err := f.atom(baseURL, author)
		if err != nil {
			return err
		}
		if err := put(f.path, data); err != nil {
			return err
		}
	}
	return nil
}

// The elements of a feed, by section 4 of RFC 4287.
type (
	atomFeed struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		ID      string      `xml:"id"`
		Title   string      `xml:"title"`
		Updated string      `xml:"updated"`
		Author  string      `xml:"author>name"`
		Links   []atomLink  `xml:"link"`
		Entries []atomEntry `xml:"entry"`
	}
	atomEntry struct {
		ID         string         `xml:"id"`
		Title      string         `xml:"title"`
		Published  string         `xml:"published"`
		Updated    string         `xml:"updated"`
		Links      []atomLink     `xml:"link"`
		Categories []atomCategory `xml:"category"`
		Summary    string         `xml:"summary"`

		updated time.Time
	}
	atomLink struct {
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	atomCategory struct {
		Term string `xml:"term,attr"`
	}
)

// atom writes the feed. What systems have said goes in as text; characters that XML does
// not allow come out as U+FFFD.
func (f feed) atom(base, author string) ([]byte, error) {
	events := f.of.Latest(2 * feedEntries).Events // an incident is one entry, and may be two events
	out := atomFeed{ID: base + f.path, Title: f.title, Author: author, Links: []atomLink{
		{Rel: "self", Type: "application/atom+xml", Href: base + f.path},
		{Rel: "alternate", Type: "text/html", Href: base + f.page},
	}}
	seen := map[string]bool{}
	for _, e := range events {
		entry := f.entry(base, e)
		if seen[entry.ID] {
			continue
		}
		seen[entry.ID] = true
		out.Entries = append(out.Entries, entry)
	}
	slices.SortStableFunc(out.Entries, func(a, b atomEntry) int { return b.updated.Compare(a.updated) })
	out.Entries = out.Entries[:min(len(out.Entries), feedEntries)]
	out.Updated = out.Entries[0].Updated
	data, err := xml.MarshalIndent(out, "", " ")
	return append([]byte(xml.Header), append(data, '\n')...), err
}

// newEntry is an entry that says where it is from, and when it last changed.
func newEntry(id, title, page string, published time.Time, later ...time.Time) atomEntry {
	updated := published
	for _, at := range later {
		if at.After(updated) {
			updated = at
		}
	}
	return atomEntry{
		ID: id, Title: title, Published: rfc3339(published), Updated: rfc3339(updated), updated: updated,
		Links: []atomLink{{Rel: "alternate", Type: "text/html", Href: page}},
	}
}

func rfc3339(at time.Time) string { return at.UTC().Format(time.RFC3339) }

// more adds a way to where the system says it, how it stands, and the rest in a sentence.
func (a atomEntry) more(address, state, summary string) atomEntry {
	if to := outside(address); to != "" {
		a.Links = append(a.Links, atomLink{Rel: "related", Href: to})
	}
	a.Categories = []atomCategory{{state}}
	a.Summary = summary
	return a
}

func incidentEntry(base string, e portal.Event) atomEntry {
	i := e.Incident
	f := i.Fact
	state := stateOf(incidentStates, f.State).Word
	summary := state + ". Concerns " + strings.Join(namesOf(i.Affected), ", ") + "."
	if f.Severity != "" {
		summary += " Severity " + f.Severity + "."
	}
	return newEntry(base+i.Page, incidentTitle(f), base+i.Page, f.Opened, f.Detected, f.Acknowledged, f.Resolved).
		more(f.URL, string(f.State), summary)
}

func deploymentEntry(base string, e portal.Event) atomEntry {
	d, of := e.Deployment, e.Of[0]
	page := base + of.Page()
	title := of.DisplayName() + " " + cmp.Or(d.Version, shortCommit(d.Commit))
	if d.Environment != "" {
		title += " in " + d.Environment
	}
	state := stateOf(deploymentStates, d.State)
	if d.State == "inactive" {
		state = deploymentStates["succeeded"] // another followed later
	}
	summary := state.Word
	if d.By != "" {
		summary += " by " + d.By
	}
	id := page + "#deployment-" + url.PathEscape(e.By.Name+"/"+d.ID)
	return newEntry(id, title, page, d.At, d.Ended).more(d.URL, string(d.State), summary+".")
}

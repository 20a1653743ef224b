package portal

import (
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// The types of links that answer a question.
const (
	linkDashboard  = "dashboard"
	linkRunbook    = "runbook"
	linkRepository = "repository"
)

// Place is somewhere to go: a page of the site, or a URL outside.
type Place struct {
	Text     string
	Page     string // path in the site
	URL      string // outside; used if Page is empty
	Document *docs.Document
}

// OnCall says who answers for an entity.
type OnCall struct {
	*catalog.OnCall
	Of *Entity // whose on-call it is: the entity itself, or the team that owns it
}

// OnCall returns the entity's own on-call, or its owner's; nil if there is none.
func (p *Portal) OnCall(e *Entity) *OnCall {
	if answers(e.OnCall) {
		return &OnCall{OnCall: e.OnCall, Of: e}
	}
	if e.OnCall != nil {
		return nil // what is written is wrong, and the owner's would hide that
	}
	if owner := e.Owner(); owner != nil && answers(owner.OnCall) {
		return &OnCall{OnCall: owner.OnCall, Of: p.byEntity[owner]}
	}
	return nil
}

// LevelsOf returns who is on call for an entity by level, as the systems outside say that its
// on-call, or its owner's, leads to.
func LevelsOf(e *Entity, found *OnCall) []Told[snapshot.OnCall] {
	for _, of := range []*Entity{e, found.Of} {
		if of.Live != nil && len(of.Live.OnCall) > 0 {
			return of.Live.OnCall
		}
	}
	return nil
}

// answers reports whether an on-call leads anywhere: to a rotation that exists or to a
// system outside.
func answers(o *catalog.OnCall) bool { return o != nil && (o.Plan != nil || !o.Rotation.Written()) }

// Window returns the stretch of time for which pages show shifts. It depends on
// the day of the build only.
func (p *Portal) Window() (from, to time.Time) {
	return p.Day, p.Day.AddDate(0, 0, ShiftDays)
}

// expandRotations works out the shifts of every rotation, and who is in which.
func (p *Portal) expandRotations() {
	from, to := p.Window()
	for _, r := range p.Catalog.Rotations {
		shifts := r.Shifts(from, to)
		p.shifts[r] = shifts
		for _, s := range shifts {
			if s.Person != nil && !slices.Contains(p.onDuty[s.Person], r) {
				p.onDuty[s.Person] = append(p.onDuty[s.Person], r)
			}
		}
	}
}

// Shifts returns the shifts of a rotation in the window.
func (p *Portal) Shifts(r *catalog.Rotation) []catalog.Shift { return p.shifts[r] }

// OnDuty returns the rotations in which a person has a shift in the window.
func (p *Portal) OnDuty(person *Entity) []*catalog.Rotation { return p.onDuty[person.Entity] }

// Now returns the shift of an instant and the one after it. It is for commands
// that answer once; pages leave the choice to the browser.
func (p *Portal) Now(r *catalog.Rotation, now time.Time) (current, next *catalog.Shift) {
	return r.Now(now)
}

// Channel returns where to write about an entity: its own channel, or its owner's.
func (p *Portal) Channel(e *Entity) (Place, bool) {
	if e.Channel.Written() {
		return p.ChannelPlace(e.Channel.Text), true
	}
	if owner := e.Owner(); owner != nil && owner.Channel.Written() {
		return p.ChannelPlace(owner.Channel.Text), true
	}
	return Place{}, false
}

// ChannelPlace reads a channel: "slack:#payments" with the URL that `chat` in
// signpost.yaml gives, or a URL.
func (p *Portal) ChannelPlace(text string) Place {
	scheme, name, ok := strings.Cut(text, ":")
	if !ok {
		return Place{Text: text}
	}
	if scheme == "https" {
		return Place{Text: strings.TrimPrefix(text, "https://"), URL: text}
	}
	place := Place{Text: name}
	if pattern := p.Catalog.Config.Chat[scheme]; pattern != "" {
		place.URL = strings.ReplaceAll(pattern, "{name}", url.QueryEscape(strings.TrimLeft(name, "#@")))
	}
	return place
}

// Email returns the address of whoever owns an entity, or of the team that it is.
func (p *Portal) Email(e *Entity) (Place, bool) {
	team := e.Team
	if owner := e.Owner(); team == nil && owner != nil {
		team = owner.Team
	}
	if team == nil || team.Email == "" {
		return Place{}, false
	}
	return Place{Text: team.Email, URL: "mailto:" + team.Email}, true
}

// hosts are the addresses of the hosts that a repository may be named by.
var hosts = map[string]string{
	"github":    "https://github.com/",
	"gitlab":    "https://gitlab.com/",
	"bitbucket": "https://bitbucket.org/",
}

// Repository returns where the code of an entity is.
func (p *Portal) Repository(e *Entity) (Place, bool) {
	if e.Repository.Written() {
		return repositoryPlace(e.Repository.Text), true
	}
	return firstLink(e, linkRepository)
}

// CompareURL returns the page that shows what lies between two commits of an entity's
// repository; empty if no page is known.
func (p *Portal) CompareURL(e *Entity, from, to string) string {
	base := githubURL(e)
	if base == "" || !isCommit(from) || !isCommit(to) || from == to {
		return ""
	}
	return base + "/compare/" + from + "..." + to
}

// CodeURL returns the page of a commit of an entity's repository; empty if none is known.
func (p *Portal) CodeURL(e *Entity, commit string) string {
	base := githubURL(e)
	if base == "" || !isCommit(commit) {
		return ""
	}
	return base + "/commit/" + commit
}

// githubURL returns the address of an entity's repository, if GitHub hosts it.
func githubURL(e *Entity) string {
	text, _, _ := strings.Cut(e.Repository.Text, "#")
	if repo, ok := strings.CutPrefix(text, "github:"); ok {
		return hosts["github"] + repo
	}
	if strings.HasPrefix(text, hosts["github"]) {
		return strings.TrimSuffix(strings.TrimSuffix(text, "/"), ".git")
	}
	return ""
}

// isCommit reports whether a text is the hash of a commit, perhaps cut short.
func isCommit(text string) bool {
	const shortest, longest = 7, 64
	for _, c := range []byte(text) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return len(text) >= shortest && len(text) <= longest
}

func repositoryPlace(text string) Place {
	scheme, rest, _ := strings.Cut(text, ":")
	repo, folder, _ := strings.Cut(rest, "#")
	host, known := hosts[scheme]
	if !known {
		return Place{Text: strings.TrimSuffix(strings.TrimPrefix(text, "https://"), ".git"), URL: text}
	}
	place := Place{Text: repo, URL: host + repo}
	if folder != "" {
		place.Text += "/" + folder
		place.URL += "/tree/HEAD/" + folder
	}
	return place
}

// Runbook returns the main runbook of an entity: the one it names, its first
// runbook document, or its first link to one. If it names one that does not exist
// there is none: another in its place would hide the mistake (see Gaps).
func (p *Portal) Runbook(e *Entity) (Place, bool) {
	if e.Runbook.Text != "" {
		return p.namedRunbook(e)
	}
	for _, d := range e.Documents {
		if d.Kind == docs.Runbook {
			return documentPlace(d), true
		}
	}
	return firstLink(e, linkRunbook)
}

// namedRunbook returns the runbook that an entity names: a URL, a document of the
// catalog, or another file of it, which the repository's host shows.
func (p *Portal) namedRunbook(e *Entity) (Place, bool) {
	named := e.Runbook.Text
	if strings.Contains(named, "://") {
		return Place{Text: strings.TrimPrefix(named, "https://"), URL: named}, true
	}
	file, anchor, _ := strings.Cut(named, "#")
	file = path.Join(path.Dir(e.Path), file)
	if d := p.byPath[file]; d != nil && d.Page != "" {
		place := documentPlace(d)
		if anchor != "" {
			place.Page += "#" + anchor
		}
		return place, true
	}
	if p.Exists == nil || !p.Exists(file) {
		return Place{}, false
	}
	return Place{Text: named, URL: p.ViewURL(diag.Span{File: p.Prefix + file})}, true
}

func documentPlace(d *docs.Document) Place {
	return Place{Text: d.Title, Page: d.Page, URL: d.URL, Document: d}
}

// Dashboard returns the first dashboard of an entity.
func (p *Portal) Dashboard(e *Entity) (Place, bool) { return firstLink(e, linkDashboard) }

func firstLink(e *Entity, linkType string) (Place, bool) {
	for _, l := range e.Links {
		if l.Type == linkType {
			return Place{Text: l.Title, URL: l.URL.Text}, true
		}
	}
	return Place{}, false
}

// runs are the kinds that can break at night.
var runs = []string{"service", "pipeline", "resource"}

// Gap is an answer that is missing although the catalog gives it elsewhere, or that
// is written and leads nowhere.
type Gap struct {
	Answer string // "oncall"
	Field  string // what to add to the descriptor, or to mend in it
	Text   string // "No on-call"
	Wrong  string // what is written and why it is no answer: "team:platfom does not exist"; empty if nothing is
	Span   diag.Span
}

// Gaps returns what an entity leaves open: within what this catalog makes use
// of, for kinds that the question fits. What is written but wrong is a gap whatever
// the rest of the catalog says.
func (p *Portal) Gaps(e *Entity) []Gap {
	var gaps []Gap
	miss := func(g Gap, missing bool) {
		if !missing && g.Wrong == "" {
			return
		}
		if g.Wrong == "" {
			g.Span = e.Place()
		}
		gaps = append(gaps, g)
	}
	operated := slices.Contains(runs, e.Kind.Name)
	_, channel := p.Channel(e)
	_, runbook := p.Runbook(e)
	_, repository := p.Repository(e)
	miss(wrongOwner(e), e.Kind.Owned && e.Owner() == nil)
	miss(wrongOnCall(e), operated && p.used.onCall && p.OnCall(e) == nil)
	miss(Gap{Answer: "channel", Field: "channel", Text: "No channel"}, operated && p.used.channels && !channel)
	miss(wrongRunbook(e, runbook), e.Kind.Name == "service" && p.used.runbooks && !runbook)
	miss(Gap{Answer: "repo", Field: "repository", Text: "No repository"},
		slices.Contains([]string{"service", "library"}, e.Kind.Name) && p.used.repositories && !repository)
	return gaps
}

func wrongOwner(e *Entity) Gap {
	g := Gap{Answer: "owner", Field: "owner", Text: "No owner"}
	if e.Owner() != nil {
		return g
	}
	for _, r := range e.Outgoing(catalog.OwnedBy) {
		g.Wrong, g.Span = Dangling(&r.Reference), r.Span
		return g
	}
	if e.NoOwner.Start.Line > 0 {
		g.Wrong, g.Span = "The owner is no reference", e.NoOwner
	}
	return g
}

func wrongOnCall(e *Entity) Gap {
	g := Gap{Answer: "oncall", Field: "oncall", Text: "No on-call"}
	if o := e.OnCall; o != nil && o.Rotation.Written() && o.Plan == nil {
		g.Wrong, g.Span = "Rotation "+o.Rotation.Text+" does not exist", o.Rotation.Span
	}
	return g
}

func wrongRunbook(e *Entity, found bool) Gap {
	g := Gap{Answer: "runbook", Field: "runbook", Text: "No runbook"}
	if e.Runbook.Text != "" && !found {
		g.Wrong, g.Span = e.Runbook.Text+" does not exist", e.Runbook.Span
	}
	return g
}

// Dangling says of a reference that leads nowhere what is wrong with it.
func Dangling(r *catalog.Reference) string {
	switch {
	case r.Why == "":
		return r.Text + " does not exist"
	case strings.Contains(r.Why, r.Text):
		return r.Why
	}
	if r.Other != nil { // it is of another kind than is asked for
		return r.Text + " " + r.Why
	}
	return r.Text + ": " + r.Why
}

// HasLeft reports whether an entity is a person who has left by the day of the build.
func (p *Portal) HasLeft(e *catalog.Entity) bool {
	return e != nil && e.Person != nil && e.Person.HasLeft(p.Day)
}

// Purpose returns what an entity is for in a sentence, for lists; of somebody who has
// left it says that.
func (p *Portal) Purpose(e *catalog.Entity) string {
	if p.HasLeft(e) {
		return strings.TrimSpace("Has left. " + e.Purpose())
	}
	return e.Purpose()
}

// Members returns the members of a team who have not left.
func (p *Portal) Members(team *catalog.Entity) []*catalog.Relation {
	return slices.DeleteFunc(team.Members(), func(m *catalog.Relation) bool { return p.HasLeft(m.Person()) })
}

// Asks reports whether a catalog gives an answer anywhere, so that its lack
// elsewhere is a gap.
func (p *Portal) Asks(answer string) bool {
	switch answer {
	case "owner":
		return true
	case "oncall":
		return p.used.onCall
	case "channel":
		return p.used.channels
	case "runbook":
		return p.used.runbooks
	case "repo":
		return p.used.repositories
	}
	return false
}

// EditURL returns where a place in a file can be edited, or "" if the catalog
// does not say where it is hosted. file is as reports name it, relative to the
// Git root.
func (p *Portal) EditURL(span diag.Span) string {
	return p.hosted("edit", span)
}

// ViewURL returns where a place in a file can be seen; lines are marked.
func (p *Portal) ViewURL(span diag.Span) string {
	return p.hosted("blob", span)
}

func (p *Portal) hosted(verb string, span diag.Span) string {
	h := p.Catalog.Config.Repository
	if h.URL == "" || span.File == "" {
		return ""
	}
	parts := []string{h.URL, verb, h.Branch}
	if h.IsGitLab() {
		parts = []string{h.URL, "-", verb, h.Branch}
	}
	if h.Path != "" {
		parts = append(parts, h.Path)
	}
	var file []string
	for part := range strings.SplitSeq(span.File, "/") {
		file = append(file, url.PathEscape(part))
	}
	link := strings.Join(append(parts, file...), "/")
	if span.Start.Line > 0 {
		link += "#L" + strconv.Itoa(span.Start.Line)
	}
	return link
}

// CommitURL returns where a commit of the catalog repository can be seen, or "".
func (p *Portal) CommitURL(commit string) string {
	h := p.Catalog.Config.Repository
	switch {
	case h.URL == "":
		return ""
	case h.IsGitLab():
		return h.URL + "/-/commit/" + commit
	}
	return h.URL + "/commit/" + commit
}

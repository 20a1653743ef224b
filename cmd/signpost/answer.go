package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/pkg/portal"
)

// answer is what get says of an entity.
type answer struct {
	Ref         string      `json:"ref"`
	Title       string      `json:"title"`
	Description string      `json:"description,omitempty"`
	Kind        string      `json:"kind"`
	Tier        int         `json:"tier,omitempty"`
	Lifecycle   string      `json:"lifecycle,omitempty"`
	System      string      `json:"system,omitempty"`
	Left        bool        `json:"left,omitempty"` // of a person
	Role        string      `json:"role,omitempty"`
	Email       string      `json:"email,omitempty"`
	Chat        *way        `json:"chat,omitempty"`
	GitHub      string      `json:"github,omitempty"`
	Timezone    string      `json:"timezone,omitempty"`
	Teams       []party     `json:"teams,omitempty"`
	Manager     *party      `json:"manager,omitempty"`
	Duty        []duty      `json:"duty,omitempty"`
	Maintains   []string    `json:"maintains,omitempty"`
	Owner       *party      `json:"owner,omitempty"`
	Maintainers []party     `json:"maintainers,omitempty"`
	Members     []party     `json:"members,omitempty"`
	Owns        []string    `json:"owns,omitempty"`
	OnCall      *onCall     `json:"onCall,omitempty"`
	Channel     *way        `json:"channel,omitempty"`
	Runbook     *way        `json:"runbook,omitempty"`
	Repository  *way        `json:"repository,omitempty"`
	Dashboard   *way        `json:"dashboard,omitempty"`
	Runs        []place     `json:"environments,omitempty"`
	Incidents   []incident  `json:"incidents,omitempty"` // that are open
	Alerts      []alert     `json:"alerts,omitempty"`    // that fire
	DependsOn   []string    `json:"dependsOn,omitempty"`
	UsedBy      []string    `json:"usedBy,omitempty"`
	Dependents  []dependent `json:"dependents,omitzero"` // nil if they were not asked for
	Missing     []string    `json:"missing,omitempty"`
	Wrong       []wrong     `json:"wrong,omitempty"`
	Source      string      `json:"source"`
	Page        string      `json:"page"`
}

type party struct {
	Ref   string `json:"ref"`
	Title string `json:"title"`
	Role  string `json:"role,omitempty"`
	Left  bool   `json:"left,omitempty"`
}

type way struct {
	Text string `json:"text"`
	URL  string `json:"url,omitempty"`
	File string `json:"file,omitempty"` // of a document in the repository
}

type place struct {
	Name   string `json:"name"`
	URL    string `json:"url,omitempty"`
	Region string `json:"region,omitempty"`

	Running *deployed `json:"running,omitempty"`
	Attempt *deployed `json:"attempt,omitempty"` // the last deployment, if that is not what runs
	Health  []health  `json:"health,omitempty"`
}

type dependent struct {
	Ref   string `json:"ref"`
	Hops  int    `json:"hops"`
	Owner string `json:"owner,omitempty"`
}

// wrong is an answer that is written and leads nowhere.
type wrong struct {
	Field  string `json:"field"`
	Text   string `json:"text"`
	Source string `json:"source"`
}

// documentAnswer is what get says of a document: whose it is and whom to ask.
type documentAnswer struct {
	Title    string  `json:"title"`
	Kind     string  `json:"kind"`
	About    []party `json:"about,omitempty"`
	OnCall   *onCall `json:"onCall,omitempty"`
	Owner    *party  `json:"owner,omitempty"`
	Channel  *way    `json:"channel,omitempty"`
	Email    string  `json:"email,omitempty"` // of the owner, if there is no channel
	Verified string  `json:"lastVerified,omitempty"`
	File     string  `json:"file"`          // of a document elsewhere: the descriptor that names it
	URL      string  `json:"url,omitempty"` // of a document elsewhere
	Page     string  `json:"page,omitempty"`
}

func (g getter) documentAnswer(d *docs.Document) documentAnswer {
	a := documentAnswer{
		Title: d.Title, Kind: string(d.Kind), File: d.Name, URL: d.URL, Page: d.Page,
		Verified: d.Front.Field("lastVerified").Text(),
	}
	about := g.About(d)
	for _, e := range about {
		a.About = append(a.About, g.party(e.Entity, ""))
	}
	if len(about) > 0 {
		a.OnCall, a.Channel = g.onCall(about[0]), wayOf(g.Channel(about[0]))
		if mail, ok := g.Email(about[0]); ok && a.Channel == nil {
			a.Email = mail.Text
		}
		if owner := about[0].Owner(); owner != nil {
			a.Owner = g.only(owner)
		}
	}
	return a
}

func (g getter) entityAnswer(e *portal.Entity, dependents bool) answer {
	a := answer{
		Ref: e.Ref.String(), Title: e.DisplayName(), Description: e.Description, Kind: e.Kind.Name,
		Tier: e.Tier, Lifecycle: e.Lifecycle.Text, Source: e.Place().String(), Page: e.Page(),
		OnCall: g.onCall(e), Runbook: wayOf(g.Runbook(e)), Repository: wayOf(g.Repository(e)), Dashboard: wayOf(g.Dashboard(e)),
	}
	a.Channel = wayOf(g.Channel(e))
	if mail, ok := g.Email(e); ok && (a.Channel == nil || e.Team != nil) {
		a.Email = mail.Text
	}
	if owner := e.Owner(); owner != nil {
		a.Owner = g.only(owner)
	}
	if s := e.System(); s != nil {
		a.System = s.Ref.String()
	}
	for _, env := range e.Deployed {
		a.Runs = append(a.Runs, place{Name: env.Name.Text, URL: env.URL, Region: env.Region})
	}
	g.facts(&a, e)
	for _, gap := range g.Gaps(e) {
		if gap.Wrong == "" {
			a.Missing = append(a.Missing, gap.Field)
		} else {
			a.Wrong = append(a.Wrong, wrong{gap.Field, gap.Wrong, gap.Span.String()})
		}
	}
	g.people(&a, e)
	g.relate(&a, e)
	if dependents {
		a.Dependents = g.dependents(e)
	}
	return a
}

// people adds who a team or a person is, and who looks after something.
func (g getter) people(a *answer, e *portal.Entity) {
	for _, r := range e.Outgoing(catalog.MaintainedBy) {
		if r.To != nil {
			a.Maintainers = append(a.Maintainers, g.party(r.To, ""))
		}
	}
	if e.Team != nil {
		a.Timezone = e.Team.Timezone
		for _, m := range e.Members() {
			a.Members = append(a.Members, g.party(m.Person(), m.Role))
		}
	}
	person := e.Person
	if person == nil {
		return
	}
	a.Left, a.Role, a.Email, a.GitHub, a.Timezone = g.HasLeft(e.Entity), person.Role, person.Email, person.GitHub, person.Timezone
	if person.Chat != "" {
		a.Chat = wayOf(g.ChannelPlace(person.Chat), true)
	}
	for _, team := range e.Teams() {
		role := ""
		for _, m := range team.Members() {
			if m.Person() == e.Entity {
				role = m.Role
			}
		}
		a.Teams = append(a.Teams, g.party(team, role))
	}
	for _, r := range e.Outgoing(catalog.ManagedBy) {
		if r.To != nil {
			a.Manager = g.only(r.To)
		}
	}
	for _, r := range e.Incoming(catalog.MaintainedBy) {
		a.Maintains = append(a.Maintains, r.From.Ref.String())
	}
	a.Duty = g.dutyOf(e.Entity)
}

func (g getter) party(e *catalog.Entity, role string) party {
	return party{Ref: e.Ref.String(), Title: e.DisplayName(), Role: role, Left: g.HasLeft(e)}
}

func (g getter) only(e *catalog.Entity) *party {
	p := g.party(e, "")
	return &p
}

// relate adds what a team owns, what an entity depends on and what it is used by.
func (g getter) relate(a *answer, e *portal.Entity) {
	if e.Team != nil {
		own, below := g.Owned(e)
		for _, o := range slices.Concat(own, below) {
			a.Owns = append(a.Owns, o.Ref.String())
		}
	}
	for _, r := range e.Outgoing(catalog.DependsOn) {
		if r.To != nil {
			a.DependsOn = append(a.DependsOn, r.To.Ref.String())
		}
	}
	for _, r := range e.Incoming(catalog.DependsOn) {
		a.UsedBy = append(a.UsedBy, r.From.Ref.String())
	}
}

// dependents is never nil: that nothing depends on something is an answer.
func (g getter) dependents(e *portal.Entity) []dependent {
	all := []dependent{}
	for _, d := range g.Dependents(e) {
		hop := dependent{Ref: d.Entity.Ref.String(), Hops: d.Hops}
		if owner := d.Entity.Owner(); owner != nil {
			hop.Owner = owner.Ref.String()
		}
		all = append(all, hop)
	}
	return all
}

func wayOf(place portal.Place, ok bool) *way {
	if !ok {
		return nil
	}
	w := &way{Text: place.Text, URL: place.URL}
	if place.Document != nil && place.Document.URL == "" {
		w.File = place.Document.Name // a terminal cannot show the page
	}
	return w
}

// print writes an answer for people: the title, what it is, then one question a
// line, whoever is on call first.
func (a answer) print(t table) {
	t.title(a.Title, a.Ref, a.Description)
	if a.Left {
		t.row("has left")
	}
	t.onCall(a.OnCall)
	t.wrong(a.Wrong, "oncall", "on call")
	a.printFacts(t)
	t.party("owner", a.Owner)
	t.wrong(a.Wrong, "owner", "owner")
	t.way("channel", a.Channel)
	t.way("chat", a.Chat)
	t.optional("e-mail", a.Email)
	t.optional("github", a.GitHub)
	t.way("runbook", a.Runbook)
	t.wrong(a.Wrong, "runbook", "runbook")
	t.way("repository", a.Repository)
	t.way("dashboard", a.Dashboard)
	t.optional("role", a.Role)
	t.parties("team", a.Teams)
	t.party("manager", a.Manager)
	for _, d := range a.Duty {
		t.row("on call", d.String())
	}
	t.optional("time zone", a.Timezone)
	if a.Tier > 0 {
		t.row("tier", strconv.Itoa(a.Tier))
	}
	t.optional("lifecycle", a.Lifecycle)
	t.optional("system", a.System)
	for _, p := range a.Runs {
		if p.isTold() && p.Region+p.URL == "" {
			continue // what runs there says more
		}
		where := slices.DeleteFunc([]string{p.Name, p.Region, p.URL}, func(s string) bool { return s == "" })
		t.row("runs in", strings.Join(where, "  "))
	}
	t.parties("member", a.Members)
	t.parties("maintainer", a.Maintainers)
	t.optional("maintains", strings.Join(a.Maintains, ", "))
	t.optional("owns", strings.Join(a.Owns, ", "))
	t.optional("depends on", strings.Join(a.DependsOn, ", "))
	t.optional("used by", strings.Join(a.UsedBy, ", "))
	a.printDependents(t)
	t.optional("missing", strings.Join(a.Missing, ", "))
	t.row("described in", a.Source)
}

func (a answer) printDependents(t table) {
	for _, d := range a.Dependents {
		about := countOf(d.Hops, "hop", "hops")
		if d.Owner != "" {
			about += ", " + d.Owner
		}
		t.row("fails with it", fmt.Sprintf("%s  (%s)", d.Ref, about))
	}
	switch {
	case a.Dependents == nil || len(a.Dependents) > 0:
	case len(a.UsedBy) > 0:
		t.row("fails with it", "nothing: all that use it can do without")
	default:
		t.row("fails with it", "nothing depends on it")
	}
}

func (a documentAnswer) print(t table) {
	t.title(a.Title, a.Kind, "")
	t.onCall(a.OnCall)
	t.party("owner", a.Owner)
	t.way("channel", a.Channel)
	t.optional("e-mail", a.Email)
	t.parties("belongs to", a.About)
	t.optional("verified", a.Verified)
	if a.URL != "" {
		t.row("stands at", a.URL)
		return
	}
	t.row("written in", a.File)
}

// table prints aligned columns, with nothing in them that steers a terminal.
type table struct{ w *tabwriter.Writer }

func newTable(w io.Writer) table { return table{tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)} }

// title writes what an answer is about. It stands outside the columns.
func (t table) title(title, what, description string) {
	fmt.Fprintf(t.w, "%s  (%s)\n", diag.Visible(title), diag.Visible(what))
	if description != "" {
		fmt.Fprintln(t.w, diag.Visible(description))
	}
	fmt.Fprintln(t.w)
}

func (t table) row(cells ...string) {
	for i, c := range cells {
		cells[i] = diag.Visible(strings.ReplaceAll(c, "\t", " "))
	}
	fmt.Fprintln(t.w, strings.TrimRight(strings.Join(cells, "\t"), "\t"))
}

func (t table) optional(name, text string) {
	if text != "" {
		t.row(name, text)
	}
}

func (t table) onCall(o *onCall) {
	if o != nil {
		t.row("on call", o.String())
		t.optional("page", o.Page)
	}
}

func (t table) party(name string, p *party) {
	if p != nil {
		t.row(name, p.Title+"  ("+p.Ref+")"+leftNote(p.Left))
	}
}

func (t table) parties(name string, all []party) {
	for _, p := range all {
		text := p.Title
		if p.Role != "" {
			text += ", " + p.Role
		}
		t.row(name, text+"  ("+p.Ref+")"+leftNote(p.Left))
	}
}

func leftNote(left bool) string {
	if left {
		return "  has left"
	}
	return ""
}

func (t table) wrong(all []wrong, field, name string) {
	for _, w := range all {
		if w.Field == field {
			t.row(name, w.Text+"  ("+w.Source+")")
		}
	}
}

func (t table) way(name string, w *way) {
	if w == nil {
		return
	}
	text := w.Text
	if to := w.URL + w.File; to != "" {
		text += "  " + to
	}
	t.row(name, text)
}

func (t table) flush() error { return t.w.Flush() }

// shown is how get writes an instant: in the zone that it carries.
func shown(t time.Time) string { return t.Format("Mon 2 Jan 15:04 MST") }

package site

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/signpost-dev/signpost/pkg/cache"
	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// reach says, before any view is worked out, what the pages of a catalog might depend on:
// for every entity the digest of all that its page can show. Where that digest is what it
// was, the page is what it was, and its view need not be worked out to see so; where it
// is not, the page is drawn again.
//
// A digest may take in too much, which costs time, but never too little. It takes in
// whole descriptors (by the content of their files) at these distances: three references
// on from the entity (its team, the team's people; what it depends on, that one's team and
// people), and two on from everything that refers to it. A test changes catalogs at random
// and compares with what a clean build makes.
type reach struct {
	*portal.Portal
	own, one, two, three map[*catalog.Entity]cache.Digest
}

func newReach(p *portal.Portal) *reach {
	r := &reach{Portal: p, own: map[*catalog.Entity]cache.Digest{}}
	for _, e := range p.Entities {
		r.own[e.Entity] = r.ownDigest(e)
	}
	r.one = r.next(r.own)
	r.two = r.next(r.one)
	r.three = r.next(r.two)
	return r
}

// mix collects digests and texts.
type mix struct{ bytes.Buffer }

func (m *mix) digest(d cache.Digest) { m.Write(d[:]) }

func (m *mix) text(s string) {
	m.WriteString(s)
	m.WriteByte(0)
}

func (m *mix) sum() cache.Digest { return cache.DigestOf(m.Bytes()) }

// judged says that the findings are known. Until then no page but documents' may be asked for.
func (r *reach) judged(p *portal.Portal) { r.Portal = p }

// ownDigest is of what an entity's descriptor says, and where its references lead. Findings
// are left out: they are shown on the entity's page and on its team's only.
func (r *reach) ownDigest(e *portal.Entity) cache.Digest {
	var m mix
	m.digest(e.Digest)
	m.text(e.Ref.String())
	m.text(e.Page())
	fmt.Fprint(&m, e.Path, e.Span, e.Name.Span, " ")
	for _, ref := range e.References() {
		if ref.To != nil {
			m.text(ref.To.Ref.String())
		} else {
			m.text(ref.Why)
		}
	}
	if e.OnCall != nil && e.OnCall.Plan != nil {
		m.text(e.OnCall.Plan.Team.Ref.String())
	}
	runbook, _ := r.Runbook(e)
	m.text(runbook.Text + "\x00" + runbook.Page + "\x00" + runbook.URL)
	for _, d := range e.Documents {
		r.document(&m, d)
	}
	if e.API != nil {
		m.digest(e.API.Digest)
	}
	change, _ := r.ChangeOf(e.Path)
	m.text(change.Commit)
	r.live(&m, e)
	for _, d := range r.Postmortems(e) { // of which some belong to others
		r.document(&m, d)
	}
	if len(r.History) > 0 {
		fmt.Fprint(&m, r.DeliveryOf(e.Entity))
	}
	return m.sum()
}

// live takes in what live systems say of an entity, how well they could be read, and whom and
// what of the catalog that leads to.
func (r *reach) live(m *mix, e *portal.Entity) {
	if e.Live == nil {
		return
	}
	if err := json.NewEncoder(m).Encode(e.Live); err != nil {
		fmt.Fprint(m, err) // of facts that no file can hold
	}
	for _, p := range e.Live.Places {
		for _, other := range e.Live.Places { // they are few
			commits, known := p.Ahead(other)
			fmt.Fprintln(m, p.Environment, other.Environment, commits, known)
		}
	}
	for _, i := range e.Live.Incidents {
		m.text(i.Page)
		if problem := i.By.ProblemOf(i.Fact.About); problem != nil {
			fmt.Fprint(m, problem.Since)
		}
		for _, affected := range i.Affected { // of which only names are shown
			name(m, affected.Entity)
		}
	}
	for _, text := range e.Live.Names() {
		r.named(m, text)
	}
	for _, a := range e.Live.Alerts {
		for _, runbook := range r.Runbooks(e, a.Fact) {
			m.text(runbook.Text + "\x00" + runbook.Page)
		}
	}
}

// named takes in the person whom a live system names, if the catalog has one of that name.
func (r *reach) named(m *mix, text string) {
	if person := r.PersonNamed(text); person != nil {
		name(m, person.Entity)
		fmt.Fprint(m, r.HasLeft(person.Entity))
	}
}

// now returns the digest of all that the page for whoever is called about an entity can show.
func (r *reach) now(e *portal.Entity) cache.Digest {
	var m mix
	m.digest(r.entity(e))
	m.text(r.NowPage(e))
	fmt.Fprint(&m, r.HasDocuments(docs.Postmortem))
	about := snapshot.About{Entity: e.Ref.String()}
	for _, by := range r.Watching() {
		fmt.Fprint(&m, by.Name, by.Type, by.Stale, by.Fetched.IsZero(), by.ProblemOf(about))
	}
	return m.sum()
}

// document takes in what a document says, and by what others say of it: a decision that
// another replaces is shown as such wherever it stands.
func (r *reach) document(m *mix, d *docs.Document) {
	m.digest(d.Digest)
	m.text(d.Page)
	m.text(d.Title)
	fmt.Fprint(m, d.Book(), d.Place, d.Sections)
	if d.URL != "" { // all of it stands in a descriptor
		for _, n := range d.Front.Children() {
			m.text(n.Name() + "\x00" + n.Text())
		}
	}
	if d.Decision != nil {
		for _, others := range [][]*docs.Document{d.Decision.Replaces, d.Decision.ReplacedBy} {
			for _, other := range others {
				m.text(other.Title + "\x00" + other.Page)
			}
			m.text("")
		}
	}
}

// does takes in who does an action, of whom only the name is shown.
func (r *reach) does(m *mix, a *portal.Action) {
	name(m, a.Who)
	fmt.Fprint(m, r.HasLeft(a.Who))
}

// actions returns the digest of all that the list of open actions can show.
func (r *reach) actions() cache.Digest {
	var m mix
	for _, a := range r.OpenActions(nil) {
		r.document(&m, a.Of)
		r.does(&m, a)
	}
	return m.sum()
}

// next takes the digests of what each entity refers to, and of the members that name a
// team, into its own.
func (r *reach) next(inner map[*catalog.Entity]cache.Digest) map[*catalog.Entity]cache.Digest {
	outer := make(map[*catalog.Entity]cache.Digest, len(inner))
	var m mix
	for _, e := range r.Entities {
		m.Reset()
		m.digest(r.own[e.Entity])
		for _, ref := range e.References() {
			if ref.To != nil {
				m.digest(inner[ref.To])
			}
		}
		for _, member := range e.Incoming(catalog.MemberOf) {
			m.digest(inner[member.From])
		}
		if e.OnCall != nil && e.OnCall.Plan != nil {
			m.digest(inner[e.OnCall.Plan.Team])
		}
		outer[e.Entity] = m.sum()
	}
	return outer
}

// entity returns the digest of all that the page of an entity can show.
func (r *reach) entity(e *portal.Entity) cache.Digest {
	var m mix
	r.around(&m, e)
	findings(&m, e.Findings)
	for _, d := range r.Decisions(e) { // of which most are about what is in the system
		r.document(&m, d)
		r.about(&m, d)
	}
	for _, b := range r.Playbooks(e) { // of which some belong to others
		r.document(&m, b.Document)
		m.text(r.Summary(b.Document))
		name(&m, b.Of)
	}
	switch {
	case e.Team != nil:
		r.team(&m, e.Entity)
		for _, a := range r.OpenActions(e) {
			r.document(&m, a.Of)
			r.does(&m, a)
		}
	case e.Person != nil:
		for _, team := range e.Teams() {
			r.team(&m, team)
		}
		for _, rotation := range r.OnDuty(e) {
			m.digest(r.two[rotation.Team])
		}
	}
	return m.sum()
}

// around takes in an entity, what it refers to, what refers to it, and what it is part of.
func (r *reach) around(m *mix, e *portal.Entity) {
	m.digest(r.three[e.Entity])
	for _, relation := range e.Inverse {
		m.digest(r.two[relation.From])
	}
	for _, up := range ancestors(e) {
		m.digest(r.own[up])
	}
}

// team takes in a team and those below it, with all that they own.
func (r *reach) team(m *mix, team *catalog.Entity) {
	for _, t := range append([]*catalog.Entity{team}, portal.Below(team)...) {
		r.around(m, r.Of(t))
		for _, owned := range t.Incoming(catalog.OwnedBy) {
			findings(m, r.Of(owned.From).Findings)
		}
	}
}

func findings(m *mix, found []diag.Diagnostic) {
	for _, d := range found {
		fmt.Fprint(m, d, "\x00")
	}
}

// page returns the digest of all that the page of a document can show, with what its text
// depends on around it: where its links lead, and what stands before and after it.
func (r *reach) page(d *docs.Document, targets []string, neighbours [2]*docs.Document, found []diag.Diagnostic) cache.Digest {
	var m mix
	r.document(&m, d)
	for _, target := range targets {
		m.text(target)
	}
	for _, next := range neighbours {
		if next != nil {
			m.text(next.Title + "\x00" + next.Page)
		}
		m.text("")
	}
	for _, e := range r.About(d) {
		m.digest(r.three[e.Entity])
		for _, up := range ancestors(e) {
			m.digest(r.own[up])
		}
	}
	for _, a := range r.ActionsOf(d) {
		r.does(&m, a)
	}
	if d.Kind == docs.Postmortem {
		for _, e := range r.Hit(d) {
			name(&m, e.Entity)
		}
	}
	name(&m, (&planner{Portal: r.Portal}).documentOwner(d))
	for _, name := range decidersOf(d) {
		if named, _ := r.Catalog.Resolve(name, []string{"person", "team"}, namespaceOf(r.About(d))); named != nil {
			m.digest(r.one[named])
		}
	}
	if i := r.IncidentOf(d); i != nil {
		m.text(i.Page)
		m.text(incidentTitle(i.Fact))
	}
	findings(&m, found)
	change, _ := r.ChangeOf(d.File)
	m.text(change.Commit)
	return m.sum()
}

func namespaceOf(about []*portal.Entity) string {
	if len(about) == 0 {
		return ""
	}
	return about[0].Ref.Namespace
}

// kind returns the digest of all that lists of a kind of entities can show.
func (r *reach) kind(kind string) cache.Digest {
	var m mix
	for _, e := range r.OfKind(kind) {
		r.around(&m, e)
	}
	if kind == "team" { // the list counts what each owns
		for _, e := range r.Entities {
			m.digest(r.own[e.Entity])
		}
	}
	return m.sum()
}

// matrix returns the digest of all that the matrix of services and environments can show.
func (r *reach) matrix() cache.Digest {
	var m mix
	for _, e := range r.OfKind("service") {
		m.digest(r.own[e.Entity])
		name(&m, e.Owner()) // of which only the name is shown
	}
	return m.sum()
}

// documents returns the digest of all that lists of a kind of documents can show.
func (r *reach) documents(kind docs.Kind) cache.Digest {
	var m mix
	for _, d := range r.DocumentsOf(kind) {
		r.document(&m, d)
		m.text(r.Summary(d))
		r.about(&m, d)
	}
	if kind == docs.Postmortem { // whose list leads to that of open actions
		fmt.Fprint(&m, len(r.OpenActions(nil)) > 0)
	}
	for _, team := range r.OfKind("team") { // documents may name an owner of their own
		m.digest(r.own[team.Entity])
	}
	return m.sum()
}

// about takes in the names of what a document is about, and of whoever owns that.
func (r *reach) about(m *mix, d *docs.Document) {
	for _, e := range r.About(d) {
		name(m, e.Entity)
		name(m, e.Owner())
	}
}

// name takes in what a link to an entity says, which may be nil.
func name(m *mix, e *catalog.Entity) {
	if e == nil {
		m.text("")
		return
	}
	m.text(e.Ref.String())
	m.text(e.DisplayName())
	m.text(e.Page())
}

// whole returns the digest of what decides about every page: the day, what the catalog
// makes use of, where it is hosted.
func (r *reach) whole(frame string) string {
	var m mix
	m.text(frame)
	m.text(r.Day.String())
	m.text(r.Prefix)
	for _, answer := range []string{"oncall", "channel", "runbook", "repo"} {
		fmt.Fprint(&m, r.Asks(answer), " ")
	}
	fmt.Fprint(&m, len(r.Snapshots) > 0) // then pages name what nothing has told
	fmt.Fprint(&m, r.EditURL(diag.Span{File: "x"}))
	l := &planner{Portal: r.Portal}
	fmt.Fprint(&m, l.liveFolder(), l.parts())
	d := m.sum()
	return string(d[:])
}

// ancestors are what an entity is part of, at any distance, as its breadcrumbs show.
func ancestors(e *portal.Entity) []*catalog.Entity {
	var all []*catalog.Entity
	queue := []*catalog.Entity{e.Entity}
	for len(queue) > 0 && len(all) < 1000 {
		x := queue[0]
		queue = queue[1:]
		for _, up := range []*catalog.Entity{x.Parent(), x.System(), x.Domain()} {
			if up != nil && !slices.Contains(all, up) {
				all = append(all, up)
				queue = append(queue, up)
			}
		}
	}
	return all
}

package site

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/pkg/portal"
)

// entity works out the page of an entity.
func (l *planner) entity(e *portal.Entity) Page {
	page := Page{
		Path: e.Page(), Title: e.DisplayName(), Description: e.Description,
		Section: listPath(e.Kind.Plural, 1), Template: "entity.html",
	}
	if e.Team != nil {
		page.Feeds = feedLinks(page.Path, feedsOf(l.Portal, l.baseURL, e))
	}
	switch {
	case e.Team != nil:
		page.Template, page.Data = "team.html", l.team(e)
	case e.Person != nil:
		page.Template, page.Data = "person.html", l.person(e)
	default:
		view := EntityView{
			Head:         l.head(e),
			Post:         l.post(e.Page(), e),
			LiveView:     l.live(e),
			Interface:    l.interfaceOf(e),
			Delivery:     l.delivery(e.Entity),
			Timeline:     l.timelineSection(e),
			Environments: l.livePlaces(e.Page(), e, l.environments(e)),
			Services:     l.ownMatrix(e),
			Relations:    l.relations(e),
			Extras:       l.extras(e),
		}
		view.Facts = slices.Concat(alarmFact(view.LiveView), l.pagedFact(e), view.Facts)
		page.Data = view
	}
	return page
}

// head is the title block: what it is, and where it belongs.
func (l *planner) head(e *portal.Entity) Head {
	h := Head{Kind: e.Kind.Title, Title: e.DisplayName(), Description: e.Description, Crumbs: crumbs(e.Page(), e)}
	fact := func(title, text string) {
		if text != "" {
			h.Facts = append(h.Facts, Fact{Title: title, Values: []Link{{Text: text}}})
		}
	}
	h.Facts = findingsFact(e.Findings)
	if e.Title != "" && !strings.EqualFold(e.Title, e.Name.Text) {
		fact("Name", e.Name.Text)
	}
	fact("Type", e.Type)
	fact("Language", e.Language)
	if e.Tier > 0 {
		h.Facts = append(h.Facts, Fact{Title: "Tier", Help: tierHelp[e.Tier], Values: []Link{{Text: strconv.Itoa(e.Tier)}}})
	}
	if word := e.Lifecycle.Text; word != "" {
		h.Facts = append(h.Facts, Fact{Title: "Lifecycle", State: lifecycleStates[word], Values: []Link{{Text: word}}})
	}
	fact("Version", e.Version)
	if e.Ref.Namespace != "" {
		fact("Namespace", e.Ref.Namespace)
	}
	var aliases []string
	for _, a := range e.Aliases {
		aliases = append(aliases, a.Text)
	}
	h.Live, h.Readings = l.livePart(e)
	fact("Also called", strings.Join(aliases, ", "))
	fact("Tags", strings.Join(e.Tags, ", "))
	h.Notices = l.notices(e)
	return h
}

// lifecycleStates are the shapes of lifecycles other than the usual one.
var lifecycleStates = map[string]State{"experimental": Noted, "deprecated": Warns, "retired": Bad}

// findingsFact says at the top of a page that something is wrong further down.
func findingsFact(found []diag.Diagnostic) []Fact {
	var parts []string
	var worst State
	for _, c := range countFindings(found, "") {
		if c.State == Noted {
			continue // for that nobody need look
		}
		if worst == "" {
			worst = c.State
		}
		parts = append(parts, strconv.Itoa(c.N)+" "+c.Text)
	}
	if len(parts) == 0 {
		return nil
	}
	return []Fact{{Title: "Findings", State: worst, Values: []Link{{Text: strings.Join(parts, " and "), Href: "#sp-findings"}}}}
}

var tierHelp = map[int]string{
	1: "The business stops without it.",
	2: "Customers notice when it fails.",
	3: "Colleagues notice when it fails.",
	4: "It can wait until tomorrow.",
}

// crumbs lead from the widest to the nearest thing that an entity is part of.
func crumbs(from string, e *portal.Entity) []Link {
	var up []*catalog.Entity
	seen := map[*catalog.Entity]bool{e.Entity: true}
	add := func(x *catalog.Entity) bool {
		if x == nil || seen[x] {
			return false
		}
		seen[x] = true
		up = append([]*catalog.Entity{x}, up...)
		return true
	}
	nearest := e.Parent()
	for x := nearest; add(x); x = x.Parent() {
		nearest = x
	}
	if e.System() != nil {
		add(e.System())
	}
	for x := e.Domain(); add(x); x = x.Parent() {
		continue
	}
	var links []Link
	for _, x := range up {
		links = append(links, linkTo(from, x))
	}
	return links
}

// notices are what to know before reading on.
func (l *planner) notices(e *portal.Entity) []Notice {
	var notices []Notice
	switch e.Lifecycle.Text {
	case "deprecated", "retired":
		n := Notice{State: Warns, Title: strings.ToUpper(e.Lifecycle.Text[:1]) + e.Lifecycle.Text[1:]}
		if d := e.Deprecation; d != nil {
			n.Text = d.Note
			if n.When, _ = time.Parse(time.DateOnly, d.Date.Text); !n.When.IsZero() {
				n.Title += ", end of life" // the date or "in 4 months" follows
			}
		}
		if next := e.Successor(); next != nil {
			n.Action = Link{Text: "Use " + next.DisplayName(), Href: href(e.Page(), next.Page())}
		}
		notices = append(notices, n)
	}
	for _, g := range l.Gaps(e) {
		if g.Answer != "owner" {
			continue
		}
		n := Notice{State: Bad, Title: "Nobody owns this", Action: Link{Text: "Name an owner", Href: l.EditURL(g.Span)}}
		if g.Wrong != "" {
			n.Text, n.Action.Text = g.Wrong+".", "Mend the owner"
		}
		notices = append(notices, n)
	}
	if p := e.Person; p != nil && p.HasLeft(l.Day) {
		notices = append(notices, Notice{State: Noted, Title: "Has left"})
	}
	return notices
}

// post is the fingerpost: who is on call, who owns it, where to write, what to do,
// where the code is. What is missing within what the catalog uses is a dashed blade.
func (l *planner) post(from string, e *portal.Entity) Post {
	var post Post
	missing := map[string]portal.Gap{}
	for _, g := range l.Gaps(e) {
		missing[g.Answer] = g
	}
	add := func(answer, label string, b Blade, ok bool) {
		b.Answer, b.Label = answer, label
		if gap, isGap := missing[answer]; !ok && isGap {
			b.missing(l, gap)
			ok = true
		}
		if ok {
			post.Blades = append(post.Blades, b)
		}
	}
	onCall, rotations, ok := l.onCallBlade(from, e)
	onCall.Shared = onCall.OnCall != nil && e.OnCall == nil && !onCall.IsTold()
	add("oncall", "On call now", onCall, ok)
	post.Rotations = rotations
	l.addLevels(&post, from, e, l.OnCall(e))
	if p := l.OnCall(e); p != nil && p.Page != "" && p.Page != onCall.Href {
		add("page", "Page", Blade{Text: "Page whoever is on call", Href: p.Page}, true)
	}
	owner, ok := l.ownerBlade(from, e)
	owner.Shared = true
	add("owner", "Owner", owner, ok)
	channel, ok := l.Channel(e)
	write := placeBlade(from, channel)
	write.Shared = !e.Channel.Written()
	add("channel", "Channel", write, ok)
	if mail, hasMail := l.Email(e); hasMail && !ok {
		b := placeBlade(from, mail)
		b.Shared = true
		add("email", "E-mail of the owner", b, true)
	}
	runbook, ok := l.Runbook(e)
	add("runbook", "Main runbook", l.runbookBlade(from, runbook), ok)
	repository, ok := l.Repository(e)
	add("repo", "Repository", placeBlade(from, repository), ok)
	dashboard, ok := l.Dashboard(e)
	add("dashboard", "Dashboard", placeBlade(from, dashboard), ok)
	return post
}

// postAway is the fingerpost of an entity on another page than its own, which has not the
// tables that say more of who is on call: blades lead to where those stand.
func (l *planner) postAway(from string, e *portal.Entity) Post {
	post := l.post(from, e)
	post.Rotations, post.Levels = nil, nil
	for i, b := range post.Blades {
		switch {
		case b.Href == "#sp-levels":
			post.Blades[i].Href = href(from, e.Page()+b.Href)
		case b.OnCall != nil && !b.IsTold():
			post.Blades[i].Href = href(from, l.OnCall(e).Of.Page()+"#sp-oncall")
		}
	}
	return post
}

// missing makes a blade say what the catalog leaves open, or has wrong.
func (b *Blade) missing(l *planner, g portal.Gap) {
	b.Text, b.Missing, b.Href = g.Text, g.Field, l.EditURL(g.Span)
	if g.Wrong != "" {
		b.Text, b.Wrong = g.Wrong, true
	}
}

func placeBlade(from string, p portal.Place) Blade {
	to := place(from, p)
	return Blade{Text: to.Text, Href: to.Href}
}

func (l *planner) runbookBlade(from string, p portal.Place) Blade {
	b := placeBlade(from, p)
	if p.Document != nil {
		b.Verified = frontDate(p.Document, "lastVerified")
	}
	return b
}

func (l *planner) ownerBlade(from string, e *portal.Entity) (Blade, bool) {
	owner := e.Owner()
	if owner == nil {
		return Blade{}, false
	}
	to := linkTo(from, owner)
	b := Blade{Text: to.Text, Href: to.Href}
	switch n := len(l.Members(owner)); n {
	case 0:
		if len(owner.Members()) > 0 {
			b.Note = "all of its members have left"
		}
	case 1:
		b.Note = "1 person"
	default:
		b.Note = fmt.Sprintf("%d people", n)
	}
	return b, true
}

// onCallBlade answers who is on call; for a rotation of the catalog with the
// table of shifts that the page shows further down.
func (l *planner) onCallBlade(from string, e *portal.Entity) (Blade, []Rotation, bool) {
	found := l.OnCall(e)
	if found == nil {
		return Blade{}, nil, false
	}
	note := ""
	if found.Of.Entity != e.Entity {
		note = "as for all of " + found.Of.DisplayName()
	}
	if found.Plan == nil {
		return l.outsideBlade(from, e, found, note), nil, found.Provider != ""
	}
	rotation := Rotation{
		OnCall: l.onCall(from, found.Plan), ID: rotationID(found.Plan), Page: found.Page, Brief: found.Of.Entity != e.Entity,
	}
	return Blade{
		Text: rotation.Name, Note: note, Href: "#sp-oncall", Main: true, OnCall: rotation.OnCall,
	}, []Rotation{rotation}, true
}

// providerName writes the name of a provider as its owners do.
func providerName(text string) string {
	name, rest, _ := strings.Cut(text, " ")
	if proper, ok := systems[name]; ok {
		name = proper
	}
	return strings.TrimSpace(name + " " + rest)
}

// systems are what live systems are called, by the types of providers.
var systems = map[string]string{
	"alertmanager": "Alertmanager", "argocd": "Argo CD", "datadog": "Datadog", "github": "GitHub", "jsm": "Jira Service Management",
	"kubernetes": "Kubernetes", "opsgenie": "Opsgenie", "pagerduty": "PagerDuty", "prometheus": "Prometheus", "terraform": "Terraform Cloud",
}

// onCallKey is on what the view of a rotation depends: its links are relative.
type onCallKey struct {
	rotation *catalog.Rotation
	root     string
}

// onCall works out a rotation for a page, or finds what was worked out for another
// that lies equally deep.
func (l *planner) onCall(from string, r *catalog.Rotation) *OnCall {
	key := onCallKey{r, rootOf(from)}
	if known, ok := l.rotations.Load(key); ok {
		return known.(*OnCall)
	}
	known, _ := l.rotations.LoadOrStore(key, l.shiftsOf(from, r, nil))
	return known.(*OnCall)
}

// shiftsOf works out a rotation for a page; of its shifts only those of a person, if
// one is given. Its links lead through the root, so that they hold on all pages that
// lie equally deep.
func (l *planner) shiftsOf(from string, r *catalog.Rotation, of *catalog.Entity) *OnCall {
	o := &OnCall{Name: r.DisplayName(), Zone: r.Zone().String(), Alone: r.Alone()}
	for _, s := range l.Shifts(r) {
		if of != nil && s.Person != of {
			continue
		}
		shift := Shift{From: s.From, To: s.To, Override: s.Override, Note: s.Note}
		if s.Person != nil {
			shift.Person = Link{Text: l.personName(s.Person), Href: rootOf(from) + s.Person.Page()}
		}
		o.Shifts = append(o.Shifts, shift)
	}
	return o
}

// personName is how a person is called where somebody may want to ask them.
func (l *planner) personName(person *catalog.Entity) string {
	if l.HasLeft(person) {
		return person.DisplayName() + " (has left)"
	}
	return person.DisplayName()
}

// environments are where an entity runs, in the order of signpost.yaml.
func (l *planner) environments(e *portal.Entity) []Environment {
	var views []Environment
	add := func(env catalog.Environment, title string) {
		v := Environment{Title: title, Region: env.Region, name: env.Name.Text}
		if env.URL != "" {
			v.URL = Link{Text: strings.TrimPrefix(env.URL, "https://"), Href: env.URL}
		}
		v.Asked, v.watched = isAsked(env, "deployments"), isAsked(env, "health")
		for _, s := range env.Sources {
			v.Facts = append(v.Facts, Fact{Title: catalog.Sentence(s.Key), Values: []Link{{Text: providerName(s.Value)}}})
		}
		for _, link := range e.Links {
			if link.Environment == env.Name.Text {
				v.Links = append(v.Links, Link{Text: link.Title, Href: link.URL.Text})
			}
		}
		views = append(views, v)
	}
	declared := map[string]bool{}
	for _, name := range l.Catalog.Config.Environments {
		declared[name.Name] = true
		for _, env := range e.Deployed {
			if env.Name.Text == name.Name {
				add(env, name.Title)
			}
		}
	}
	for _, env := range e.Deployed {
		if !declared[env.Name.Text] {
			add(env, env.Name.Text)
		}
	}
	return views
}

// extras is what stands at the end of every page about an entity.
func (l *planner) extras(e *portal.Entity) Extras {
	x := Extras{
		Documents: l.documentGroups(e),
		Contacts:  l.contacts(e),
		Fields:    l.ownFields(e),
		Links:     l.links(e),
		Metadata:  metadata(e),
		Findings:  l.viewFindings(e.Page(), e.Findings),
		Changed:   l.changed(e.Path),
	}
	if to := l.EditURL(diag.Span{File: e.Span.File, Start: e.Span.Start}); to != "" {
		x.Edit = Link{Text: "Edit this entry", Href: to}
	}
	return x
}

func (l *planner) documentGroups(e *portal.Entity) []DocumentGroup {
	var groups []DocumentGroup
	for _, k := range documentKinds {
		g := DocumentGroup{Title: k.plural, ID: "sp-" + k.folder}
		all := documentsOf(e, k)
		for _, d := range all[:min(len(all), mostDocuments)] {
			g.Rows = append(g.Rows, l.documentRow(e.Page(), d))
		}
		if len(all) > mostDocuments {
			g.More = Link{Text: fmt.Sprintf("All %d", len(all)), Href: href(e.Page(), listPath(aboutFolder(k, e), 1))}
		}
		if len(g.Rows) > 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

// mostDocuments is how many documents of a kind the page of an entity shows; all of them have
// a list of their own then.
const mostDocuments = 50

// documentsOf returns the documents of a kind that have a page, of those about an entity.
func documentsOf(e *portal.Entity, k documentKind) []*docs.Document {
	var all []*docs.Document
	for _, d := range e.Documents {
		if d.Kind == k.kind && d.Page != "" {
			all = append(all, d)
		}
	}
	return all
}

// aboutFolder is where the list of all documents of a kind about an entity lies.
func aboutFolder(k documentKind, e *portal.Entity) string { return k.folder + "/-/about/" + e.Folder() }

func (l *planner) documentRow(from string, d *docs.Document) DocumentRow {
	return DocumentRow{
		Link:     Link{Text: d.Title, Href: href(from, d.Page)},
		Summary:  l.Summary(d),
		Facts:    documentFacts(d),
		Verified: frontDate(d, "lastVerified"),
		Overdue:  overdue(d, l.Day),
	}
}

// contacts are named people and ways with their roles; maintainers first.
func (l *planner) contacts(e *portal.Entity) []Contact {
	var all []Contact
	for _, r := range e.Outgoing(catalog.MaintainedBy) {
		all = append(all, l.contact(e, r, "Maintainer"))
	}
	for _, r := range e.Outgoing(catalog.HasContact) {
		all = append(all, l.contact(e, r, capital(r.Role)))
	}
	for _, c := range e.Contacts {
		to := place(e.Page(), l.wayPlace(c.Way))
		if c.Name != "" {
			to.Text = c.Name
		}
		all = append(all, Contact{Role: capital(c.Role), Link: to, Note: c.Note})
	}
	return all
}

// contact is somebody whom an entity names; also one who is not there any more, since
// to leave them out would hide that a name is to be changed.
func (l *planner) contact(e *portal.Entity, r *catalog.Relation, role string) Contact {
	c := Contact{Role: role, Note: r.Note, Link: Link{Text: r.Text}, Problem: "does not exist"}
	if r.To != nil {
		c.Link, c.Problem = linkTo(e.Page(), r.To), ""
	}
	if l.HasLeft(r.To) {
		c.Problem = "has left"
	}
	return c
}

// wayPlace reads a way to somebody: an e-mail address, a channel or a URL.
func (l *planner) wayPlace(way string) portal.Place {
	if strings.Contains(way, "@") && !strings.Contains(way, ":") {
		return portal.Place{Text: way, URL: "mailto:" + way}
	}
	return l.ChannelPlace(way)
}

func (l *planner) ownFields(e *portal.Entity) []Fact {
	var facts []Fact
	for _, f := range e.Fields {
		fact := Fact{Title: f.Field.Title, Help: f.Field.Description}
		for _, text := range f.Texts() {
			fact.Values = append(fact.Values, Link{Text: text})
		}
		if len(fact.Values) > 0 {
			facts = append(facts, fact)
		}
	}
	return append(facts, specFacts(e)...)
}

// specFacts are the own keys of an entity of one of the organisation's own kinds.
func specFacts(e *portal.Entity) []Fact {
	var facts []Fact
	for _, key := range e.Spec.Children() {
		if texts := catalog.Texts(key.Value()); len(texts) > 0 {
			facts = append(facts, Fact{Title: catalog.Sentence(key.Name()), Values: []Link{{Text: strings.Join(texts, ", ")}}})
		}
	}
	return facts
}

func (l *planner) links(e *portal.Entity) []LinkRow {
	var rows []LinkRow
	titles := map[string]string{}
	for _, env := range l.Catalog.Config.Environments {
		titles[env.Name] = env.Title
	}
	for _, link := range e.Links {
		rows = append(rows, LinkRow{
			Link: Link{Text: link.Title, Href: link.URL.Text}, Type: link.Type, Environment: titles[link.Environment],
		})
	}
	if e.Definition.Written() {
		rows = append(rows, LinkRow{Link: l.definition(e), Type: "definition"})
	}
	return rows
}

// definition leads to the specification of an API, in the repository if it is a file.
func (l *planner) definition(e *portal.Entity) Link {
	text := e.Definition.Text
	if strings.Contains(text, "://") {
		return Link{Text: "Definition", Href: text}
	}
	file := strings.TrimSuffix(e.Span.File, pathBase(e.Span.File)) + strings.TrimPrefix(text, "./")
	return Link{Text: text, Href: l.ViewURL(diag.Span{File: file})}
}

// capital writes a word as at the beginning of a sentence.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return ""
	}
	return string(unicode.ToUpper(first)) + text[size:]
}

func pathBase(p string) string { return p[strings.LastIndexByte(p, '/')+1:] }

func metadata(e *portal.Entity) []Fact {
	var facts []Fact
	add := func(title, text string) {
		if text != "" {
			facts = append(facts, Fact{Title: title, Values: []Link{{Text: text}}})
		}
	}
	for _, p := range e.Labels {
		add(p.Key, p.Value)
	}
	for _, p := range e.Annotations {
		add(p.Key, p.Value)
	}
	add("Imported from", e.Origin)
	return facts
}

// changed is the last commit that touched a file of the catalog.
func (l *planner) changed(file string) *Change {
	c, ok := l.ChangeOf(file)
	if !ok {
		return nil
	}
	return &Change{When: c.When, Author: c.Author, Commit: Link{
		Text: c.Commit[:min(len(c.Commit), 7)], Href: l.CommitURL(c.Commit),
	}}
}

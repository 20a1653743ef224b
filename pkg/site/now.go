package site

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// What the page for whoever is called shows at most: one screen of a phone, and 20 KB. The
// page of the entity has the rest.
const (
	nowAlarms      = 3
	nowPlaces      = 3
	nowRunbooks    = 3
	nowPostmortems = 3
	nowPlaybooks   = 2
	nowShifts      = 48  // of the rotation; until the last of them the page knows who is on call
	nowText        = 120 // letters of a text that a live system or a document says
	nowAddress     = 300 // bytes of an address
	mostAsked      = 3   // live systems that are named where nothing is wrong
)

// pagedFact leads from the page of a service to that for whoever is called about it.
func (l *planner) pagedFact(e *portal.Entity) []Fact {
	page := l.NowPage(e)
	if page == "" {
		return nil
	}
	return []Fact{{Title: "Paged?", Values: []Link{{Text: "On-call view", Href: href(e.Page(), page)}}}}
}

// now works out the page for whoever is called about an entity at night.
func (l *planner) now(e *portal.Entity) Page {
	from := l.NowPage(e)
	v := NowView{
		Head:    l.nowHead(from, e),
		Post:    l.nowPost(from, e),
		Full:    href(from, e.Page()),
		Watched: len(l.Snapshots) > 0,
	}
	v.Runbooks, v.NoRunbook = l.nowRunbooks(from, e), l.Asks("runbook")
	l.nowPlaybooks(&v, from, e)
	v.Postmortems, v.NoPostmortem = l.lastPostmortems(from, e), l.HasDocuments(docs.Postmortem)
	if v.Watched {
		l.nowAlarms(&v, from, e)
		l.nowPlaces(&v, from, e)
	}
	return Page{
		Path: from, Template: "now.html", Title: e.DisplayName() + ": on-call view", Section: listPath(e.Kind.Plural, 1),
		Description: "Who is on call for " + e.DisplayName() + ", what is wrong, what runs, and what to do.", Data: v,
	}
}

func (l *planner) nowHead(from string, e *portal.Entity) Head {
	h := Head{Kind: "On-call view", Title: e.DisplayName()}
	h.Live, _ = l.livePart(e)
	h.Facts = append(h.Facts, Fact{Title: "Tier", Help: tierHelp[e.Tier], Values: []Link{{Text: strconv.Itoa(e.Tier)}}})
	if word := e.Lifecycle.Text; lifecycleStates[word] != "" {
		h.Facts = append(h.Facts, Fact{Title: "Lifecycle", State: lifecycleStates[word], Values: []Link{{Text: word}}})
	}
	h.Facts = append(h.Facts, Fact{Title: "More", Values: []Link{{Text: "the whole page", Href: href(from, e.Page())}}})
	return h
}

// nowPost is whom to call and where to write; the owner only where nobody is on call.
func (l *planner) nowPost(from string, e *portal.Entity) Post {
	post := l.postAway(from, e)
	wanted := []string{"oncall", "oncall-next", "page", "channel", "email"}
	if !slices.ContainsFunc(post.Blades, func(b Blade) bool { return b.Answer == "oncall" && b.Missing == "" }) {
		wanted = append(wanted, "owner")
	}
	post.Blades = slices.DeleteFunc(post.Blades, func(b Blade) bool { return !slices.Contains(wanted, b.Answer) })
	for i := range post.Blades {
		b := &post.Blades[i]
		b.Text, b.Note = brief(b.Text), brief(b.Note)
		if b.OnCall != nil && len(b.OnCall.Shifts) > nowShifts {
			few := *b.OnCall // others show it too
			few.Shifts = few.Shifts[:nowShifts]
			b.OnCall = &few
		}
	}
	return post
}

// nowAlarms are the worst of what is wrong, and whom it was asked of.
func (l *planner) nowAlarms(v *NowView, from string, e *portal.Entity) {
	if e.Live != nil {
		v.Alarms = l.alarms(from, e)
	}
	if more := len(v.Alarms) - nowAlarms; more > 0 {
		v.Alarms = v.Alarms[:nowAlarms]
		v.MoreAlarms = Link{Text: strconv.Itoa(more) + " more", Href: v.Full + "#sp-now"}
	}
	for i := range v.Alarms {
		a := &v.Alarms[i]
		a.Title = v.bounded(a.Title, "#sp-now")
		a.Facts, a.Text = brief(a.Facts), brief(a.Text)
		a.Runbooks = nil // they have a section of their own
		a.Responders = slices.Clone(a.Responders[:min(len(a.Responders), nowAlarms)])
		for n := range a.Responders {
			a.Responders[n].Text = brief(a.Responders[n].Text)
		}
	}
	v.Asked, v.MoreAsked = l.asked(from, e)
}

// bounded is a link that is not too long for the page; what is longer stands in a part of the
// entity's own page.
func (v *NowView) bounded(link Link, part string) Link {
	link.Text = brief(link.Text)
	if len(link.Href) > nowAddress {
		link.Href = v.Full + part
	}
	return link
}

// asked are the systems that tell of incidents and alerts, with the age of what they say, so
// that "none is known" can be judged; first those that could not be read. e is what they are
// asked about, or nil.
func (l *planner) asked(from string, e *portal.Entity) (asked []Told, more Link) {
	var about snapshot.About
	if e != nil {
		about.Entity = e.Ref.String()
	}
	for _, by := range l.Watching() {
		about.Observed = by.Fetched
		asked = append(asked, told(by, about))
	}
	slices.SortStableFunc(asked, func(a, b Told) int { return b.Failing.Compare(a.Failing) })
	if n := len(asked) - mostAsked; n > 0 {
		asked, more = asked[:mostAsked], Link{Text: strconv.Itoa(n) + " more", Href: href(from, healthPage) + "#sp-providers"}
	}
	return asked, more
}

// nowPlaces are the first environments of signpost.yaml in which the entity runs.
func (l *planner) nowPlaces(v *NowView, from string, e *portal.Entity) {
	v.Places = slices.DeleteFunc(l.livePlaces(from, e, l.environments(e)), func(p Environment) bool { return !p.Live })
	if more := len(v.Places) - nowPlaces; more > 0 {
		v.Places = v.Places[:nowPlaces]
		v.MorePlaces = Link{Text: strconv.Itoa(more) + " more", Href: v.Full + "#sp-environments"}
	}
	for i := range v.Places {
		p := &v.Places[i]
		for _, d := range []*Deployed{p.Running, p.Attempt, p.Before} {
			if d != nil {
				d.Version, d.Log = v.bounded(d.Version, "#sp-environments"), v.bounded(d.Log, "#sp-environments")
				d.By.Text, d.Note = brief(d.By.Text), brief(d.Note)
			}
		}
		if p.Before != nil && p.Running != nil && strings.HasSuffix(p.Running.Note, " "+p.Before.Version.Text) {
			p.Before = nil // the note says it
		}
		for _, d := range []*Deployed{p.Running, p.Attempt} {
			if d != nil {
				v.Sources = addSource(v.Sources, d.Told)
			}
		}
		// The worst stands for all.
		slices.SortStableFunc(p.Health, func(a, b HealthFact) int { return rank(a.State) - rank(b.State) })
		p.Health = p.Health[:min(len(p.Health), 1)]
		for n := range p.Health {
			p.Health[n].Message = brief(p.Health[n].Message)
			v.Sources = addSource(v.Sources, p.Health[n].Told)
		}
	}
}

// addSource adds who tells a fact, if it is not among those who have told others; as old as
// the oldest of what it tells.
func addSource(all []Told, t Told) []Told {
	if t.Source.Text == "" {
		return all // of a fact that says itself that nothing is known
	}
	t.Source.Href = ""
	i := slices.IndexFunc(all, func(known Told) bool { return known.Source == t.Source })
	switch {
	case i < 0:
		return append(all, t)
	case t.By == "" && (all[i].By != "" || t.When.Before(all[i].When)): // older than the last reading
		all[i] = t
	}
	return all
}

// nowRunbooks are the runbooks that match what is firing, and after them the main one.
func (l *planner) nowRunbooks(from string, e *portal.Entity) []NowRunbook {
	var rows []NowRunbook
	add := func(link Link, why string) {
		link.Text = brief(link.Text)
		page, _, _ := strings.Cut(link.Href, "#")
		known := slices.ContainsFunc(rows, func(r NowRunbook) bool { to, _, _ := strings.Cut(r.Link.Href, "#"); return to == page })
		if len(link.Href) <= nowAddress && !known {
			rows = append(rows, NowRunbook{Link: link, For: brief(why)})
		}
	}
	if e.Live != nil {
		for _, a := range e.Live.Alerts {
			if s, ok := alertState(a.Fact); ok && s.State != Unknown {
				for _, link := range l.runbooks(from, e, a.Fact) {
					add(link, "for "+a.Fact.Name)
				}
			}
		}
	}
	rows = rows[:min(len(rows), nowRunbooks)]
	if r, ok := l.Runbook(e); ok {
		add(place(from, r), "main runbook")
	}
	return rows
}

// nowPlaybooks are the nearest playbooks for an entity, in one line.
func (l *planner) nowPlaybooks(v *NowView, from string, e *portal.Entity) {
	for _, b := range l.Playbooks(e) {
		link := documentLink(from, b.Document)
		if len(link.Href) > nowAddress {
			continue
		}
		if len(v.Playbooks) == nowPlaybooks {
			v.MorePlaybooks = Link{Text: "more", Href: v.Full + "#sp-playbooks"}
			return
		}
		link.Text = brief(link.Text)
		v.Playbooks = append(v.Playbooks, link)
	}
}

// lastPostmortems are the postmortems of an entity that were written last.
func (l *planner) lastPostmortems(from string, e *portal.Entity) []Precedent {
	var rows []Precedent
	for _, d := range l.Postmortems(e) {
		if len(rows) == nowPostmortems {
			break
		}
		link := documentLink(from, d)
		link.Text = brief(link.Text)
		rows = append(rows, Precedent{Link: link, When: dateOf(d)})
	}
	return rows
}

// brief cuts a text that others have written.
func brief(text string) string {
	if utf8.RuneCountInString(text) <= nowText {
		return text
	}
	return strings.TrimSpace(string([]rune(text)[:nowText-1])) + "…"
}

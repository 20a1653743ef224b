package site

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/pkg/natural"
	"github.com/signpost-dev/signpost/pkg/portal"
)

// What the home page shows at most, so that it does not grow with the catalog.
const (
	homeOnCall  = 12
	homeWrong   = 8
	homeDomains = 24
	homeSystems = 12
	homeTeams   = 200
	homeChanges = 8
)

// home works out the first page.
func (l *planner) home() Page {
	c := l.Catalog.Config
	v := HomeView{
		Title: c.Title, Description: c.Description, Search: searchPage, Hint: l.hint(),
		Counts: l.counts(homePage), Now: l.happening(), OnCall: l.homeOnCall(), Domains: l.domains(), Teams: l.homeTeams(),
		Changes: l.changes(), Health: countFindings(l.Findings, healthPage),
	}
	if n := l.happened().Total; n > 0 {
		v.Timeline = Link{Text: fmt.Sprintf("%d %s", n, plural(n, "event")), Href: timelinePath(timelineBase, 1)}
	}
	if v.Title == "" {
		v.Title = "Catalog"
	}
	if len(l.Entities) == 0 {
		v.Start = []string{
			"signpost init catalog",
			"signpost check catalog",
			"signpost serve catalog",
		}
	}
	return Page{Path: homePage, Template: "home.html", Title: "", Description: c.Description, Data: v}
}

// hint names what may be searched for: "A service, a team, a runbook".
func (l *planner) hint() string {
	var words []string
	for _, name := range []string{"service", "team", "person"} {
		if len(l.OfKind(name)) > 0 {
			words = append(words, "a "+name)
		}
	}
	if l.HasDocuments(docs.Runbook) {
		words = append(words, "a runbook")
	}
	return capital(strings.Join(words, ", "))
}

// counts says what there is: 42 services, 9 teams, 30 runbooks.
func (l *planner) counts(from string) []Count {
	var counts []Count
	for _, k := range l.Catalog.Kinds {
		if n := len(l.Catalog.OfKind(k.Name)); n > 0 {
			name := k.TitlePlural
			if n == 1 {
				name = k.Title
			}
			counts = append(counts, Count{Text: lowerTitle(name), N: n, Href: href(from, listPath(k.Plural, 1))})
		}
	}
	for _, k := range documentKinds {
		if n := len(l.DocumentsOf(k.kind)); n > 0 {
			name := k.plural
			if n == 1 {
				name = k.title
			}
			counts = append(counts, Count{Text: lowerTitle(name), N: n, Href: href(from, listPath(k.folder, 1))})
		}
	}
	return counts
}

// lowerTitle writes a title inside a sentence; an abbreviation stays as it is.
func lowerTitle(title string) string {
	if len(title) > 1 && title[1] >= 'A' && title[1] <= 'Z' {
		return title
	}
	return strings.ToLower(title)
}

// homeOnCall are the rotations and the systems outside that answer for services of
// tier 1.
func (l *planner) homeOnCall() []HomeOnCall {
	answers := map[*catalog.Rotation][]*portal.Entity{}
	for _, e := range l.OfKind("service") {
		if found := l.OnCall(e); e.Tier == 1 && found != nil && found.Plan != nil {
			answers[found.Plan] = append(answers[found.Plan], e)
		}
	}
	var views []HomeOnCall
	for _, r := range l.Catalog.Rotations {
		services := answers[r]
		if len(services) == 0 || len(views) == homeOnCall {
			continue
		}
		v := HomeOnCall{OnCall: l.onCall(homePage, r), Href: href(homePage, r.Team.Page()+"#"+rotationID(r))}
		for _, e := range services[:min(len(services), homeSystems)] {
			v.For = append(v.For, linkTo(homePage, e.Entity))
		}
		views = append(views, v)
	}
	return append(views, l.homeOutside()...)
}

// homeOutside are the systems outside that know who is on call for services of tier 1: by
// schedule where they have told who that is, or else by where they page somebody.
func (l *planner) homeOutside() []HomeOnCall {
	var views []HomeOnCall
	var of []string
	for _, e := range l.OfKind("service") {
		found := l.OnCall(e)
		if e.Tier != 1 || found == nil || found.Plan != nil || found.Provider == "" {
			continue
		}
		v, key := l.homeSchedule(e, found)
		i := slices.Index(of, key)
		if i < 0 {
			if i = len(views); i == homeOnCall {
				break
			}
			views, of = append(views, v), append(of, key)
		}
		if len(views[i].For) < homeSystems {
			views[i].For = append(views[i].For, linkTo(homePage, e.Entity))
		}
	}
	return views
}

// homeSchedule is who is on call for an entity by a system outside, with what tells it from
// others.
func (l *planner) homeSchedule(e *portal.Entity, found *portal.OnCall) (v HomeOnCall, key string) {
	v = HomeOnCall{Provider: providerName(found.Provider), Href: found.Page}
	all := portal.LevelsOf(e, found)
	if len(all) == 0 {
		return v, "ask\x00" + v.Provider + "\x00" + v.Href
	}
	var b Blade
	l.outsideOnCall(&b, homePage, all[0])
	if title := all[0].Fact.Title; title != "" {
		v.Provider = title + " (" + v.Provider + ")"
	}
	v.Who, v.Note, v.Told, v.OnCall = b.Text, b.Note, b.Told, b.OnCall
	v.Href = cmp.Or(b.Href, v.Href)
	return v, "told\x00" + all[0].By.Name + "\x00" + all[0].Fact.Entity + "\x00" + all[0].Fact.ID
}

// domains are the domains with their systems, then systems without a domain.
func (l *planner) domains() []HomeDomain {
	inDomain := map[*catalog.Entity]int{}
	inSystem := map[*catalog.Entity]int{}
	for _, e := range l.Entities {
		if s := e.System(); s != nil {
			inSystem[s]++
			inDomain[e.Domain()]++
		}
	}
	systems := map[*catalog.Entity][]*portal.Entity{}
	for _, s := range l.OfKind("system") {
		systems[s.Domain()] = append(systems[s.Domain()], s)
	}
	var views []HomeDomain
	add := func(link Link, domain *catalog.Entity) {
		v := HomeDomain{Link: link, N: inDomain[domain]}
		all := systems[domain]
		slices.SortStableFunc(all, func(a, b *portal.Entity) int { return cmp.Compare(inSystem[b.Entity], inSystem[a.Entity]) })
		for _, s := range all[:min(len(all), homeSystems)] {
			v.Systems = append(v.Systems, Count{Text: s.DisplayName(), N: inSystem[s.Entity], Href: href(homePage, s.Page())})
		}
		views = append(views, v)
	}
	for _, d := range l.OfKind("domain") {
		if len(views) < homeDomains && (len(systems[d.Entity]) > 0 || inDomain[d.Entity] > 0) {
			add(linkTo(homePage, d.Entity), d.Entity)
		}
	}
	if len(systems[nil]) > 0 && len(views) > 0 {
		add(Link{Text: "Without a domain"}, nil)
	} else if len(systems[nil]) > 0 {
		add(Link{Text: "Systems", Href: listPath("systems", 1)}, nil)
	}
	return views
}

// homeTeams are the choices of "your team".
func (l *planner) homeTeams() []HomeTeam {
	var views []HomeTeam
	for _, t := range l.OfKind("team") {
		own, below := l.Owned(t)
		views = append(views, HomeTeam{Ref: qualified(t.Entity), Link: linkTo(homePage, t.Entity), N: len(own) + len(below)})
	}
	slices.SortStableFunc(views, func(a, b HomeTeam) int {
		return natural.Compare(a.Link.Text, b.Link.Text)
	})
	return views[:min(len(views), homeTeams)]
}

// changes are the entities that changed last.
func (l *planner) changes() []HomeChange {
	type dated struct {
		entity *portal.Entity
		change *Change
	}
	var all []dated
	for _, e := range l.Entities {
		if c := l.changed(e.Path); c != nil {
			all = append(all, dated{e, c})
		}
	}
	slices.SortStableFunc(all, func(a, b dated) int { return b.change.When.Compare(a.change.When) })
	var views []HomeChange
	for _, d := range all[:min(len(all), homeChanges)] {
		views = append(views, HomeChange{
			Link: linkTo(homePage, d.entity.Entity), Kind: d.entity.Kind.Title, Change: *d.change,
		})
	}
	return views
}

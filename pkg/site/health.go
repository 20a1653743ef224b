package site

import (
	"fmt"
	"strconv"
	"time"

	"github.com/signpost-dev/signpost/pkg/check"
	"github.com/signpost-dev/signpost/pkg/portal"
)

// healthFindings is how many findings the health page lists; `check` prints all.
const healthFindings = 500

// health works out the page about the catalog itself.
func (l *planner) health() Page {
	v := HealthView{
		Counts:   countFindings(l.Findings, ""),
		Coverage: l.coverage(),
		Build:    l.buildFacts(),
		Rules:    href(healthPage, rulesPage),
	}
	v.Providers = l.providers()
	if n := len(unmatched(l.Portal)); n > 0 {
		v.Unmatched = Link{Text: count(n, "thing without a match", "things without a match"), Href: href(healthPage, unmatchedPage)}
	}
	v.Findings = l.viewFindings(healthPage, l.Findings)
	if more := len(v.Findings) - healthFindings; more > 0 {
		v.Findings = append(v.Findings[:healthFindings], Finding{
			State: Noted, Word: "info",
			Message: fmt.Sprintf("%d more findings are not listed here; `signpost check` prints all", more),
		})
	}
	return Page{
		Path: healthPage, Template: "health.html", Title: "Health of the catalog",
		Description: "What is wrong with the catalog, how complete it is, and how old its data is.", Data: v,
	}
}

func (l *planner) buildFacts() []Fact {
	var facts []Fact
	add := func(title string, link Link) {
		if link.Text != "" {
			facts = append(facts, Fact{Title: title, Values: []Link{link}})
		}
	}
	day, _ := time.Parse(time.DateOnly, l.facts.Day)
	add("Built for", Link{Text: day.Format(dayLong)})
	if c := l.facts.Commit; c != "" {
		add("Commit", Link{Text: c[:min(len(c), 7)], Href: l.CommitURL(c)})
	}
	add("Signpost", Link{Text: l.facts.Version})
	add("Entities", Link{Text: strconv.Itoa(len(l.Entities))})
	if l.facts.Shallow {
		add("History", Link{Text: "cut off: the checkout is shallow, so pages do not say when they changed (fetch-depth: 0)"})
	}
	return facts
}

// coverage says of how many entities there is an answer to a question that the
// catalog answers at all.
func (l *planner) coverage() []Coverage {
	questions := []struct {
		title, answer, kind string
	}{
		{"Services with an owner", "owner", "service"},
		{"Services with on-call", "oncall", "service"},
		{"Services with a channel", "channel", "service"},
		{"Services with a runbook", "runbook", "service"},
		{"Services with a repository", "repo", "service"},
		{"Resources with an owner", "owner", "resource"},
		{"APIs with an owner", "owner", "api"},
	}
	var views []Coverage
	for _, q := range questions {
		entities := l.OfKind(q.kind)
		if len(entities) == 0 || !l.Asks(q.answer) {
			continue
		}
		c := Coverage{Title: q.title, Of: len(entities)}
		for _, e := range entities {
			if !lacks(l.Gaps(e), q.answer) {
				c.Have++
			}
		}
		if c.Have < c.Of {
			c.Href = href(healthPage, listPath(entities[0].Kind.Plural, 1)) + "#gap=" + q.answer
		}
		views = append(views, c)
	}
	return views
}

func lacks(gaps []portal.Gap, answer string) bool {
	for _, g := range gaps {
		if g.Answer == answer {
			return true
		}
	}
	return false
}

// rules works out the reference of all rules.
func (l *planner) rules() Page {
	var v RulesView
	settings := check.Severities(l.Catalog)
	for _, r := range check.Sorted() {
		v.Rules = append(v.Rules, Rule{
			Code: r.Code, Title: r.Title, Doc: r.Doc,
			Word: settings[r.Code].String(), State: states[settings[r.Code]],
			Locked: r.Ownership || r.Fixed, N: l.findings[r.Code],
		})
	}
	return Page{Path: rulesPage, Template: "rules.html", Title: "Rules", Description: "What the check demands of a catalog, and why.", Data: v}
}

// search works out the page of full search results.
func (l *planner) search() Page {
	return Page{
		Path: searchPage, Template: "search.html", Title: "Search", Section: searchPage,
		Data: SearchView{Lists: l.counts(searchPage)},
	}
}

// notFound works out the page for addresses that do not exist. Web servers show
// it at any depth, so its links begin at the root of the host.
func (l *planner) notFound() Page {
	base := basePath(l.baseURL)
	v := NotFoundView{Home: base + homePage, Search: base + searchPage}
	for _, n := range SiteOf(l.Portal, l.baseURL).Nav {
		v.Lists = append(v.Lists, Link{Text: n.Title, Href: base + n.Path})
	}
	return Page{Path: notFoundPage, Template: "notfound.html", Title: "Not found", Rooted: true, Data: v}
}

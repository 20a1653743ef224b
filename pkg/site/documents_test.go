package site

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/signpost-dev/signpost/pkg/portal"
)

const shelves = bare + `-- people.yaml --
apiVersion: signpost.dev/v1
kind: person
name: ada
title: Ada
memberOf: [core]
-- s.yaml --
apiVersion: signpost.dev/v1
kind: system
name: s
owner: core
-- web/service.yaml --
apiVersion: signpost.dev/v1
kind: service
name: web
title: Web
owner: core
system: s
tier: 1
documents:
  - {title: In the wiki, url: "https://wiki.example/1?a=b", summary: Long ago., kind: runbook, lastVerified: 2026-01-01, reviewEvery: 1m}
-- web/runbooks/down.md --
---
when: nothing answers
timeNeeded: 20 minutes
rights: [root]
lastVerified: 2026-05-01
---
# Down
-- web/adr/0001-old.md --
# 1. Old

## Status

Accepted
-- web/adr/0002-new.md --
---
title: New
date: 2026-03-04
supersedes: 1
---
-- web/postmortems/p.md --
---
actions:
  - {title: Done, owner: "person:ada", due: 2026-01-01, done: true}
  - {title: Soon, owner: "person:ada", due: 2026-12-24, link: "https://tickets.example/1"}
  - {title: Late, owner: "team:core", due: 2026-11-22, link: "javascript:alert(1)"}
---
# It fell over
-- other.yaml --
apiVersion: signpost.dev/v1
kind: team
name: other
-- other/playbooks/any.md --
---
about: [team:other]
everyone: true
---
# Any incident
-- web/guides/01.md --
# One
-- web/guides/02.md --
---
order: 9
---
# Two
-- web/guides/10.md --
---
order: 1
---
# Ten
`

// documentPages draws the pages of documents.
func documentPages(t *testing.T, p *portal.Portal) map[string]*html.Node {
	pages, drawn := NewDocumentPages(p), map[string]*html.Node{}
	for _, d := range p.Documents {
		drawn[d.Page] = draw(t, newTestRenderer(t), pages.Page(d, "", nil, nil))
	}
	return drawn
}

// cells returns the texts of the cells of a table, row by row.
func cells(part *html.Node) [][]string {
	var rows [][]string
	for _, row := range elements(elements(part, tag("tbody"))[0], tag("tr")) {
		rows = append(rows, texts(row, tag("td")))
	}
	return rows
}

// Both decisions say which replaces which, though only one of them has written it.
func TestSupersededOnBothPages(t *testing.T) {
	pages := documentPages(t, portalOf(t, shelves))
	old := pages["services/web/adr/0001-old.html"]
	notice := elements(old, class("notice"))[0]
	if got := text(notice); got != "Superseded by New. Read what holds now" {
		t.Errorf("the old one says %q", got)
	}
	if got := attribute(elements(notice, tag("a"))[0], "href"); got != "0002-new.html" {
		t.Errorf("it leads to %s", got)
	}
	if facts := text(elements(old, class("facts"))[0]); !strings.Contains(facts, "superseded") || strings.Contains(facts, "accepted") {
		t.Errorf("the facts of the old one are %q", facts)
	}
	facts := text(elements(pages["services/web/adr/0002-new.html"], class("facts"))[0])
	for _, want := range []string{"Decision 2", "4 March 2026", "1. Old"} {
		if !strings.Contains(facts, want) {
			t.Errorf("the facts of the new one are %q, without %q", facts, want)
		}
	}
}

func TestDecisionLog(t *testing.T) {
	page := drawPages(t, shelves)
	want := [][]string{{"New", "2", "Web", "", "4 Mar 2026"}, {"Old", "1", "Web", "superseded", ""}}
	if d := cmp.Diff(want, cells(elements(page("systems/s.html"), with("id", "sp-decisions"))[0])); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if n := len(elements(page("services/web.html"), with("id", "sp-decisions"))); n != 0 {
		t.Error("a service has a log")
	}
}

// Actions stand on the postmortem, with the team, and in a list; links of documents lead to
// web addresses only.
func TestActions(t *testing.T) {
	p := portalOf(t, shelves)
	postmortem := elements(documentPages(t, p)["services/web/postmortems/p.html"], with("id", "sp-actions"))[0]
	want := [][]string{{"Late", "Overdue", "22 Nov 2026", "core"}, {"Soon", "Open", "24 Dec 2026", "Ada"}, {"Done", "Done", "1 Jan 2026", "Ada"}}
	if d := cmp.Diff(want, cells(postmortem)); d != "" {
		t.Errorf("on the postmortem (-want +got):\n%s", d)
	}
	var links []string
	for _, a := range elements(postmortem, tag("a")) {
		links = append(links, attribute(a, "href"))
	}
	if d := cmp.Diff([]string{"../../../teams/core.html", "https://tickets.example/1", "../../../people/ada.html", "../../../people/ada.html"}, links); d != "" {
		t.Errorf("links (-want +got):\n%s", d)
	}
	page := drawPages(t, shelves)
	team := cells(elements(page("teams/core.html"), with("id", "sp-actions"))[0])
	if len(team) != 2 || !strings.HasPrefix(team[0][0], "Late") || !strings.HasSuffix(team[0][0], "It fell over") || team[1][1] != "Open" {
		t.Errorf("the team has %q", team)
	}
	if all := cells(page("postmortems/-/actions/index.html")); len(all) != 2 || all[1][3] != "Ada" {
		t.Errorf("the list has %q", all)
	}
}

// A page of a team with many actions stays small, and leads to the others.
func TestManyActionsAndDocuments(t *testing.T) {
	var b strings.Builder
	b.WriteString(shelves + "-- web/postmortems/many.md --\n---\nactions:\n")
	for i := range 60 {
		fmt.Fprintf(&b, "  - {title: Do %d, due: 2027-01-01}\n", i)
	}
	b.WriteString("---\n# Many\n")
	for i := range 120 {
		fmt.Fprintf(&b, "-- web/guides/more/g%d.md --\n# G%[1]d\n-- web/adr/1%03[1]d-d.md --\n# D\n", i)
	}
	page := drawPages(t, b.String())
	actions := elements(page("teams/core.html"), with("id", "sp-actions"))[0]
	if n := len(cells(actions)); n != maxActions || !strings.Contains(text(actions), "All 62") {
		t.Errorf("%d of 62 actions on the page, %q", n, text(actions)[:60])
	}
	if n := len(cells(page("teams/core/-/actions/-/2.html"))); n != 12 {
		t.Errorf("the second page of actions has %d", n)
	}
	guides := elements(page("services/web.html"), with("id", "sp-guides"))[0]
	if rows := elements(guides, tag("li")); len(rows) != maxDocuments+1 || text(rows[maxDocuments]) != "73 more" {
		t.Errorf("%d guides on the page", len(rows))
	}
	if n := len(cells(page("services/web/-/guides/-/3.html"))); n != 23 {
		t.Errorf("the third page of guides has %d", n)
	}
	log := elements(page("systems/s.html"), with("id", "sp-decisions"))[0]
	if n := len(cells(log)); n != maxDecisions {
		t.Errorf("%d decisions on the page", n)
	}
	if n := len(cells(page("systems/s/-/decisions/-/3.html"))); n != 22 {
		t.Errorf("the third page of the log has %d", n)
	}
}

// A runbook says what it takes. One that was rehearsed more than 180 days ago says so.
func TestRunbookSaysWhatItTakes(t *testing.T) {
	page := documentPages(t, portalOf(t, shelves))["services/web/runbooks/down.html"]
	if got := text(elements(page, class("lead"))[0]); got != "Use this when nothing answers" {
		t.Errorf("the lead is %q", got)
	}
	facts := text(elements(page, class("facts"))[0])
	for _, want := range []string{"Takes 20 minutes", "Needs root", "Last rehearsed"} {
		if !strings.Contains(facts, want) {
			t.Errorf("the facts are %q, without %q", facts, want)
		}
	}
	if got := text(elements(page, class("notice"))[0]); !strings.HasPrefix(got, "Its review was due 28 Oct 2026") {
		t.Errorf("the notice is %q", got)
	}
}

// What is in another wiki is listed with the others and marked, and leads there.
func TestDocumentsElsewhere(t *testing.T) {
	p := portalOf(t, shelves)
	page := drawPages(t, shelves)
	for _, row := range []*html.Node{
		elements(elements(page("services/web.html"), with("id", "sp-runbooks"))[0], tag("li"))[1],
		elements(elements(page("runbooks/index.html"), tag("tbody"))[0], tag("tr"))[1],
	} {
		link := elements(row, tag("a"))[0]
		if attribute(link, "href") != "https://wiki.example/1?a=b" || attribute(link, "rel") == "" {
			t.Errorf("the link is %v", link.Attr)
		}
		for _, want := range []string{"In the wiki", "on wiki.example", "Long ago."} {
			if !strings.Contains(text(row), want) {
				t.Errorf("the row %q does not say %q", text(row), want)
			}
		}
		if len(elements(row, class("warning"))) != 1 {
			t.Errorf("the row %q does not say that its review is due", text(row))
		}
	}
	found := searchElsewhere(p)
	if len(found) != 1 || found[0].URL != "https://wiki.example/1?a=b" || found[0].Sections[0].Text != "Long ago. On wiki.example." {
		t.Errorf("search knows %+v", found)
	}
}

// A playbook for everyone stands on the page of a service and on its on-call view.
func TestPlaybooksForAService(t *testing.T) {
	page := drawPages(t, shelves)
	row := text(elements(elements(page("services/web.html"), with("id", "sp-playbooks"))[0], tag("li"))[0])
	if row != "Any incidentfor everyone" {
		t.Errorf("the row is %q", row)
	}
	now := elements(page("now/web.html"), with("id", "sp-runbooks"))[0]
	if got := text(now); !strings.Contains(got, "Playbook: Any incident") {
		t.Errorf("the on-call view says %q", got)
	}
}

// Guides lead to each other in the order that they ask for.
func TestGuidesFollowEachOther(t *testing.T) {
	pages := documentPages(t, portalOf(t, shelves))
	var walked []string
	for at := "10.html"; at != "" && len(walked) < 9; {
		walked = append(walked, at)
		next := elements(pages["services/web/guides/"+at], with("rel", "next"))
		if at = ""; len(next) > 0 {
			at = attribute(next[0], "href")
		}
	}
	if d := cmp.Diff([]string{"10.html", "02.html", "01.html"}, walked); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if got := attribute(elements(pages["services/web/guides/01.html"], with("rel", "prev"))[0], "href"); got != "02.html" {
		t.Errorf("before the last is %s", got)
	}
}

// Reviews are due in days, weeks, months and years.
func TestReviewDue(t *testing.T) {
	for every, want := range map[string]string{"10d": "2026-02-10", "2w": "2026-02-14", "3m": "2026-05-01", "1y": "2027-01-31", "x": "0001-01-01"} {
		p := portalOf(t, bare+"-- core/guides/g.md --\n---\nabout: [team:core]\nlastVerified: 2026-01-31\nreviewEvery: "+every+"\n---\n# G\n")
		if got := p.Documents[0].ReviewDue().Format(time.DateOnly); got != want {
			t.Errorf("%s: due on %s, want %s", every, got, want)
		}
	}
}

// A list of contents that leaves headings out says how many.
func TestContentsSayWhatTheyLeaveOut(t *testing.T) {
	for headings, want := range map[int]string{mostContents: "", mostContents + 7: "and 7 headings more"} {
		all := make([]Heading, headings)
		for i := range all {
			all[i] = Heading{Level: 2, Text: "Part", ID: fmt.Sprintf("part-%d", i)}
		}
		p := portalOf(t, shelves)
		page := draw(t, newTestRenderer(t), NewDocumentPages(p).Page(p.Documents[0], "", all, nil))
		nav := elements(page, class("contents"))
		if len(nav) != 1 || len(elements(nav[0], tag("li"))) != mostContents || strings.Join(texts(nav[0], tag("p")), "") != want {
			t.Errorf("%d headings: %q", headings, texts(page, class("contents")))
		}
	}
}

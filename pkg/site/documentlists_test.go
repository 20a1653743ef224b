package site

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// manyDocuments is a catalog of teams with runbooks: the n-th team has n of them.
func manyDocuments(teams int) string {
	var b strings.Builder
	b.WriteString(bare)
	for n := 1; n <= teams; n++ {
		fmt.Fprintf(&b, "-- services/s%d/service.yaml --\napiVersion: signpost.dev/v1\nkind: team\nname: t%[1]d\ntitle: Team %[1]d\n---\napiVersion: signpost.dev/v1\nkind: service\nname: s%[1]d\nowner: t%[1]d\n", n)
		for i := range n {
			fmt.Fprintf(&b, "-- services/s%d/runbooks/r%d.md --\n---\nseverity: sev%d\n---\n# Runbook %[1]d %[2]d\n", n, i, 1+i%2)
		}
	}
	return b.String()
}

// Lists of documents are narrowed without scripts, by links to lists of their own.
func TestDocumentsAreNarrowed(t *testing.T) {
	page := drawPages(t, manyDocuments(3))
	list := page("runbooks/index.html")
	nav := elements(list, class("narrow"))[0]
	want := []string{"Team 33", "Team 22", "Team 11", "sev14", "sev22"}
	if diff := cmp.Diff(want, texts(nav, tag("li"))); diff != "" {
		t.Errorf("ways to narrow the list (-want +got):\n%s", diff)
	}
	if got := attribute(elements(nav, tag("a"))[1], "href"); got != "-/owner/t2/index.html" {
		t.Errorf("the second team is at %s", got)
	}
	team := page("runbooks/-/owner/t2/index.html")
	if diff := cmp.Diff([]string{"Runbook 2 0", "Runbook 2 1"}, texts(elements(team, tag("tbody"))[0], class("name"))); diff != "" {
		t.Errorf("the runbooks of a team (-want +got):\n%s", diff)
	}
	chip := elements(team, class("chip"))[0]
	if text(chip) != "Owner: Team 2" || attribute(chip, "href") != "../../../index.html" {
		t.Errorf("the chip says %q and leads to %q", text(chip), attribute(chip, "href"))
	}
	current := elements(elements(team, class("narrow"))[0], with("aria-current", "true"))
	if len(current) != 1 || text(current[0]) != "Team 22" || attribute(current[0], "href") != "index.html" {
		t.Errorf("%d values are marked as chosen", len(current))
	}
	if got := text(elements(team, tag("h1"))[0]); got != "Runbooks: Team 2" {
		t.Errorf("the heading is %q", got)
	}
}

// A page names some values only; the others have a list, so that no page grows.
func TestManyValuesHaveAListOfTheirOwn(t *testing.T) {
	const teams = facetValues + 2
	page := drawPages(t, manyDocuments(teams))
	rows := texts(elements(page("runbooks/index.html"), with("aria-labelledby", "sp-by-owner"))[0], tag("li"))
	if len(rows) != facetValues+1 || rows[facetValues] != "14 in all" {
		t.Errorf("the page names %q", rows)
	}
	if got := len(elements(elements(page("runbooks/-/owner/index.html"), tag("tbody"))[0], tag("tr"))); got != teams {
		t.Errorf("the list of owners has %d rows", got)
	}
}

// A list of one value leaves no box.
func TestOneValueNarrowsNothing(t *testing.T) {
	page := drawPages(t, manyDocuments(1))
	if len(elements(page("runbooks/index.html"), class("narrow"))) > 0 {
		t.Error("a list that cannot be narrowed offers it")
	}
}

// Decisions are listed alike, whether their titles have a number in front or not.
func TestNumbersOfDecisionsHaveAColumn(t *testing.T) {
	list := drawPages(t, shelves)("adrs/index.html")
	var got [][]string
	for _, row := range elements(elements(list, tag("tbody"))[0], tag("tr")) {
		got = append(got, append(texts(row, class("name")), texts(row, with("data-th", "Number"))...))
	}
	if diff := cmp.Diff([][]string{{"New", "2"}, {"Old", "1"}}, got); diff != "" {
		t.Errorf("decisions and their numbers (-want +got):\n%s", diff)
	}
}

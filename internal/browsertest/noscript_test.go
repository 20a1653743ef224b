package browsertest

import (
	"strings"
	"testing"
)

// Without JavaScript every page reads and links: lists and their pages, a service,
// its shifts, documents.
func TestReadsWithoutScript(t *testing.T) {
	t.Parallel()
	b := newTab(t, view{noScript: true})
	b.open("index.html")
	b.click(`a[href="services/index.html"]`)
	b.waitPage("services/index.html")
	if n := b.count("tbody tr"); n < 20 {
		t.Errorf("the list shows %d services", n)
	}
	b.click(`tbody a[href="payments-api.html"]`)
	b.waitPage("services/payments-api.html")
	b.click("[data-answer=runbook] a")
	b.waitPage("services/payments-api/runbooks/processor-timeout.html")
	if n := b.count("article.prose h2"); n == 0 {
		t.Error("the runbook shows no headings")
	}
	b.click(".contents a")
	if got := b.where(); !strings.Contains(got, "#") {
		t.Errorf("the table of contents led to %s", got)
	}
	b.open("services/payments-api.html")
	b.click("[data-answer=owner] a")
	b.waitPage("teams/payments.html")
}

// A list longer than a page goes on: every entry is reached by the links to the next.
func TestPagesOfListsWithoutScript(t *testing.T) {
	t.Parallel()
	site := longSite(t)
	b := newTab(t, view{noScript: true, site: site})
	b.open("services/index.html")
	seen := map[string]bool{}
	for page := 1; ; page++ {
		for _, name := range eval[[]string](b, `[...document.querySelectorAll("tbody td.name a")].map((a) => a.href)`) {
			seen[name] = true
		}
		if b.count(".pages [rel=next]") == 0 || page > 5 {
			break
		}
		before := b.where()
		b.click(".pages [rel=next]")
		b.wait("the next page", `document.readyState === "complete" && location.href !== "`+b.root+before+`"`)
	}
	if len(seen) != longList {
		t.Errorf("the pages of the list lead to %d services of %d", len(seen), longList)
	}
}

// A timeline reads from top to bottom, and offers nothing that only scripts could do.
func TestTimelineWithoutScript(t *testing.T) {
	t.Parallel()
	b := newTab(t, view{noScript: true})
	b.open("services/journey-search/-/timeline.html")
	if n := b.count("[data-event]"); n < 10 {
		t.Errorf("the timeline shows %d events", n)
	}
	if eval[bool](b, `[...document.querySelectorAll("main :is(input, button, form)")].some((e) => e.checkVisibility())`) {
		t.Error("the timeline offers a choice that nothing would follow")
	}
	b.click(`.suspect .before a`)
	b.waitPage("incidents/pagerduty-p2c26a4.html")
}

// The shifts of the days to come stand in a table that opens without JavaScript.
func TestShiftsWithoutScript(t *testing.T) {
	t.Parallel()
	b := newTab(t, view{noScript: true})
	b.open("services/payments-api.html")
	b.click("[data-answer=oncall] a") // the answer needs the clock, so the way leads to the shifts
	if got := b.where(); !strings.HasPrefix(got, "services/payments-api.html#sp-") {
		t.Fatalf("on call leads to %s", got)
	}
	if b.count("#sp-rotation-payments-primary tbody tr") == 0 {
		b.click("#sp-rotation-payments-primary summary")
	}
	got := b.text("#sp-rotation-payments-primary tbody")
	for _, want := range []string{"Amara Okafor", "Jonas Weber", "Leila Haddad", "override", "Jonas is at a wedding", "Tue 24 Nov, 09:00 WET"} {
		if !strings.Contains(got, want) {
			t.Errorf("the table of shifts does not say %q:\n%s", want, got)
		}
	}
}

// What only scripts can do is not offered without them.
func TestNoDeadControlsWithoutScript(t *testing.T) {
	t.Parallel()
	b := newTab(t, view{noScript: true})
	for _, k := range pageKinds {
		if k.act != nil && strings.Contains(k.path, "#") || k.name == "palette" || k.name == "shortcuts" {
			continue
		}
		b.open(k.path)
		const controls = "button, input:not(:disabled), select, textarea"
		if n := b.count(controls); n > 0 {
			t.Errorf("%s offers %d controls that do nothing, first %s", k.path, n,
				eval[string](b, `[...document.querySelectorAll("`+controls+`")].find((e) => e.checkVisibility()).outerHTML.slice(0, 120)`))
		}
		if b.count("h1") != 1 {
			t.Errorf("%s shows no heading", k.path)
		}
	}
	b.open("search/index.html")
	if got := b.text("main"); !strings.Contains(got, "needs JavaScript") {
		t.Errorf("the search page says %q", got)
	}
}

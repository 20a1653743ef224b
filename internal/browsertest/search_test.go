package browsertest

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// Often the answer is in the row: what it is, whose, and who is on call just now.
func TestPaletteRowsAnswer(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	b.open("index.html")
	b.openPalette()
	b.ask("payments-api")
	b.wait("who is on call in the first row", `document.querySelector("[role=option] .whose b")`)
	row := strings.Join(strings.Fields(b.text("[role=option]")), " ")
	for _, want := range []string{"Payments API", "tier 1", "Payments · on call: Amara Okafor"} {
		if !strings.Contains(row, want) {
			t.Errorf("the row says %q, without %q", row, want)
		}
	}
	if got := b.text("[role=group] .kind"); !strings.EqualFold(got, "Service") && !strings.EqualFold(got, "Services") {
		t.Errorf("the first group is called %q", got)
	}

	// Another day, another colleague.
	later := newTab(t, view{at: time.Date(2026, time.November, 25, 12, 0, 0, 0, time.UTC)})
	later.open("index.html")
	later.openPalette()
	later.ask("payments-api")
	later.wait("who is on call in the first row", `document.querySelector("[role=option] .whose b")`)
	if got := later.text("[role=option] .whose b"); got != "Jonas Weber" {
		t.Errorf("on 25 November the row says that %q is on call", got)
	}
}

// An operation of an API is found by what it does, and the way leads to it.
func TestOperationsAreFound(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	b.open("index.html")
	b.openPalette()
	b.ask("capture authorised payment")
	b.wait("the operation", `document.querySelector('[role=option] a[href*="op-capturePayment"], a[role=option][href*="op-capturePayment"]')`)
	b.open("apis/payments-v2/-/api.html#op-capturePayment")
	b.wait("the operation to be in view", `Math.abs(document.getElementById("op-capturePayment").getBoundingClientRect().top) < innerHeight`)
}

// An entity is found by what people call it, by its channel and by its owner's filter.
func TestPaletteFindsByOtherNames(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	b.open("index.html")
	for query, want := range map[string]string{
		"billing-api":         "Payments API",
		"paymnets api":        "Payments API",
		"@payments card":      "Card Vault",
		"amara":               "Amara Okafor",
		"operator not answer": "An operator does not answer",
		"zzqxvkw":             "",
	} {
		b.openPalette()
		b.ask(query)
		var got string
		if b.count("[role=option]") > 0 {
			got = b.text("[role=option] .what bdi")
		}
		if got != want {
			t.Errorf("%q finds %q first, not %q", query, got, want)
		}
		b.escapeDialog()
	}
}

// A runbook is found by words that stand only in its text; the result shows where, and
// leads to the heading above them.
func TestSearchReadsTexts(t *testing.T) {
	for _, disk := range []bool{false, true} {
		t.Run(fmt.Sprintf("disk=%v", disk), func(t *testing.T) {
			t.Parallel()
			b := newTab(t, view{disk: disk})
			b.open("search/index.html")
			b.wait("the field with the focus", `document.activeElement.id === "sp-query"`)
			b.press("usual weights northgate")
			b.wait("a result in texts", `document.querySelector("[data-search-results] a.hit .sub mark")`)
			first := `[data-search-results] a.hit[href*="/runbooks/"]`
			if got := b.text(first + " .sub"); len(got) < 20 {
				t.Errorf("the excerpt is %q", got)
			}
			href := eval[string](b, fmt.Sprintf(`document.querySelector(%q).href`, first))
			b.click(first)
			b.wait("the runbook "+href, fmt.Sprintf(`location.href === %q && document.readyState === "complete"`, href))
			if _, anchor, ok := strings.Cut(href, "#"); ok && !eval[bool](b, fmt.Sprintf(`!!document.getElementById(%q)`, anchor)) {
				t.Errorf("%s leads to no heading", href)
			}
			if got := strings.ToLower(b.text("main")); !strings.Contains(got, "northgate") {
				t.Errorf("%s does not hold what was found", href)
			}
			b.do(back)
			b.wait("the results again", `document.querySelector("[data-search-results] a.hit")`)
			if got := eval[string](b, `document.querySelector("#sp-query").value`); got != "usual weights northgate" {
				t.Errorf("going back loses the query: %q", got)
			}
		})
	}
}

// A query in the address is asked at once, so that a search can be shared.
func TestSearchByAddress(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	b.open("search/index.html#q=fare+mismatch")
	b.wait("a result", `document.querySelector("[data-search-results] a.hit")`)
	b.wait("how many", `/^\d+ results?$/.test(document.querySelector("[data-search-status]").textContent)`)
	if got := eval[string](b, `document.querySelector("[data-search-results] a.hit").href`); !strings.Contains(got, "/runbooks/fare-mismatch.html") {
		t.Errorf("the first result leads to %s", got)
	}
}

// Nothing that is typed leaves the page: a search asks only for files of the index.
func TestSearchSendsNothing(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	b.open("index.html")
	b.openPalette()
	b.ask("secretword")
	b.settle()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, url := range b.requests {
		if strings.Contains(url, "secret") || strings.Contains(url, "?") {
			t.Errorf("typing a query asks for %s", url)
		}
	}
}

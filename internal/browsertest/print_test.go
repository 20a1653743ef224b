package browsertest

import (
	"strings"
	"testing"
)

// On paper there is no navigation, nothing is folded away, and links to elsewhere say
// where they lead.
func TestPrint(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	for _, page := range []string{"services/payments-api.html", "services/payments-api/runbooks/processor-timeout.html", "services/index.html", "now/journey-search.html"} {
		b.open(page)
		folded := b.count("main details:not([open]) > summary")
		b.do(media("print", false))
		eval[bool](b, `dispatchEvent(new Event("beforeprint"))`)
		if n := b.count("header.bar, .skip, .contents, .facets, button:not(th button), input:not(:disabled):not(.tick), dialog"); n > 0 {
			t.Errorf("%s: paper shows %d parts that only a screen can use", page, n)
		}
		if n := b.count("main details:not([open]) > summary"); n > 0 {
			t.Errorf("%s: %d of %d parts stay folded on paper", page, n, folded)
		}
		if got := eval[string](b, paper); got != "light" {
			t.Errorf("%s: paper is %s", page, got)
		}
		eval[bool](b, `dispatchEvent(new Event("afterprint"))`)
		b.do(media("screen", false))
		if n := b.count("main details:not([open]) > summary"); n != folded {
			t.Errorf("%s: after printing %d parts are folded, not %d", page, n, folded)
		}
	}
	b.open("services/payments-api.html")
	b.do(media("print", false))
	got := eval[string](b, `getComputedStyle(document.querySelector("#sp-links a[href^=http]"), "::after").content`)
	if !strings.Contains(got, "href") && !strings.Contains(got, "https://") {
		t.Errorf("a link to elsewhere does not say on paper where it leads: %s", got)
	}
}

// A reader with dark colours does not print a black page.
func TestPrintInTheDark(t *testing.T) {
	t.Parallel()
	b := newTab(t, view{dark: true})
	b.open("services/payments-api.html")
	b.click("[data-theme-switch]")
	b.click("[data-theme-switch]") // dark by choice, not by the system alone
	if got := eval[string](b, paper); got != "dark" {
		t.Fatalf("the screen is %s", got)
	}
	b.do(media("print", true))
	if got := eval[string](b, paper); got != "light" {
		t.Errorf("paper is %s", got)
	}
}

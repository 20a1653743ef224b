package browsertest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// Found from anywhere with the keyboard alone: the key, a few letters, Enter.
func TestPaletteByKeyboard(t *testing.T) {
	for name, open := range map[string]func(*tab){
		"slash":  func(b *tab) { b.press("/") },
		"ctrl-k": func(b *tab) { b.press("k", chromedp.ModifierCtrl) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newTab(t, laptop)
			b.open("teams/booking.html")
			open(b)
			b.wait("the palette with the focus in its field", `document.activeElement.matches("dialog.palette[open] input")`)
			b.ask("pay")
			if got := b.text("[role=option][aria-selected=true] .what bdi"); got != "Payments API" {
				t.Errorf("the first answer to pay is %q, not Payments API", got)
			}
			b.press(enter)
			b.waitPage("services/payments-api.html")
		})
	}
}

// What was chosen among the answers to a few letters is not chosen among those to more:
// Enter follows the best answer unless the reader moved since.
func TestPaletteChoosesAnew(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	b.open("index.html")
	b.openPalette()
	b.ask("p")
	chosen := `[...document.querySelectorAll("[role=option]")].findIndex((o) => o.ariaSelected === "true")`
	for at := 0; at == 0 || b.text("[role=option][aria-selected=true] .what bdi") != "Payment Router"; at++ {
		if at > 12 {
			t.Fatal("Payment Router is no answer to p")
		}
		b.press(arrowDown)
	}
	b.press("ay")
	b.answered("pay")
	if got := eval[int](b, chosen); got != 0 {
		t.Errorf("the choice among the answers to pay is at %d, not at 0", got)
	}
}

// The arrows move the choice, which a screen reader is told, and Enter follows it.
func TestPaletteArrows(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	b.open("index.html")
	b.openPalette()
	b.ask("pay")
	b.wait("results in texts, which come last", `[...document.querySelectorAll(".palette .kind")].some((e) => /text/i.test(e.textContent))`)
	at := func() int {
		return eval[int](b, `(() => {
			const options = [...document.querySelectorAll("[role=option]")];
			const told = document.querySelector(".palette input").getAttribute("aria-activedescendant");
			const chosen = options.filter((o) => o.ariaSelected === "true");
			return chosen.length === 1 && chosen[0].id === told ? options.indexOf(chosen[0]) : -1;
		})()`)
	}
	options := b.count("[role=option]")
	for _, step := range []struct {
		key  string
		want int
	}{{arrowDown, 1}, {arrowDown, 2}, {arrowUp, 1}, {arrowUp, 0}, {arrowUp, options - 1}, {arrowDown, 0}, {arrowDown, 1}} {
		b.press(step.key)
		if got := at(); got != step.want {
			t.Fatalf("the choice is at %d, not at %d", got, step.want)
		}
	}
	want := eval[string](b, `document.querySelectorAll("[role=option]")[1].href`)
	b.press(enter)
	b.wait("the second answer "+want, fmt.Sprintf("location.href === %q", want))
}

// Escape closes the palette and gives the focus back to where it was.
func TestEscapeGivesTheFocusBack(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	b.open("services/payments-api.html")
	eval[bool](b, `(document.querySelector("[data-answer=owner] a").focus(), true)`)
	b.openPalette()
	b.press("pay")
	b.escapeDialog()
	if !eval[bool](b, `document.activeElement.matches("[data-answer=owner] a")`) {
		t.Errorf("the focus is on %s", eval[string](b, `document.activeElement.outerHTML.slice(0, 80)`))
	}
	// Opened again, it still holds the query, which the next one replaces.
	b.openPalette()
	b.ask("ledger")
	if got := b.text("[role=option] .what bdi"); got != "Ledger" {
		t.Errorf("asked again, for ledger, the palette finds %q first", got)
	}
}

// What was opened from the palette is offered first when it opens again.
func TestPaletteRemembersWhatWasOpened(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	b.open("index.html")
	b.openPalette()
	b.ask("ledger")
	b.press(enter)
	b.waitPage("services/ledger.html")
	b.openPalette()
	if got := b.text(".palette [role=group]"); !strings.HasPrefix(strings.ToLower(got), "lately\nledger") {
		t.Errorf("the palette begins with %q", got)
	}
}

// The list of shortcuts opens with ?, names those of the lists, and its switch turns
// single keys off for good, Ctrl K excepted.
func TestShortcutsCanBeSwitchedOff(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	b.open("index.html")
	b.press("g")
	b.press("t")
	b.waitPage("teams/index.html")

	b.press("?")
	b.wait("the list of shortcuts", `document.querySelector("dialog.shortcuts[open]")`)
	if got := b.text("dialog.shortcuts"); !strings.Contains(got, "Services") || !strings.Contains(got, "Find anything") {
		t.Errorf("the list of shortcuts says\n%s", got)
	}
	b.click("dialog.shortcuts input[type=checkbox]")
	b.escapeDialog()

	b.open("index.html") // the choice outlives the page
	for _, key := range []string{"/", "?"} {
		b.press(key)
	}
	b.press("g")
	b.press("t")
	b.settle()
	if n := b.count("dialog[open]"); n != 0 || b.where() != "index.html" {
		t.Errorf("single keys are off but did something: %d dialogs at %s", n, b.where())
	}
	b.press("k", chromedp.ModifierCtrl)
	b.wait("the palette by Ctrl K", `document.querySelector("dialog.palette[open]")`)
}

// Keys are letters while the reader writes.
func TestShortcutsLeaveFieldsAlone(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	b.open("search/index.html")
	b.wait("the field with the focus", `document.activeElement.id === "sp-query"`)
	b.press("a/b?gs")
	b.settle()
	if got := eval[string](b, `document.querySelector("#sp-query").value`); got != "a/b?gs" {
		t.Errorf("the field holds %q", got)
	}
	if b.count("dialog[open]") != 0 || !strings.HasPrefix(b.where(), "search/index.html") {
		t.Error("a key that was written did something else too")
	}
}

// From the top of a page, one Tab reaches the way past the navigation, and with it the
// next Tab is in the content.
func TestSkipLink(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	for _, page := range []string{"services/payments-api.html", "services/index.html", "index.html", "-/health.html"} {
		b.open(page)
		b.press(tabKey)
		if !eval[bool](b, `(() => {
			const box = document.activeElement.getBoundingClientRect();
			return document.activeElement.matches("a.skip") && box.top >= 0 && box.height >= 24;
		})()`) {
			t.Errorf("%s: the first Tab does not show the way to the content", page)
			continue
		}
		b.press(enter)
		b.wait("the jump to the content", `location.hash === "#sp-main"`)
		b.press(tabKey)
		if !eval[bool](b, `document.querySelector("main").contains(document.activeElement)`) {
			t.Errorf("%s: after the skip link, Tab leads to %s", page, eval[string](b, `document.activeElement.outerHTML.slice(0, 120)`))
		}
	}
}

// Whatever Tab reaches is seen to have the focus, is in the window, and comes in the
// order in which the page is read.
func TestFocusIsVisible(t *testing.T) {
	const look = `(() => {
		const e = document.activeElement, style = getComputedStyle(e), box = e.getBoundingClientRect();
		return {
			what: e.outerHTML.slice(0, 100), body: e === document.body,
			ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 || / 2px inset/.test(style.boxShadow) ||
				e instanceof SVGElement && parseFloat(getComputedStyle(e.querySelector("rect")).strokeWidth) >= 2,
			inside: box.bottom > 0 && box.top < innerHeight && box.width > 0 && box.height > 0,
			covered: !e.contains(document.elementFromPoint(
				Math.min(innerWidth - 1, Math.max(0, box.x + box.width / 2)), Math.min(innerHeight - 1, Math.max(0, box.y + Math.min(box.height, 20) / 2)))),
			order: window.testLast ? !!(window.testLast.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING) : true,
			next: ((window.testLast = e), true),
		};
	})()`
	type focus struct {
		What                        string `json:"what"`
		Body, Ring, Inside, Covered bool
		Order                       bool `json:"order"`
	}
	for _, page := range []string{"services/payments-api.html", "services/index.html", "index.html", "services/payments-api/runbooks/processor-timeout.html"} {
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			b := newTab(t, laptop)
			b.open(page)
			for stop := range 60 {
				b.press(tabKey)
				f := eval[focus](b, look)
				if f.Body {
					if stop < 10 {
						t.Errorf("Tab leaves the page after %d stops", stop)
					}
					return
				}
				if !f.Ring {
					t.Errorf("no ring of 2 px shows the focus on %s", f.What)
				}
				if !f.Inside {
					t.Errorf("the focus is outside the window, on %s", f.What)
				}
				if f.Covered {
					t.Errorf("something covers the focus, on %s", f.What)
				}
				if !f.Order {
					t.Errorf("Tab goes backwards, to %s", f.What)
				}
			}
		})
	}
}

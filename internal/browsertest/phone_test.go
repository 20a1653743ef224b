package browsertest

import (
	"fmt"
	"strings"
	"testing"
)

// overflow lists what sticks out of the page sideways, boxes that scroll by themselves
// aside.
const overflow = `(() => {
	const wide = document.documentElement.scrollWidth;
	if (wide <= innerWidth && innerWidth <= WIDTH) return [];
	const out = ["the page is " + wide + " px wide, the window " + innerWidth];
	for (const e of document.querySelectorAll("body *")) {
		const box = e.getBoundingClientRect();
		if (box.right > WIDTH + 1 && box.width > 0 && !e.closest(".scroll, pre") && e.checkVisibility()) out.push(e.outerHTML.slice(0, 100));
	}
	return out.slice(0, 4);
})()`

// small lists what is meant to be pressed and is smaller than 24 px. As WCAG 2.5.8 does,
// it leaves out links in a sentence, and small targets with room around them: a circle
// of 24 px about their middle touches no other target.
const small = `(() => {
	const targets = [...(document.querySelector("dialog[open]") ?? document).querySelectorAll("a[href], button, input, select, summary")]
		.filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest(".skip"));
	// A box with a label is pressed anywhere on its label.
	const box = (e) => (e.matches("label input") ? e.closest("label") : e).getBoundingClientRect();
	const inSentence = (e) => getComputedStyle(e).display === "inline" && [...e.parentElement.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.textContent.trim().length > 1);
	const hasRoom = (e, { x, y, width, height }) => targets.every((other) => {
		if (other === e || other.contains(e) || e.contains(other)) return true;
		const b = box(other);
		const dx = Math.max(b.left - x - width / 2, 0, x + width / 2 - b.right), dy = Math.max(b.top - y - height / 2, 0, y + height / 2 - b.bottom);
		return Math.hypot(dx, dy) >= 12;
	});
	return targets
		.map((e) => [e, box(e)])
		.filter(([e, b]) => (b.width < 24 || b.height < 24) && !inSentence(e) && !hasRoom(e, b))
		.map(([e, b]) => Math.round(b.width) + "×" + Math.round(b.height) + " " + e.outerHTML.slice(0, 140));
})()`

// No page scrolls sideways on a phone, on a small one, nor at 200 % zoom; boxes with
// wide tables scroll by themselves.
func TestNothingSticksOut(t *testing.T) {
	screens := []view{
		phone,
		{width: 320, height: 640, phone: true},
		{width: 820, height: 1180, phone: true},
		laptop,
		{width: 640, height: 400}, // what 1280×800 leaves at 200 %
		{width: 320, height: 256}, // and at 400 %
	}
	for _, k := range pageKinds {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			b := newTab(t, screens[0])
			b.visit(k)
			for _, screen := range screens {
				b.do(size(screen))
				b.settle()
				for _, what := range eval[[]string](b, strings.ReplaceAll(overflow, "WIDTH", fmt.Sprint(screen.width))) {
					t.Errorf("at %d px: %s", screen.width, what)
				}
			}
		})
	}
}

// On a phone, what is pressed is large enough for a thumb.
func TestTargetsAreLargeEnough(t *testing.T) {
	t.Parallel()
	b := newTab(t, phone)
	for _, k := range pageKinds {
		b.visit(k)
		for _, what := range eval[[]string](b, small) {
			t.Errorf("%s: smaller than 24 px: %s", k.name, what)
		}
	}
}

// The phone's header folds to name, search and a menu that leads everywhere.
func TestPhoneMenu(t *testing.T) {
	t.Parallel()
	b := newTab(t, phone)
	b.open("services/payments-api.html")
	if n := b.count(".lists > ul a"); n > 0 {
		t.Errorf("the header shows %d links beside its menu", n)
	}
	b.click(".menu summary")
	b.wait("the menu", `document.querySelector(".menu").open`)
	if got := b.text(".menu ul"); !strings.Contains(got, "Services") || !strings.Contains(got, "Health of the catalog") {
		t.Errorf("the menu holds %q", got)
	}
	if left := eval[float64](b, `document.querySelector(".menu ul").getBoundingClientRect().left`); left < 0 {
		t.Errorf("the menu begins %.0f px left of the screen", -left)
	}
	b.click(`.menu a[href$="/teams/index.html"]`)
	b.waitPage("teams/index.html")
}

// On a phone the filters are a sheet: opened by a button, closed by another.
func TestPhoneFilters(t *testing.T) {
	t.Parallel()
	b := newTab(t, phone)
	b.open("services/index.html")
	if b.count(".facets input") > 0 {
		t.Error("the filters stand in the way of the list")
	}
	b.wait("the button for the filters", `document.querySelector(".sheet-open").checkVisibility()`)
	b.click(".sheet-open")
	b.wait("the filters", `document.querySelector(".facets input").checkVisibility()`)
	b.check("owner", "payments")
	b.click(".sheet-close")
	b.wait("the narrowed list", `document.querySelector(".chip")?.checkVisibility() && !document.querySelector(".facets input").checkVisibility()`)
}

package browsertest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// kindsShown are the kinds of the events that can be seen, each once.
func (b *tab) kindsShown() []string {
	b.Helper()
	kinds := eval[[]string](b, `[...document.querySelectorAll("[data-event]")].filter((e) => e.checkVisibility()).map((e) => e.dataset.event)`)
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// waitKinds waits until the events that can be seen are of some kinds.
func (b *tab) waitKinds(want ...string) {
	b.Helper()
	b.wait(fmt.Sprint("events of ", want), fmt.Sprintf(`[...new Set([...document.querySelectorAll("[data-event]")].filter((e) => e.checkVisibility()).map((e) => e.dataset.event))].sort().join() === %q`, strings.Join(want, ",")))
}

// A choice of kinds hides the others and days without events, is counted and said, stands
// in the address, goes along to the next page, and can be taken back.
func TestTimelineShowsChosenKinds(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	b.open("-/timeline.html")
	all, days := b.count("[data-event]"), b.count(".days > li")
	box := func(kind string) string { return fmt.Sprintf(`[data-timeline] input[value=%q]`, kind) }
	if kinds := b.kindsShown(); len(kinds) < 4 {
		t.Fatalf("the timeline shows %q only", kinds)
	}

	b.click(box("incident"))
	b.waitKinds("incident")
	said := b.text(`[data-timeline] label:has([value=incident]) .n`)
	if got, want := b.text("[data-timeline] [role=status]"), fmt.Sprintf("%s of the %d events on this page", said, all); got != want {
		t.Errorf("the page says %q, want %q", got, want)
	}
	if n := eval[int](b, `[...document.querySelectorAll(".days > li")].filter((e) => e.checkVisibility()).length`); n >= days {
		t.Errorf("%d of %d days are shown, though not all have an incident", n, days)
	}

	b.click(box("release"))
	b.waitKinds("incident", "release")
	if got := b.where(); got != "-/timeline.html#kind=incident&kind=release" {
		t.Errorf("the address is %s", got)
	}

	b.click(".pages [rel=next]")
	b.waitPage("-/timeline/2.html#kind=incident&kind=release")
	for _, kind := range b.kindsShown() {
		if kind != "incident" && kind != "release" {
			t.Errorf("the next page shows events of the kind %s", kind)
		}
	}
	if !eval[bool](b, fmt.Sprintf(`document.querySelector(%q).checked`, box("release"))) {
		t.Error("the next page does not say what was chosen")
	}

	b.open("-/timeline.html#kind=incident")
	b.waitKinds("incident")
	b.click(box("incident"))
	b.wait("all events", fmt.Sprintf(`[...document.querySelectorAll("[data-event]")].filter((e) => e.checkVisibility()).length === %d`, all))
	if got := b.text("[data-timeline] [role=status]"); got != "" {
		t.Errorf("with nothing chosen the page says %q", got)
	}
}

// The keyboard chooses as the mouse does.
func TestTimelineByKeyboard(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	b.open("services/journey-search/-/timeline.html")
	eval[bool](b, `(document.querySelector("[data-timeline] input[value=alert]").focus(), true)`)
	b.press(" ")
	b.waitKinds("alert")
	if !eval[bool](b, `document.activeElement.matches("input[value=alert]")`) {
		t.Error("the choice has taken the focus away")
	}
}

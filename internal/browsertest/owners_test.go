package browsertest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// ownersCatalog is the least that a catalog can hold: who owns what, in three files.
var ownersCatalog = map[string]string{
	"signpost.yaml": `apiVersion: signpost.dev/v1
title: Owners
`,
	"team.yaml": `apiVersion: signpost.dev/v1
kind: team
name: bakery
members: [person:ada]
channel: slack:#bakery
---
apiVersion: signpost.dev/v1
kind: person
name: ada
title: Ada Byron
`,
	"service.yaml": `apiVersion: signpost.dev/v1
kind: service
name: oven
owner: team:bakery
`,
}

// A catalog of owners alone looks finished: no empty section, no way to what is not
// there, nothing said to be missing that the catalog never speaks of.
func TestOwnersAloneLookFinished(t *testing.T) {
	source := axeSource(t)
	for _, screen := range []view{laptop, phone} {
		screen.site, screen.bypassPolicy = shared.own, true
		t.Run(screen.name(), func(t *testing.T) {
			t.Parallel()
			b := newTab(t, screen)
			for _, page := range []string{"index.html", "services/index.html", "services/oven.html", "teams/bakery.html", "people/ada.html", "-/health.html", "search/index.html"} {
				b.open(page)
				b.checkAxe(source)
				for _, what := range eval[[]string](b, empty) {
					t.Errorf("%s: is empty: %s", page, what)
				}
				for _, what := range eval[[]string](b, strings.ReplaceAll(overflow, "WIDTH", fmt.Sprint(screen.width))) {
					t.Errorf("%s: %s", page, what)
				}
				if n := b.count(".blade.missing"); n > 0 {
					t.Errorf("%s: %d answers are said to be missing: %s", page, n, b.text(".blade.missing"))
				}
			}
		})
	}
}

// empty lists the sections, lists and tables that hold nothing.
const empty = `[...document.querySelectorAll("main section, main ul, main ol, main dl, main table tbody, main nav, main form, header nav ul")]
	.filter((e) => e.checkVisibility() && (!e.children.length || !e.innerText.trim() || e.matches("section") && e.children.length === 1 && e.firstElementChild.matches("h2")))
	.map((e) => e.outerHTML.slice(0, 120))`

func TestOwnersAloneHaveShortNavigation(t *testing.T) {
	t.Parallel()
	b := newTab(t, view{site: shared.own})
	b.open("index.html")
	got := eval[[]string](b, `[...new Set([...document.querySelectorAll("header nav a")].map((a) => a.textContent.trim()))]`)
	want := []string{"Services", "Teams", "People", "Health of the catalog"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the navigation (-want +got):\n%s", diff)
	}
	b.open("services/oven.html")
	answers := eval[[]string](b, `[...document.querySelectorAll("main [data-answer]")].map((e) => e.dataset.answer)`)
	if diff := cmp.Diff([]string{"owner", "channel"}, answers); diff != "" {
		t.Errorf("the answers on a service's page (-want +got):\n%s", diff)
	}
	b.openPalette()
	b.ask("ov")
	b.press(enter)
	b.waitPage("services/oven.html")
}

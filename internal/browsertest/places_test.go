package browsertest

import (
	"strings"
	"testing"
)

// A walk by clicks works the same from a sub-path of a server and from a folder.
func TestWalk(t *testing.T) {
	for _, disk := range []bool{false, true} {
		name := "sub-path"
		if disk {
			name = "disk"
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newTab(t, view{disk: disk})
			b.open("index.html")
			for _, step := range []struct{ click, page string }{
				{`.lists a[data-key=s]`, "services/index.html"},
				{`tbody a[href="payments-api.html"]`, "services/payments-api.html"},
				{`[data-answer=runbook] a`, "services/payments-api/runbooks/processor-timeout.html"},
				{`.crumbs a[href$="payments-api.html"]`, "services/payments-api.html"},
				{`.crumbs a[href^="../systems/"]`, "systems/checkout.html"},
				{`.brand`, "index.html"},
				{`footer a[href$="health.html"]`, "-/health.html"},
				{`.findings a[href^="rules.html#"], main a[href="rules.html"]`, "-/rules.html"},
				{`.brand`, "index.html"},
			} {
				b.click(step.click)
				b.wait(step.page, `document.readyState === "complete" && location.href.split("#")[0] === "`+b.root+step.page+`"`)
			}
			b.openPalette()
			b.ask("ledger")
			b.press(enter)
			b.waitPage("services/ledger.html")
			b.open("services/index.html#owner=money")
			b.wait("the narrowed list", `document.querySelector(".chip")`)
			b.settle()
			if n := b.count("tbody tr"); n == 0 {
				t.Error("the narrowed list is empty")
			}
		})
	}
}

// An address that leads nowhere, at any depth, gets a page that leads back.
func TestNotFound(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	b.allow("404")
	for _, page := range []string{"no-such-page.html", "services/renamed/deeply/below.html"} {
		b.open(page)
		if got := b.text("h1"); got != "No such page" {
			t.Errorf("%s: the heading is %q", page, got)
		}
		if got := eval[string](b, `getComputedStyle(document.querySelector("h1")).fontFamily`); !strings.Contains(got, "system-ui") {
			t.Errorf("%s: the styles were not found", page)
		}
		b.openPalette()
		b.ask("ledger")
		b.escapeDialog()
		b.click(`main a[href$="/services/index.html"]`)
		b.waitPage("services/index.html")
	}
}

// The foot of every page says how old the site is.
func TestFootTellsTheAge(t *testing.T) {
	t.Parallel()
	for days, want := range []string{"built today", "built yesterday", "built 2 days ago"} {
		b := newTab(t, view{at: now.AddDate(0, 0, days)})
		b.open("services/payments-api.html")
		b.wait("the age", `document.querySelector("[data-build]").textContent`)
		if got := b.text("footer"); !strings.Contains(got, want) {
			t.Errorf("%d days after the build the foot says %q", days, got)
		}
	}
}

// The home page shows what the reader's team owns, and remembers the team.
func TestHomeRemembersTheTeam(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	b.open("index.html")
	eval[bool](b, `(() => {
		const team = document.querySelector("[data-team]");
		team.value = [...team.options].find((o) => o.text === "Payments").value;
		return team.dispatchEvent(new Event("change", { bubbles: true }));
	})()`)
	own := `document.querySelector("[data-mine-shown]").innerText.includes("Payments API")`
	b.wait("what Payments owns", own)
	b.open("index.html")
	b.wait("what Payments owns, after a reload", own)
}

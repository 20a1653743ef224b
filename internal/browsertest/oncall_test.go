package browsertest

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// The example's shifts of Payments, first responder, in Lisbon's time, which is UTC in
// November: Amara until Tuesday the 24th at nine, then Jonas, with Leila in his stead
// from the 28th at nine to the 29th at nine in the evening, then Jonas, then Kofi from
// the 1st of December. The site knows 14 days from the 23rd of November.
func TestOnCallFollowsTheClock(t *testing.T) {
	at := func(month time.Month, day, hour, minute int) time.Time {
		return time.Date(2026, month, day, hour, minute, 0, 0, time.UTC)
	}
	const blade, line = "[data-answer=oncall]", "#sp-rotation-payments-primary .now"
	steps := []struct {
		at              time.Time
		who, note, said string // name and note of the blade, and the line above the shifts
	}{
		{at(11, 23, 10, 0), "Amara Okafor", "until Tue 09:00, then Jonas Weber", "Amara Okafor is on call until Tue 09:00, then Jonas Weber."},
		{at(11, 24, 8, 59), "Amara Okafor", "until 09:00, then Jonas Weber", "Amara Okafor is on call until 09:00, then Jonas Weber."},
		{at(11, 24, 9, 0), "Jonas Weber", "until Sat 09:00, then Leila Haddad", "Jonas Weber is on call until Sat 09:00, then Leila Haddad."},
		{at(11, 29, 20, 59), "Leila Haddad", "until 21:00, then Jonas Weber", "Leila Haddad is on call until 21:00, then Jonas Weber."},
		{at(12, 1, 9, 0), "Kofi Mensah", "", ""},
		{at(12, 31, 12, 0), "Unknown", "the last known shift is over: rebuild the site", "Unknown: the last known shift is over: rebuild the site"},
	}
	for _, page := range []string{"services/payments-api.html", "teams/payments.html"} {
		t.Run(page, func(t *testing.T) {
			t.Parallel()
			b := newTab(t, view{at: steps[0].at})
			b.open(page)
			for _, step := range steps {
				// The reader comes back to a tab that was open all the time.
				eval[bool](b, fmt.Sprintf(`(testClock.set(%d), document.dispatchEvent(new Event("visibilitychange")))`, step.at.UnixMilli()))
				when := step.at.Format("2 Jan 15:04")
				if got := b.text(blade + " b"); got != step.who {
					t.Errorf("%s: the blade names %q, not %q", when, got, step.who)
				}
				if got := b.text(blade + " small"); step.note != "" && got != step.note {
					t.Errorf("%s: the blade says %q, not %q", when, got, step.note)
				}
				if got := b.text(line); step.said != "" && got != step.said {
					t.Errorf("%s: the line says %q, not %q", when, got, step.said)
				}
				if got, want := b.count(blade+".missing") > 0, step.who == "Unknown"; got != want {
					t.Errorf("%s: the blade looks as if the answer were missing: %v", when, got)
				}
			}
		})
	}
}

// The blade leads to the one on call, and the strip marks the shift that is on.
func TestOnCallLeadsToThePerson(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	b.open("teams/payments.html")
	if got := b.count("#sp-rotation-payments-primary .strip .now"); got != 1 {
		t.Errorf("the strip marks %d shifts as on", got)
	}
	b.click("[data-answer=oncall] a")
	b.waitPage("people/amara.html")
}

// The clock of a page that stays open runs: at a handover the name changes unasked.
func TestOnCallChangesUnasked(t *testing.T) {
	t.Parallel()
	// A second before the handover of Tuesday the 24th at nine.
	b := newTab(t, view{at: time.Date(2026, time.November, 24, 8, 59, 59, 0, time.UTC)})
	// Pages look at the clock every half minute; here, sixty times as often.
	b.do(onNewDocument(`const slow = window.setInterval; window.setInterval = (f, ms, ...given) => slow(f, ms / 60, ...given);`))
	b.open("services/payments-api.html")
	b.wait("Jonas to take over", `document.querySelector("[data-answer=oncall] b").textContent === "Jonas Weber"`)
}

// The home page names who is on call for what matters most.
func TestHomeNamesWhoIsOnCall(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	b.open("index.html")
	if got := strings.Join(strings.Fields(b.text(".posts")), " "); !strings.Contains(strings.ToLower(got), "payments, first responder amara okafor until tue 09:00, then jonas weber") {
		t.Errorf("the home page says %q", got)
	}
}

package browsertest

import (
	"slices"
	"strings"
	"testing"
)

// blade is one answer of the fingerpost, as it is shown.
type blade struct {
	Answer  string  `json:"answer"`
	Bottom  float64 `json:"bottom"`
	Right   float64 `json:"right"`
	Shown   bool    `json:"shown"`
	Missing bool    `json:"missing"`
	Border  string  `json:"border"`
	Text    string  `json:"text"`
	Href    string  `json:"href"`
}

const readBlades = `[...document.querySelectorAll("main [data-answer]")].map((e) => {
	const face = e.firstElementChild, box = e.getBoundingClientRect();
	return {
		answer: e.dataset.answer, bottom: box.bottom + scrollY, right: box.right, shown: e.checkVisibility(),
		missing: e.classList.contains("missing"), border: getComputedStyle(face).borderTopStyle,
		text: face.innerText, href: face.href ?? "",
	};
})`

// Someone is woken at three and lands on a service's page. Whom to talk to and what to
// do is there without a scroll or a click, on a laptop and on a phone.
func TestAnswersAreAboveTheFold(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	lowest := map[string]float64{}
	for _, page := range pagesBelow(t, "services") {
		b.open(page)
		for _, screen := range []view{laptop, phone} {
			b.do(size(screen))
			blades := eval[[]blade](b, readBlades)
			for _, answer := range []string{"owner", "oncall", "channel", "runbook", "repo"} {
				i := slices.IndexFunc(blades, func(bl blade) bool { return bl.Answer == answer })
				if i < 0 {
					t.Errorf("%s: there is no answer for %s", page, answer)
					continue
				}
				checkBlade(t, screen, page, blades[i])
				lowest[screen.name()] = max(lowest[screen.name()], blades[i].Bottom)
			}
		}
	}
	t.Logf("the lowest answers end at %.0f px of %d and %.0f of %d", lowest["laptop"], laptop.height, lowest["phone"], phone.height)
}

func checkBlade(t *testing.T, screen view, page string, bl blade) {
	t.Helper()
	if !bl.Shown || strings.TrimSpace(bl.Text) == "" {
		t.Errorf("%s: the answer for %s is not shown", page, bl.Answer)
	}
	if bl.Bottom > float64(screen.height) || bl.Right > float64(screen.width) {
		t.Errorf("%s: the answer for %s ends at %.0f×%.0f px, outside %d×%d", page, bl.Answer, bl.Right, bl.Bottom, screen.width, screen.height)
	}
	if !bl.Missing {
		return
	}
	if bl.Border != "dashed" {
		t.Errorf("%s: the answer for %s is missing, but its border is %s, not dashed", page, bl.Answer, bl.Border)
	}
	if !strings.Contains(bl.Href, "/catalog/services/") || !strings.Contains(bl.Href, "#L") {
		t.Errorf("%s: the missing answer for %s leads to %q, not to a line of the descriptor", page, bl.Answer, bl.Href)
	}
}

// Whoever is paged opens one screen: whom to ask, what is wrong, what to do and what runs in
// production are there without a scroll; while nothing is wrong, so is all the rest.
func TestOnCallViewIsOneScreen(t *testing.T) {
	t.Parallel()
	b := newTab(t, phone)
	for _, page := range pagesBelow(t, "now") {
		b.open(page)
		for _, screen := range []view{phone, laptop} {
			b.do(size(screen))
			blades := eval[[]blade](b, readBlades)
			for _, answer := range []string{"oncall", "channel"} {
				i := slices.IndexFunc(blades, func(bl blade) bool { return bl.Answer == answer })
				if i < 0 {
					t.Errorf("%s: there is no answer for %s", page, answer)
					continue
				}
				checkBlade(t, screen, page, blades[i])
			}
			parts := eval[map[string]float64](b, `Object.fromEntries(["#sp-now", "#sp-runbooks", "#sp-environments li", "#sp-environments", "#sp-postmortems"]
				.map((part) => [part, document.querySelector(part)?.getBoundingClientRect().bottom + scrollY]))`)
			for part, bottom := range parts {
				always := part != "#sp-environments" && part != "#sp-postmortems"
				if (always || b.count("#sp-now .notice") == 0) && (bottom <= 0 || bottom > float64(screen.height)) {
					t.Errorf("%s: %s ends at %.0f px of %d", page, part, bottom, screen.height)
				}
			}
			if over := eval[float64](b, `document.documentElement.scrollWidth - innerWidth`); over > 0 {
				t.Errorf("%s is %.0f px wider than the %s", page, over, screen.name())
			}
			if b.count(".paged .title a[href^='../services/']") != 1 {
				t.Errorf("%s does not lead to the whole page", page)
			}
		}
	}
}

// The example has gaps of its own, so that the test above sees some.
func TestExampleHasGaps(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	b.open("services/legacy-booking.html")
	if b.count(".blade.missing") == 0 {
		t.Error("legacy-booking misses no answer: the tests no longer see how a missing one looks")
	}
}

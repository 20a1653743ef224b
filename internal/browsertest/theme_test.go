package browsertest

import "testing"

const paper = `(() => {
	const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g).map(Number);
	return r + g + b > 380 ? "light" : "dark";
})()`

// Colours follow the system until the reader chooses; the switch goes round three
// states, says which, and is remembered on every page, before anything is drawn.
func TestColours(t *testing.T) {
	for _, system := range []string{"light", "dark"} {
		t.Run(system, func(t *testing.T) {
			t.Parallel()
			b := newTab(t, view{dark: system == "dark"})
			b.open("index.html")
			for _, step := range []struct{ label, paper string }{
				{"Colours: automatic", system}, {"Colours: light", "light"}, {"Colours: dark", "dark"}, {"Colours: automatic", system}, {"Colours: light", "light"}, {"Colours: dark", "dark"},
			} {
				if label := eval[string](b, `document.querySelector("[data-theme-switch]").ariaLabel`); label != step.label {
					t.Fatalf("the switch says %q, not %q", label, step.label)
				}
				if got := eval[string](b, paper); got != step.paper {
					t.Errorf("%s on a %s system: the page is %s", step.label, system, got)
				}
				b.open("services/payments-api.html") // the choice holds elsewhere, and after a reload
				if got := eval[string](b, paper); got != step.paper {
					t.Errorf("%s on a %s system: the next page is %s", step.label, system, got)
				}
				b.click("[data-theme-switch]")
			}
		})
	}
}

// The system's colours are followed while the page is open.
func TestColoursFollowTheSystem(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	b.open("index.html")
	for _, dark := range []bool{true, false} {
		b.do(colours(dark))
		if got := eval[string](b, paper); "-"+got != schemeName(dark) {
			t.Errorf("the system turned %s, the page is %s", schemeName(dark)[1:], got)
		}
	}
}

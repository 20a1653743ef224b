package browsertest

import "testing"

// What was ticked on a runbook is still ticked after a reload, on that page only, and can
// be taken back.
func TestStepsAreKept(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	const page = "services/payments-api/runbooks/processor-timeout.html"
	const told = `document.querySelector("[data-steps] [role=status]").textContent`
	b.open(page)
	if n := b.count(".prose h2 > .tick"); n != 4 {
		t.Fatalf("%d steps have a box, want 4", n)
	}
	b.click(".prose h2:has(.tick) .tick")
	b.wait("the count", told+` === "1 of 4 steps done"`)
	b.open("services/card-vault/runbooks/vault-sealed.html")
	if n := b.count(".tick:checked"); n != 0 {
		t.Errorf("on another runbook %d steps are ticked", n)
	}
	b.open(page)
	if n := b.count(".tick:checked"); n != 1 {
		t.Errorf("after coming back %d steps are ticked, want 1", n)
	}
	b.click("[data-steps] button")
	b.wait("an empty count", told+` === "4 steps. Tick each when it is done."`)
	b.open(page)
	if n := b.count(".tick:checked"); n != 0 {
		t.Errorf("after starting over %d steps are ticked", n)
	}
}

// A document in another wiki is found by its title and its summary, and opens there.
func TestDocumentsElsewhereAreFound(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	for _, query := range []string{"auditors read our books", "yearly audit"} {
		b.open("index.html")
		b.openPalette()
		b.ask(query)
		b.wait("the document", `document.querySelector("#sp-results a[href='https://larkspur.atlassian.example/wiki/spaces/FIN/pages/88140412']")`)
	}
}

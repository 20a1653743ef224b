package browsertest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// pageKind is a kind of page of the site, by one example.
type pageKind struct {
	name string
	path string
	act  func(*tab) // what the reader does there before looking; may be nil
}

// pageKinds are all kinds of pages, and the states of pages that look different.
var pageKinds = []pageKind{
	{name: "home", path: "index.html"},
	{name: "list", path: "services/index.html"},
	{name: "list-narrowed", path: "services/index.html#owner=payments&tier=1", act: func(b *tab) {
		b.wait("the narrowed list", `document.querySelector(".chip")`)
	}},
	{name: "list-nothing", path: "services/index.html#owner=payments&tier=9", act: func(b *tab) {
		b.wait("the empty list", `document.querySelector("tbody button")`)
	}},
	{name: "documents", path: "runbooks/index.html"},
	{name: "documents-narrowed", path: "runbooks/-/owner/payments/index.html"},
	{name: "service", path: "services/payments-api.html"},
	{name: "service-in-trouble", path: "services/journey-search.html"},
	{name: "service-with-gaps", path: "services/legacy-booking.html"},
	{name: "now", path: "now/payments-api.html"},
	{name: "now-in-trouble", path: "now/journey-search.html"},
	{name: "system", path: "systems/checkout.html"},
	{name: "api", path: "apis/payments-v2.html"},
	{name: "openapi", path: "apis/payments-v2/-/api.html"},
	{name: "graphql", path: "apis/storefront-graph/-/api.html"},
	{name: "grpc", path: "apis/ledger-v1/-/api.html"},
	{name: "asyncapi", path: "apis/order-events/-/api.html"},
	{name: "changes", path: "apis/payments-v1/-/api/changes.html"},
	{name: "team", path: "teams/payments.html"},
	{name: "person", path: "people/amara.html"},
	{name: "runbook", path: "services/payments-api/runbooks/processor-timeout.html"},
	{name: "diagrams", path: "services/payments-api/readme.html"},
	{name: "decision", path: "services/payments-api/adr/0001-retries-live-in-the-router.html"},
	{name: "own-kind", path: "datasets/index.html"},
	{name: "search", path: "search/index.html#q=processor+timeout", act: func(b *tab) {
		b.wait("results in texts", `document.querySelector("[data-search-results] .sub")`)
	}},
	{name: "palette", path: "index.html", act: func(b *tab) {
		b.openPalette()
		b.ask("pay")
	}},
	{name: "shortcuts", path: "index.html", act: func(b *tab) {
		b.press("?")
		b.wait("the list of shortcuts", `document.querySelector("dialog.shortcuts[open]")`)
	}},
	{name: "health", path: "-/health.html"},
	{name: "unmatched", path: "-/unmatched.html"},
	{name: "environments", path: "-/environments/index.html"},
	{name: "environments-narrowed", path: "-/environments/-/state/wrong-now/index.html"},
	{name: "incidents", path: "incidents/index.html"},
	{name: "incident", path: "incidents/pagerduty-p2c26a4.html"},
	{name: "incident-over", path: "incidents/pagerduty-p97c6d3.html"},
	{name: "timeline", path: "-/timeline.html"},
	{name: "timeline-narrowed", path: "-/timeline.html#kind=incident&kind=alert", act: func(b *tab) {
		b.wait("the narrowed timeline", `document.querySelector("[data-timeline] [role=status]").textContent`)
	}},
	{name: "timeline-of-service", path: "services/journey-search/-/timeline.html"},
	{name: "timeline-of-team", path: "teams/payments/-/timeline.html"},
	{name: "postmortem", path: "services/rail-gateway/postmortems/2026-09-30-rmb-certificate.html"},
	{name: "rules", path: "-/rules.html"},
	{name: "not-found", path: "404.html"},
}

// visit opens the page of a kind and brings it to the state that is meant.
func (b *tab) visit(k pageKind) {
	b.Helper()
	b.open(k.path)
	if k.act != nil {
		k.act(b)
	}
}

// openPalette opens the search palette with the keyboard.
func (b *tab) openPalette() {
	b.Helper()
	b.press("/")
	b.wait("the palette", `document.activeElement.matches("dialog.palette input")`)
}

// escapeDialog closes the dialog that is open, and waits until the keys are the page's
// again: browsers take the focus out of what has vanished with their next picture.
func (b *tab) escapeDialog() {
	b.Helper()
	b.press(escape)
	b.wait("the dialog to close", `!document.querySelector("dialog[open]") && !document.activeElement.closest("dialog")`)
}

// ask types a query into the palette and waits until it says what it has found.
func (b *tab) ask(query string) {
	b.Helper()
	b.press(query)
	b.answered(query)
}

// answered waits until what the palette shows answers a query.
func (b *tab) answered(query string) {
	b.Helper()
	b.wait("the answer to "+query, fmt.Sprintf(
		`document.querySelector(".palette input").value === %q && document.querySelector("#sp-results").ariaBusy === "false"`, query))
}

// files returns the paths of the site's files that end in a suffix.
func files(t testing.TB, site, suffix string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(site, func(file string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(file, suffix) {
			rel, err := filepath.Rel(site, file)
			found = append(found, filepath.ToSlash(rel))
			return err
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// pagesBelow returns the pages of entities of a kind, by its folder.
func pagesBelow(t testing.TB, folder string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(shared.site, folder, "*.html"))
	if err != nil {
		t.Fatal(err)
	}
	var pages []string
	for _, file := range found {
		if name := filepath.Base(file); name != "index.html" {
			pages = append(pages, folder+"/"+name)
		}
	}
	if len(pages) == 0 {
		t.Fatalf("the example has no pages below %s", folder)
	}
	return pages
}

// TestScreenshots saves a picture of every kind of page for a person to look at.
func TestScreenshots(t *testing.T) {
	folder := os.Getenv("SIGNPOST_SCREENSHOTS")
	if folder == "" {
		t.Skip("SIGNPOST_SCREENSHOTS names no folder for pictures")
	}
	if err := os.MkdirAll(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, screen := range []view{laptop, phone} {
		for _, k := range pageKinds {
			t.Run(k.name+"-"+screen.name(), func(t *testing.T) {
				t.Parallel()
				b := newTab(t, screen)
				b.visit(k)
				for _, dark := range []bool{false, true} {
					b.do(colours(dark))
					picture := chromedp.CaptureScreenshot()
					if k.act == nil {
						picture = chromedp.FullScreenshot(100)
					}
					b.save(picture, filepath.Join(folder, k.name+"-"+screen.name()+schemeName(dark)+".png"))
				}
			})
		}
	}
}

func (b *tab) save(picture chromedp.Action[[]byte], file string) {
	b.Helper()
	data, err := chromedp.Run(b.ctx, picture)
	if err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o666); err != nil {
		b.Fatal(err)
	}
}

func (v view) name() string {
	if v.phone {
		return "phone"
	}
	return "laptop"
}

func schemeName(dark bool) string {
	if dark {
		return "-dark"
	}
	return "-light"
}

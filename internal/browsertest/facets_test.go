package browsertest

import (
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// column reads the cells of a column of the list's table, as shown.
func (b *tab) column(heading string) []string {
	b.Helper()
	return eval[[]string](b, `(() => {
		const table = document.querySelector("table[data-sort]");
		const at = [...table.tHead.rows[0].cells].findIndex((c) => c.innerText.trim().toLowerCase() === "`+strings.ToLower(heading)+`");
		return [...table.tBodies[0].rows].map((r) => (r.cells[at]?.querySelector("a, bdi") ?? r.cells[at])?.innerText.trim() ?? "");
	})()`)
}

// check ticks a box of a facet, or takes the tick away.
func (b *tab) check(facet, value string) {
	b.Helper()
	b.click(`.facets input[name="` + facet + `"][value="` + value + `"]`)
}

func (b *tab) waitTotal(want string) {
	b.Helper()
	b.wait("the count "+want, `document.querySelector(".total").textContent === "`+want+`"`)
}

// A choice narrows the list, is counted, stands in the address, and can be taken back.
func TestFacetsNarrowTheList(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	b.open("services/index.html")
	all := len(b.column("name"))
	said := b.text(`.facets label:has(input[name=owner][value=payments]) .n`)

	b.check("owner", "payments")
	b.waitTotal(said + " entries")
	if owners := slices.Compact(b.column("owner")); len(owners) != 1 || owners[0] != "Payments" {
		t.Errorf("narrowed to Payments, the list shows owners %q", owners)
	}
	if got := b.where(); got != "services/index.html#owner=payments" {
		t.Errorf("the address is %s", got)
	}
	if got := b.text(".chips"); got != "Owner: Payments" {
		t.Errorf("the chips say %q", got)
	}

	b.check("tier", "1")
	b.wait("a second chip", `document.querySelectorAll(".chip").length === 2`)
	b.settle()
	narrowed := b.column("name")
	if tiers := slices.Compact(b.column("tier")); len(tiers) != 1 || tiers[0] != "1" || len(narrowed) == 0 {
		t.Errorf("narrowed to tier 1, the list shows tiers %q", tiers)
	}

	// Who comes by this address sees the same, and going back goes back.
	b.do(chromedp.Reload())
	b.wait("the chips again", `document.querySelectorAll(".chip").length === 2`)
	b.settle()
	if got := b.column("name"); !slices.Equal(got, narrowed) {
		t.Errorf("after reloading the list shows %q, not %q", got, narrowed)
	}
	b.do(back)
	b.waitTotal(said + " entries")
	if !eval[bool](b, `!document.querySelector("input[name=tier][value='1']").checked`) {
		t.Error("going back left the tick at tier 1")
	}

	b.click(".chip")
	b.wait("the whole list", `document.querySelectorAll(".chip").length === 0`)
	b.settle()
	if got := len(b.column("name")); got != all {
		t.Errorf("with the choice taken back the list has %d rows, not %d", got, all)
	}
}

// The page of a narrowed list is gone to and come back to with the choice kept.
func TestFacetsOutliveAVisit(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	b.open("services/index.html")
	b.check("owner", "payments")
	b.wait("the chip", `document.querySelector(".chip")`)
	b.settle()
	narrowed := b.column("name")
	b.click("tbody td.name a")
	b.wait("a service's page", `document.querySelector("[data-answer=owner]")`)
	b.do(back)
	b.wait("the chip again", `document.querySelector(".chip")`)
	b.settle()
	if got := b.column("name"); !slices.Equal(got, narrowed) {
		t.Errorf("coming back, the list shows %q, not %q", got, narrowed)
	}
}

// Where nothing is left, the list says which choice to take back, and does it.
func TestFacetsNothingLeft(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	b.open("services/index.html#owner=payments&lifecycle=deprecated&tier=1")
	b.wait("ways out", `document.querySelector("tbody button")`)
	if got := b.text("tbody"); !strings.Contains(got, "Nothing has all of these") {
		t.Errorf("the empty list says %q", got)
	}
	way := b.text("tbody button")
	_, left, ok := strings.Cut(way, ": ")
	if !ok || !strings.Contains(strings.ToLower(way), "lifecycle") {
		t.Fatalf("the first way out is %q", way)
	}
	b.click("tbody button")
	b.waitTotal(left)
	if got := b.where(); got != "services/index.html#owner=payments&tier=1" {
		t.Errorf("the address is %s", got)
	}
}

// Each heading sorts the whole list, up and then down.
func TestListSorts(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	for _, address := range []string{"services/index.html", "people/index.html", "services/index.html#lifecycle=production"} {
		b.open(address)
		b.wait("headings that sort", `document.querySelector("th[data-key=name] button")`)
		b.settle()
		b.click("th[data-key=name] button")
		b.wait("ascending order", `document.querySelector("th[aria-sort=ascending][data-key=name]")`)
		b.settle()
		up := b.column("name")
		b.click("th[data-key=name] button")
		b.wait("descending order", `document.querySelector("th[aria-sort=descending][data-key=name]")`)
		b.settle()
		down := b.column("name")
		if len(up) < 5 || !slices.IsSortedFunc(up, inEnglish) {
			t.Errorf("%s: ascending, the names are %q", address, up)
		}
		slices.Reverse(down)
		if !slices.IsSortedFunc(down, inEnglish) || len(down) != len(up) {
			t.Errorf("%s: descending, the names are %q from the end", address, down)
		}
	}
}

// inEnglish is the order of names that readers expect.
func inEnglish(a, b string) int {
	return collate.New(language.English, collate.Numeric).CompareString(a, b)
}

// The download holds the rows that the choice leaves, and opens as a table.
func TestListDownloads(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	folder := t.TempDir()
	b.open("services/index.html#owner=payments")
	b.wait("the narrowed list", `document.querySelector(".chip")`)
	b.settle()
	names := b.column("name")
	b.do(downloadTo(folder))
	b.click("[data-csv]")
	rows := b.downloaded(filepath.Join(folder, "service.csv"))
	if got := strings.Join(rows[0][:3], ","); got != "name,title,description" {
		t.Errorf("the columns begin with %s", got)
	}
	var titles []string
	for _, row := range rows[1:] {
		titles = append(titles, row[1])
	}
	if !slices.Equal(titles, names) {
		t.Errorf("the download holds %q, the list %q", titles, names)
	}
	owner := slices.Index(rows[0], "owner")
	if owner < 0 || rows[1][owner] != "payments" {
		t.Errorf("the download does not say who owns %s: %q", rows[1][0], rows[1])
	}
}

func downloadTo(folder string) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := chromedp.CallBrowser(ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
			Behavior: browser.SetDownloadBehaviorBehaviorAllow, DownloadPath: folder,
			BrowserContextID: chromedp.FromContext(ctx).BrowserContextID,
		})
		return chromedp.Void{}, err
	}
}

// downloaded waits for a file and reads it as CSV.
func (b *tab) downloaded(file string) [][]string {
	b.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		data, err := os.ReadFile(file)
		if err != nil || len(data) == 0 {
			continue
		}
		rows, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
		if err != nil {
			b.Fatalf("the download is no CSV: %v\n%s", err, data)
		}
		return rows
	}
	b.Fatalf("nothing was downloaded to %s", file)
	return nil
}

// back goes one page back, as the browser's button does.
func back(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
	_, err := chromedp.Evaluate[chromedp.Void](`history.back()`)(ctx, t)
	return chromedp.Void{}, err
}

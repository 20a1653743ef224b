package browsertest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/signpost-dev/signpost/internal/costs"
)

// The budgets of the design, in bytes. "Compressed" is gzip, as servers send it.
const (
	styleBudget     = 12 << 10  // styles, compressed
	everyPageBudget = 15 << 10  // scripts of every page, compressed
	demandBudget    = 25 << 10  // scripts on demand, compressed
	scriptBudget    = 40 << 10  // all scripts, compressed
	pageBudget      = 60 << 10  // HTML of a service's page
	pageSmallBudget = 12 << 10  // the same, compressed
	documentBudget  = 30 << 10  // HTML of a page of a document, compressed
	nowBudget       = 20 << 10  // HTML of the page for whoever is called
	firstViewBudget = 120 << 10 // all that a first visit loads, compressed
	shiftBudget     = 0.02      // cumulative layout shift
)

func read(t testing.TB, site, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(site, filepath.FromSlash(file)))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func keep(t *testing.T, what string, got, budget int) {
	t.Helper()
	t.Logf("%s: %.1f of %.0f KB", what, float64(got)/1024, float64(budget)/1024)
	if got > budget {
		t.Errorf("%s: %d bytes, the budget is %d", what, got, budget)
	}
}

func TestAssetBudgets(t *testing.T) {
	t.Parallel()
	size := func(pattern string) int {
		found, err := filepath.Glob(filepath.Join(shared.site, "assets", pattern))
		if err != nil || len(found) != 1 {
			t.Fatalf("%d files are called assets/%s", len(found), pattern)
		}
		return costs.Compressed(t, read(t, shared.site, "assets/"+filepath.Base(found[0])))
	}
	everyPage, demand := size("theme.*.js")+size("main.*.js"), size("palette.*.js")+size("list.*.js")
	keep(t, "styles, compressed", size("site.*.css"), styleBudget)
	keep(t, "scripts of every page, compressed", everyPage, everyPageBudget)
	keep(t, "scripts on demand, compressed", demand, demandBudget)
	keep(t, "all scripts, compressed", everyPage+demand, scriptBudget)
}

func TestServicePageBudget(t *testing.T) {
	t.Parallel()
	var raw, small int
	for _, page := range pagesBelow(t, "services") {
		html := read(t, shared.site, page)
		raw, small = max(raw, len(html)), max(small, costs.Compressed(t, html))
	}
	keep(t, "largest page of a service", raw, pageBudget)
	keep(t, "largest page of a service, compressed", small, pageSmallBudget)
}

func TestOnCallViewBudget(t *testing.T) {
	t.Parallel()
	var raw int
	for _, page := range pagesBelow(t, "now") {
		raw = max(raw, len(read(t, shared.site, page)))
	}
	keep(t, "largest page for whoever is called", raw, nowBudget)
}

// What a first visit loads, compressed file by file, and how much the page moves while
// it loads.
func TestFirstViewBudget(t *testing.T) {
	for _, screen := range []view{laptop, phone} {
		screen.scriptDelay = 700 * time.Millisecond // a slow line: pages are seen before scripts come
		for _, page := range []string{"index.html", "services/index.html", "services/payments-api.html", "now/journey-search.html", "teams/payments.html", "services/payments-api/runbooks/processor-timeout.html"} {
			t.Run(screen.name()+"/"+page, func(t *testing.T) {
				t.Parallel()
				b := newTab(t, screen)
				b.open(page)
				b.settle()
				total := 0
				for _, file := range b.loaded() {
					total += costs.Compressed(t, read(t, shared.site, file))
				}
				keep(t, "first view", total, firstViewBudget)
				moved := eval[[]shift](b, shifts)
				sum := 0.0
				for _, s := range moved {
					sum += s.Value
				}
				t.Logf("layout shift: %.3f %v", sum, moved)
				if sum > shiftBudget {
					t.Errorf("the page moves by %.3f while it loads, the budget is %.2f: %v", sum, shiftBudget, moved)
				}
			})
		}
	}
}

// shift is one jump of what a page shows, and what jumped.
type shift struct {
	Value float64  `json:"value"`
	What  []string `json:"what"`
}

const shifts = `new Promise((done) => {
	const found = [];
	new PerformanceObserver((list) => {
		for (const e of list.getEntries()) {
			found.push({ value: e.value, what: e.sources.map((s) => (s.node?.outerHTML ?? s.node?.textContent ?? "?").slice(0, 80) + " " + s.previousRect.x + "," + s.previousRect.y + " to " + s.currentRect.x + "," + s.currentRect.y) });
		}
	}).observe({ type: "layout-shift", buffered: true });
	setTimeout(() => done(found), 100);
})`

// loaded returns the files of the site that the tab has asked for, each once.
func (b *tab) loaded() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	seen := map[string]bool{}
	var files []string
	for _, url := range b.requests {
		file, _, _ := strings.Cut(strings.TrimPrefix(url, b.root), "#")
		if !seen[file] && strings.HasPrefix(url, b.root) {
			seen[file] = true
			files = append(files, file)
		}
	}
	return files
}

func TestDocumentPageBudget(t *testing.T) {
	t.Parallel()
	small, pages := 0, 0
	for _, folder := range []string{"runbooks", "adr", "postmortems", "docs", "playbooks", "guides"} {
		for _, page := range files(t, shared.site, ".html") {
			if strings.HasPrefix(page, "services/") && strings.Contains(page, "/"+folder+"/") {
				small = max(small, costs.Compressed(t, read(t, shared.site, page)))
				pages++
			}
		}
	}
	if pages < 40 {
		t.Fatalf("the example has only %d pages of documents", pages)
	}
	keep(t, "largest page of a document, compressed", small, documentBudget)
}

package browsertest

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/signpost-dev/signpost/internal/bench/generate"
	"github.com/signpost-dev/signpost/internal/tabmeter"
)

// What a tab may take with a large catalog. What is measured by the clock is allowed as
// much more as other programs have slowed the page down, and is tried again.
const (
	slowestInput  = 200 // ms from a key or click to the next picture: what counts as good
	usualHandling = 16  // ms that the page's code takes at once for half of them
	longestTask   = 50  // ms of the processor; as a rule 10 to 25
	rounds        = 3
)

// largeCatalog is how many services the large catalog has: 10,000, or more by
// SIGNPOST_SERVICES, for figures.
func largeCatalog(t *testing.T) int {
	services := 10_000
	if given := os.Getenv("SIGNPOST_SERVICES"); given != "" {
		if _, err := fmt.Sscan(given, &services); err != nil {
			t.Fatalf("SIGNPOST_SERVICES=%s is not a number of services: %v", given, err)
		}
	}
	return services
}

// buildLarge builds the search index and the list of services, and little else, of a
// catalog with so many services: the first of 991 shares happens to hold both.
func buildLarge(t *testing.T, services int) string {
	t.Helper()
	dir := t.TempDir()
	catalog, site := dir+"/catalog", dir+"/site"
	if _, err := generate.Descriptors(catalog, services); err != nil {
		t.Fatal(err)
	}
	if _, err := shared.build(catalog, site, "--shard", "1/991", "--no-cache", "--base-url", baseURL); err != nil {
		t.Fatal(err)
	}
	for _, page := range []string{"services/index.html", "search/index.html"} {
		if _, err := os.Stat(site + "/" + page); err != nil {
			t.Fatalf("share 1/991 of the site no longer holds %s: find a number of shares whose first does (pkg/site/share.go)", page)
		}
	}
	// Scripts and styles are those of every site, and lie in other shares.
	if err := os.RemoveAll(site + "/assets"); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(site+"/assets", os.DirFS(shared.site+"/assets")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(site+"/build.js", read(t, shared.site, "build.js"), 0o666); err != nil {
		t.Fatal(err)
	}
	return site
}

// With 10,000 services a reader who types and narrows is answered soon, and the tab stays
// small.
func TestLargeCatalog(t *testing.T) {
	services := largeCatalog(t)
	site := buildLarge(t, services)
	for _, disk := range []bool{false, true} {
		t.Run(fmt.Sprintf("disk=%v", disk), func(t *testing.T) {
			for round := 1; ; round++ {
				b := newTab(t, view{site: site, disk: disk})
				b.open("services/index.html")
				if got := b.indexFiles(); len(got) > 0 {
					t.Errorf("showing the list loads %q of the index, which nobody has asked for", got)
				}
				if err := tabmeter.Observe(b.ctx); err != nil {
					t.Fatal(err)
				}
				b.takeBackWhileLoading()
				typing := b.traced("typing", b.typeNames)
				narrowing := b.traced("narrowing", b.narrowList)
				checkTasks(t, typing)
				checkTasks(t, narrowing)
				b.checkMemory(services)
				if b.answersSoon(max(typing.Stretch, narrowing.Stretch)) || t.Failed() {
					break
				}
				if round == rounds {
					t.Errorf("in %d attempts, pictures never came within %d ms of keys and clicks (INP), with half of them handled in %d ms", rounds, slowestInput, usualHandling)
					break
				}
			}
		})
	}
}

// indexFiles returns what the tab has loaded of the index.
func (b *tab) indexFiles() []string {
	var files []string
	for _, file := range b.loaded() {
		if strings.HasPrefix(file, "search/") {
			files = append(files, file)
		}
	}
	return files
}

// takeBackWhileLoading chooses a value and takes it back before the columns have come.
// They then must not change the page: the choice is no longer one.
func (b *tab) takeBackWhileLoading() {
	b.Helper()
	eval[bool](b, `(() => {
		let resolve;
		const promise = new Promise((r) => (resolve = r));
		signpost.known.set("search/c/0", { came: false, promise, resolve });
		return true;
	})()`)
	whole := b.text(".total")
	b.check("tier", "1")
	b.wait("a busy table", `document.querySelector("table").ariaBusy === "true"`)
	b.click(".chip")
	b.wait("the table as it came", `document.querySelector("table").ariaBusy === "false"`)
	eval[bool](b, `new Promise((done) => {
		signpost.known.get("search/index").promise.then((entry) => {
			const script = document.createElement("script");
			script.onload = () => done(true);
			script.src = signpost.scriptURL("search/c/0-" + entry.shards[0].hash + ".js");
			document.head.append(script);
		});
	})`)
	b.settle()
	if got := b.text(".total"); got != whole {
		b.Errorf("a choice that was taken back while columns were loading leaves the count %q, not %q", got, whole)
	}
	if !eval[bool](b, `document.querySelector("nav.pages").checkVisibility()`) {
		b.Error("a choice that was taken back while columns were loading replaces the pages of the list")
	}
}

// typeNames finds services as readers do: by name, with a mistake, by words and by owner.
func (b *tab) typeNames() {
	b.openPalette()
	for _, query := range []string{"account-audit-api", "acount audti", "notifier order replay", "@silver ferry", "zzqxvkw"} {
		eval[bool](b, `(document.activeElement.select(), true)`)
		for _, key := range query {
			b.press(string(key))
			time.Sleep(20 * time.Millisecond)
		}
		b.answered(query)
	}
	if got := b.text(".palette .say"); !strings.HasPrefix(got, "Nothing found") {
		b.Errorf("asked for nonsense, the palette says %q", got)
	}
	b.escapeDialog()
}

// narrowList chooses values of facets, sorts what is left, takes the choice back, and holds
// what is shown against what the page said.
func (b *tab) narrowList() {
	whole := b.text(".total")
	said := b.text(`.facets label:has(input[name=tier][value="1"]) .n`)
	b.check("tier", "1")
	b.wait("services of tier 1", fmt.Sprintf(`document.querySelector(".total").textContent.endsWith(" of %s")`, said))
	b.check("dataResidency", "uk")
	b.wait("a second chip", `document.querySelectorAll(".chip").length === 2 && document.querySelector("table").ariaBusy === "false"`)
	both := b.text(`.facets label:has(input[name=dataResidency][value="uk"]) .n`)
	b.wait("as many services as the facet says", fmt.Sprintf(`document.querySelector(".total").textContent.endsWith(" of %s")`, both))
	b.click("th[data-key=system] button")
	b.wait("the list by system", `document.querySelector("th[data-key=system][aria-sort=ascending]") && document.querySelector("table").ariaBusy === "false"`)
	for left := 1; left >= 0; left-- {
		b.click(".chip")
		b.wait("a chip less", fmt.Sprintf(`document.querySelectorAll(".chip").length === %d`, left))
	}
	b.wait("the whole list by system", fmt.Sprintf(`document.querySelectorAll(".chip").length === 0 && document.querySelector(".total").textContent === %q`, whole))
}

func (b *tab) traced(what string, do func()) tabmeter.Tasks {
	b.Helper()
	meter, err := tabmeter.Start(b.ctx)
	if err != nil {
		b.Fatal(err)
	}
	do()
	tasks, err := meter.Tasks()
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("%s: %d tasks of the main thread, 99 of 100 below %.1f ms, the longest %.1f ms; other programs made them %.1f times as long", what, len(tasks.CPU), tabmeter.Share(tasks.CPU, 0.99), tasks.CPU[len(tasks.CPU)-1], tasks.Stretch)
	return tasks
}

func checkTasks(t *testing.T, tasks tabmeter.Tasks) {
	t.Helper()
	if longest := tasks.CPU[len(tasks.CPU)-1]; longest > longestTask {
		t.Errorf("a task had the processor for %.1f ms, more than %d ms: it belongs in slices (site-templates/ts/slices.ts)", longest, longestTask)
	}
}

// checkMemory allows 2 MB for each thousand services, and 20 MB for the page.
func (b *tab) checkMemory(services int) {
	b.Helper()
	bytes, err := tabmeter.Memory(b.ctx)
	if err != nil {
		b.Fatal(err)
	}
	budget := 20e6 + 2e3*float64(services)
	b.Logf("memory: %.1f MB", bytes/1e6)
	if bytes > budget {
		b.Errorf("the tab holds %.1f MB for %d services, more than %.1f MB", bytes/1e6, services, budget/1e6)
	}
}

// answersSoon reports whether the next picture came soon after keys and clicks. stretch is
// how much longer the page's tasks took than on a machine of their own.
func (b *tab) answersSoon(stretch float64) bool {
	b.Helper()
	seen, err := tabmeter.Observed(b.ctx)
	if err != nil {
		b.Fatal(err)
	}
	n := len(seen.Waits)
	if n == 0 {
		b.Log("every key and click was followed by a picture within 16 ms")
		return true
	}
	usual := tabmeter.Share(seen.Handlings, 0.5)
	b.Logf("%d keys and clicks waited 16 ms or more for the next picture, half of them up to %.0f ms; INP %.0f ms; handling took %.1f ms for half of them, %.1f ms at most",
		n, tabmeter.Share(seen.Waits, 0.5), seen.INP(), usual, seen.Handlings[n-1])
	return seen.INP() <= slowestInput*stretch && usual <= usualHandling*stretch
}

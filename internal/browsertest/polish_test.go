package browsertest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// No button lies over code: what it hid would be typed wrong.
func TestCopyButtonsCoverNoCode(t *testing.T) {
	for _, screen := range []view{laptop, phone} {
		t.Run(screen.name(), func(t *testing.T) {
			t.Parallel()
			b := newTab(t, screen)
			b.open("services/payments-api/runbooks/processor-timeout.html")
			for _, what := range eval[[]string](b, `[...document.querySelectorAll(".code")].filter((box) => {
				const pre = box.querySelector("pre").getBoundingClientRect(), button = box.querySelector("button").getBoundingClientRect();
				return button.left < pre.right - 1 && button.right > pre.left + 1 && button.top < pre.bottom - 1 && button.bottom > pre.top + 1;
			}).map((box) => box.innerText.slice(0, 80))`) {
				t.Errorf("a button lies over %q", what)
			}
			if b.count(".code button") == 0 {
				t.Error("there are no buttons")
			}
		})
	}
}

// On a phone the fields of a row stand on one line of writing, be they links or not.
func TestPhoneFieldsShareABaseline(t *testing.T) {
	t.Parallel()
	b := newTab(t, phone)
	b.open("services/payments-api.html")
	uneven := eval[[]string](b, `[...document.querySelectorAll(".flow tr")].flatMap((row) => {
		const baseline = (cell) => {
			const mark = cell.appendChild(document.createElement("span"));
			mark.style.display = "inline-block"; // of no height: it stands on the line
			const y = mark.getBoundingClientRect().bottom;
			mark.remove();
			return Math.round(y);
		};
		const cells = [...row.querySelectorAll("td[data-th]")].filter((cell) => cell.textContent);
		return cells.slice(1).map((cell, i) => [baseline(cells[i]), baseline(cell), row.innerText])
			.filter(([a, b]) => Math.abs(a - b) > 0 && Math.abs(a - b) < 12).map(([a, b, text]) => (b - a) + " px in " + text);
	})`)
	for _, what := range uneven[:min(3, len(uneven))] {
		t.Errorf("fields differ by %s", what)
	}
}

// On a phone a drawing begins with what it is about, and says that it goes on.
func TestPhoneDrawingsAreCentred(t *testing.T) {
	t.Parallel()
	b := newTab(t, phone)
	b.open("services/payments-api.html")
	middle := eval[float64](b, `(() => { const r = document.querySelector(".dg-focus rect").getBoundingClientRect(); return r.left + r.width / 2; })()`)
	if half := float64(phone.width) / 2; middle < half-12 || middle > half+12 {
		t.Errorf("what the drawing is about stands at %.0f px of %d", middle, phone.width)
	}
	if got := b.text(".graph"); !strings.Contains(got, "Scroll sideways") {
		t.Errorf("the drawing does not say that it goes on: %q", got)
	}
	b.do(size(laptop))
	b.open("services/payments-api.html")
	if got := b.text(".graph"); strings.Contains(got, "Scroll") {
		t.Error("a drawing that is shown whole says that it goes on")
	}
}

// An address of a person or a team breaks at its joints.
func TestAddressesBreakAtTheirJoints(t *testing.T) {
	t.Parallel()
	b := newTab(t, phone)
	b.open("teams/payments.html")
	lines := eval[[]string](b, `(() => {
		const value = document.querySelector("[data-answer=email] b"), lines = [];
		let last = NaN;
		for (const node of value.childNodes) for (let i = 0; i < (node.data?.length ?? 0); i++) {
			const range = document.createRange();
			range.setStart(node, i);
			range.setEnd(node, i + 1);
			const top = range.getBoundingClientRect().top;
			if (Math.abs(top - last) < 4) lines[lines.length - 1] += node.data[i];
			else lines.push(node.data[i]);
			last = top;
		}
		return lines;
	})()`)
	if len(lines) < 2 {
		t.Fatalf("the address stands on one line, so that nothing is tested: %q", lines)
	}
	for _, line := range lines[:len(lines)-1] {
		if next := lines[len(lines)-1]; !strings.HasSuffix(line, "@") && !strings.HasPrefix(next, ".") {
			t.Errorf("the address breaks within a word: %q", lines)
		}
	}
}

// The list of shortcuts begins at its beginning, however small the screen.
func TestShortcutsBeginAtTheTop(t *testing.T) {
	t.Parallel()
	b := newTab(t, view{width: 390, height: 500})
	b.open("index.html")
	b.press("?")
	b.wait("the list of shortcuts", `document.querySelector("dialog.shortcuts[open]")`)
	if at := eval[float64](b, `document.querySelector("dialog.shortcuts").scrollTop`); at != 0 {
		t.Errorf("it is scrolled by %.0f px", at)
	}
	if got := b.text("dialog.shortcuts label"); got != "Single-key shortcuts" {
		t.Errorf("the switch is called %q", got)
	}
}

// Every result says what it is and whose, by the team's title.
func TestResultsSayWhatTheyAre(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	b.open("search/index.html#q=processor+timeout")
	b.wait("results in texts", `document.querySelector("[data-search-results] .sub")`)
	b.settle()
	for _, hit := range eval[[][3]string](b, `[...document.querySelectorAll("[data-search-results] .hit")].map((hit) => [
		hit.querySelector(".what").innerText, hit.querySelector(".what .small").innerText.trim(), hit.closest("section").querySelector("h2").textContent])`) {
		if title, kind, group := hit[0], hit[1], hit[2]; group == "In the text" && kind == "" || strings.HasPrefix(kind, "tier") && group == "In the text" {
			t.Errorf("%q does not say what it is", title)
		}
	}
	got := b.text(`[data-search-results] a[href*="onboarding"] .whose`)
	if !strings.HasPrefix(got, "Payments ·") {
		t.Errorf("a guide about a team is %q, want the title of the team", got)
	}
}

// The shapes of lifecycles stay when a list is narrowed.
func TestNarrowedListsKeepShapes(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	b.open("services/index.html#lifecycle=deprecated&lifecycle=retired")
	b.wait("the narrowed list", `document.querySelector(".chip")`)
	b.settle()
	if n, shapes := b.count("tbody tr"), b.count("tbody .st.warning, tbody .st.bad"); n == 0 || n != shapes {
		t.Errorf("%d rows have %d shapes", n, shapes)
	}
}

// Whoever is alone in a rotation is on call without an end, not until the day up to
// which the page knows.
func TestAloneInARotation(t *testing.T) {
	t.Parallel()
	site := siteOf(t, map[string]string{
		"signpost.yaml": ownersCatalog["signpost.yaml"],
		"service.yaml":  ownersCatalog["service.yaml"] + "tier: 1\n",
		"team.yaml": strings.Replace(ownersCatalog["team.yaml"], "channel:", `oncall: {rotation: solo}
rotations: [{name: solo, start: 2026-01-05, length: 1w, participants: [person:ada]}]
channel:`, 1),
	})
	b := newTab(t, view{site: site})
	for _, page := range []string{"services/oven.html", "index.html"} {
		b.open(page)
		if got := b.text("[data-answer=oncall]"); !strings.Contains(got, "Ada Byron") || !strings.Contains(got, "with nobody else in the rotation") || strings.Contains(got, "until") {
			t.Errorf("%s: on call is %q", page, got)
		}
	}
}

// A list that scripts narrow calls an owner that is wrong wrong, as the page did.
func TestNarrowedListsKeepWrongOwners(t *testing.T) {
	t.Parallel()
	site := siteOf(t, map[string]string{
		"signpost.yaml": ownersCatalog["signpost.yaml"],
		"team.yaml":     ownersCatalog["team.yaml"],
		"service.yaml":  ownersCatalog["service.yaml"] + "lifecycle: production\n---\napiVersion: signpost.dev/v1\nkind: service\nname: mill\nowner: team:millers\nlifecycle: production\n",
	})
	b := newTab(t, view{site: site})
	b.open("services/index.html#lifecycle=production")
	b.wait("the narrowed list", `document.querySelector(".chip")`)
	b.settle()
	if got := b.text("tbody"); !strings.Contains(got, "does not exist") || strings.Contains(got, "none") {
		t.Errorf("the list says %q", got)
	}
}

// siteOf builds the site of a catalog of a few files.
func siteOf(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	catalog, site := filepath.Join(dir, "catalog"), filepath.Join(dir, "site")
	if err := os.Mkdir(catalog, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(catalog, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := shared.build(catalog, site, "--now", now.Format(time.RFC3339)); err != nil {
		t.Fatal(err)
	}
	return site
}

// The example shows more than one way to be on call, which the home page names.
func TestHomeNamesSystemsOutside(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	b.open("index.html")
	got := b.text(".posts")
	for _, want := range []string{"PagerDuty", "Sunita Pillai", "Edge Gateway", "Rail Gateway"} {
		if !strings.Contains(got, want) {
			t.Errorf("on call now does not say %q:\n%s", want, got)
		}
	}
	plain := newTab(t, view{noScript: true})
	plain.open("index.html")
	for _, blade := range strings.Split(plain.text(".posts"), "see the shifts") {
		lines := strings.Split(strings.TrimSpace(blade), "\n")
		for i := range lines[1:] {
			if strings.TrimSpace(lines[i]) != "" && lines[i] == lines[i+1] {
				t.Errorf("without scripts a blade says twice: %s", fmt.Sprintf("%q", lines))
			}
		}
	}
}

// Lists of documents are narrowed by links, with and without scripts, on a phone behind
// a button; a chip leads back.
func TestDocumentsAreNarrowed(t *testing.T) {
	for name, v := range map[string]view{"laptop": laptop, "phone": phone, "no-script": {noScript: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newTab(t, v)
			b.open("runbooks/index.html")
			all := b.count("tbody tr")
			if v.phone {
				if b.count(".narrow li a") > 0 {
					t.Error("the filters stand in the way of the list")
				}
				b.click(".narrow summary")
			}
			b.click(`.narrow a[href="-/owner/payments/index.html"]`)
			b.waitPage("runbooks/-/owner/payments/index.html")
			if n := b.count("tbody tr"); n == 0 || n >= all {
				t.Errorf("%d of %d runbooks are left", n, all)
			}
			b.click(".chip")
			b.waitPage("runbooks/index.html")
		})
	}
}

// What is ticked off stands as a bullet does: the lines below begin where the text begins.
func TestTasksHang(t *testing.T) {
	for _, screen := range []view{laptop, phone} {
		t.Run(screen.name(), func(t *testing.T) {
			t.Parallel()
			b := newTab(t, screen)
			b.open("services/payments-api/runbooks/processor-timeout.html")
			lines := eval[[]float64](b, `[...document.querySelectorAll(".task-list-item")].map((item) => {
				const text = document.createRange();
				text.selectNodeContents(item);
				text.setStartAfter(item.querySelector("input"));
				const lefts = [...text.getClientRects()].filter((r) => r.width > 8).map((r) => r.left);
				const box = item.querySelector("input").getBoundingClientRect();
				return box.right > item.getBoundingClientRect().left ? -1 : Math.max(0, item.getBoundingClientRect().left - Math.min(...lefts));
			})`)
			if len(lines) == 0 {
				t.Fatal("the page has no tasks")
			}
			for i, gap := range lines {
				if gap < 0 || gap > 4 {
					t.Errorf("task %d: the box stands in the way of the text (%v)", i+1, gap)
				}
			}
		})
	}
}

// The pencil does not touch the word beside it.
func TestPencilsStandApart(t *testing.T) {
	t.Parallel()
	b := newTab(t, laptop)
	b.open("services/payments-api/runbooks/processor-timeout.html")
	gap := eval[float64](b, `(() => {
		const edit = document.querySelector(".history .edit");
		return edit.querySelector("span").getBoundingClientRect().left - edit.querySelector("svg").getBoundingClientRect().right;
	})()`)
	if gap < 4 {
		t.Errorf("%.1f px lie between the pencil and the word", gap)
	}
}

// What is on a page does not stand in front of it: a long list of contents scrolls by itself,
// and goes along with the reader where there is room.
func TestLongContents(t *testing.T) {
	t.Parallel()
	catalog := t.TempDir()
	var text strings.Builder
	text.WriteString("---\nabout: [team:core]\n---\n# Long\n")
	for i := range 120 {
		fmt.Fprintf(&text, "\n## Part %d of what there is to know\n\nA sentence.\n\nAnother one.\n", i)
	}
	for name, content := range map[string]string{
		"signpost.yaml":  "apiVersion: signpost.dev/v1\ntitle: T\n",
		"core/team.yaml": "apiVersion: signpost.dev/v1\nkind: team\nname: core\nmembers: [person:ada]\nchannel: slack:#core\n---\napiVersion: signpost.dev/v1\nkind: person\nname: ada\n",
		"core/long.md":   text.String(),
	} {
		file := filepath.Join(catalog, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	site := filepath.Join(t.TempDir(), "site")
	if _, err := shared.build(catalog, site); err != nil {
		t.Fatal(err)
	}
	small := phone
	small.site = site
	b := newTab(t, small)
	b.open("teams/core/long.html")
	if top := eval[float64](b, `document.querySelector(".prose").getBoundingClientRect().top`); top > 900 {
		t.Errorf("on a phone the text begins %.0f px down", top)
	}
	large := laptop
	large.site = site
	b = newTab(t, large)
	b.open("teams/core/long.html#part-100-of-what-there-is-to-know")
	b.wait("the link to the part that is read to be in view", `(() => {
		const link = document.querySelector(".contents [aria-current]")?.getBoundingClientRect();
		return link && scrollY > 1000 && link.top >= 0 && link.bottom <= innerHeight;
	})()`)
}

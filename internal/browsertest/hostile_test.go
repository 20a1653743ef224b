package browsertest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// attacks returns all attacks of the test data that fit on a line.
func attacks(t *testing.T) []string {
	t.Helper()
	root := os.Getenv("SIGNPOST_TESTDATA")
	if root == "" {
		t.Skip("SKIPPED: SIGNPOST_TESTDATA is not set, so no attack was tried")
	}
	hostile := filepath.Join(root, "hostile")
	lists, err := filepath.Glob(filepath.Join(hostile, "xss", "*.txt"))
	if err != nil || len(lists) == 0 {
		t.Fatalf("no lists of attacks: %v", err)
	}
	var all []string
	for _, list := range lists {
		data, err := os.ReadFile(list)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, strings.Split(string(data), "\n")...)
	}
	var payloads []struct{ Payload string }
	var strs []string
	for name, to := range map[string]any{"xss/dompurify-expect.json": &payloads, "strings/blns.json": &strs} {
		data, err := os.ReadFile(filepath.Join(hostile, name))
		if err == nil {
			err = json.Unmarshal(data, to)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range payloads {
		strs = append(strs, p.Payload)
	}
	seen := map[string]bool{}
	var unique []string
	for _, attack := range append(all, strs...) {
		attack = strings.ToValidUTF8(strings.Join(strings.FieldsFunc(attack, func(r rune) bool { return r < ' ' || r == 0x7f }), " "), "")
		if attack != "" && len(attack) < 4000 && !seen[attack] {
			seen[attack] = true
			unique = append(unique, attack)
		}
	}
	return unique
}

// Where an attack stands in a document. Each is an item of a list, which ends whatever it
// has opened. Every attack stands in the main sinks, and in one of the others.
var mainSinks = []string{"- %s\n", "- [a link](<%s>) ![a picture](%[1]s)\n", "- <a href=\"%s\" title='%[1]s'>x</a>\n"}

var sinks = []string{
	"- a %s\n", "- | a |\n  |---|\n  | %s |\n", "- ## %s\n", "- > [!NOTE]\n  > %s\n", "- ```%s\n  code\n  ```\n",
	"- !!! note \"%s\"\n      %[1]s\n", "- === \"%s\"\n      text\n",
}

// mayRun finds, in the page as the browser has understood it, what could run or load
// something: elements, attributes and addresses that no document may have.
const mayRun = `(() => {
	const bad = [], elements = [...document.querySelectorAll(".prose *")]
	for (const e of elements) {
		if (!/^(a|b|i|s|p|q|h[1-6]|hr|br|wbr|div|span|section|pre|code|tt|kbd|samp|var|em|strong|small|sub|sup|del|ins|mark|abbr|bdo|cite|dfn|ruby|rt|rp|strike|time|ul|ol|li|dl|dt|dd|table|thead|tbody|tfoot|tr|th|td|caption|blockquote|details|summary|figure|figcaption|input|button|img)$/.test(e.localName) || e.namespaceURI !== "http://www.w3.org/1999/xhtml")
			bad.push("<" + e.localName + ">")
		for (const a of e.attributes)
			if (/^(on|style$|srcdoc$|formaction$|action$|data$|background$|ping$|xlink)/i.test(a.name)) bad.push(e.localName + " " + a.name + "=" + a.value)
		if (e.localName === "a" && e.hasAttribute("href") && !/^(https?|mailto|file):$/.test(e.protocol)) bad.push("a to " + e.href)
		if (e.localName === "img" && new URL(e.src).origin !== location.origin) bad.push("img of " + e.src)
		if (e.localName === "input" && !(e.type === "checkbox" && e.disabled)) bad.push("input " + e.type)
	}
	return JSON.stringify({bad: bad.slice(0, 5), elements: elements.length})
})()`

// TestAttacksInDocuments builds a site whose documents hold every attack in many places, and
// lets a browser read its pages without the site's policy, which would hide what came
// through: nothing may run, load, or be able to.
func TestAttacksInDocuments(t *testing.T) {
	all := attacks(t)
	if len(all) < 5000 {
		t.Fatalf("only %d attacks", len(all))
	}
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, "catalog", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range ownersCatalog {
		write(name, text)
	}
	write("services/a/service.yaml", "apiVersion: signpost.dev/v1\nkind: service\nname: a\nowner: team:bakery\n")
	write("services/a/mkdocs.yml", "site_name: <script>alert(1)</script>\nnav:\n  - \"<img src=x onerror=alert(1)>\": \"0.md\"\n")
	const together = 200
	pages := 0
	for from := 0; from < len(all); from += together {
		var b strings.Builder
		b.WriteString("# Attacks\n\n")
		for i, attack := range all[from:min(from+together, len(all))] {
			for _, sink := range append(mainSinks, sinks[i%len(sinks)]) {
				fmt.Fprintf(&b, sink, attack)
			}
		}
		write(fmt.Sprintf("services/a/docs/%d.md", pages), b.String())
		pages++
	}
	site := filepath.Join(dir, "site")
	if _, err := shared.build(filepath.Join(dir, "catalog"), site); err != nil {
		t.Fatal(err)
	}
	b := newTab(t, view{site: site, bypassPolicy: true})
	elements := 0
	for i := range pages {
		b.open(fmt.Sprintf("services/a/docs/%d.html", i))
		var seen struct {
			Bad      []string
			Elements int
		}
		if err := json.Unmarshal([]byte(eval[string](b, mayRun)), &seen); err != nil {
			t.Fatal(err)
		}
		if len(seen.Bad) > 0 {
			t.Errorf("page %d: %q", i, seen.Bad)
		}
		if seen.Elements < together/2 && i < pages-1 {
			t.Errorf("page %d shows only %d elements", i, seen.Elements)
		}
		elements += seen.Elements
	}
	t.Logf("%d attacks on %d pages, which have %d elements", len(all), pages, elements)
}

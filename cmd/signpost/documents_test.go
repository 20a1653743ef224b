package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/signpost-dev/signpost/internal/costs"
)

// shelf writes a catalog of one service, whose documents somebody else puts there.
func shelf(t *testing.T) (dir, service string) {
	t.Helper()
	dir = t.TempDir()
	service = filepath.Join(dir, "services", "a")
	if err := os.MkdirAll(service, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"signpost.yaml":           "apiVersion: signpost.dev/v1\ntitle: Test\n",
		"team.yaml":               "apiVersion: signpost.dev/v1\nkind: team\nname: a\nmembers: [ada]\nchannel: slack:#a\n---\napiVersion: signpost.dev/v1\nkind: person\nname: ada\n",
		"services/a/service.yaml": "apiVersion: signpost.dev/v1\nkind: service\nname: a\nowner: a\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir, service
}

// siteOf builds a catalog and returns the folder of its site.
func siteOf(t *testing.T, dir string) string {
	t.Helper()
	site := filepath.Join(t.TempDir(), "site")
	if status, _, stderr := signpost(t, "build", dir, "--out", site, "--now", "2026-11-23", "--no-cache"); status != statusFine {
		t.Fatalf("build ended with %d:\n%s", status, stderr)
	}
	return site
}

func packed(t *testing.T, file string) (size, small int) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return len(data), costs.Compressed(t, data)
}

// pageBudget is for the page of a document, compressed by gzip, without pictures.
const pageBudget = 30 << 10

// TestRealDocumentPages builds sites of the runbooks, decisions and manuals that others wrote.
// Their pages are small, and what other programs would have filled in stays readable: no
// shortcode of Hugo and nothing of ERB vanishes.
func TestRealDocumentPages(t *testing.T) {
	data := realData(t)
	marks, largest := 0, 0
	for _, folder := range []string{"gitlab-runbooks/docs", "openshift-runbooks", "prometheus-operator-runbooks", "govuk-developer-docs/source", "content-publisher-adr/docs", "opentelemetry-demo"} {
		dir, service := shelf(t)
		from := os.DirFS(filepath.Join(data, folder))
		err := fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(name) != ".md" {
				return err
			}
			text, err := fs.ReadFile(from, name)
			if err != nil {
				return err
			}
			to := filepath.Join(service, "docs", name)
			if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
				return err
			}
			return os.WriteFile(to, text, 0o666)
		})
		if err != nil {
			t.Fatal(err)
		}
		site := siteOf(t, dir)
		pages := 0
		err = fs.WalkDir(os.DirFS(service), "docs", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			page := filepath.Join(site, "services", "a", strings.ToLower(strings.TrimSuffix(name, ".md"))+".html")
			size, small := packed(t, page)
			pages++
			if largest = max(largest, small); small > pageBudget {
				t.Errorf("the page of %s/%s has %d bytes, %d compressed", folder, name, size, small)
			}
			text, err := os.ReadFile(filepath.Join(service, name))
			if err != nil {
				return err
			}
			marks += keepsMarks(t, name, string(text), page)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d pages", folder, pages)
	}
	t.Logf("the largest page has %d bytes compressed", largest)
	if marks < 9 {
		t.Errorf("only %d shortcodes and pieces of ERB were compared", marks)
	}
}

// keepsMarks wants each shortcode and each piece of ERB of a document among the words of its page.
func keepsMarks(t *testing.T, name, text, page string) (marks int) {
	t.Helper()
	data, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	shown := shownWords(t, data)
	for _, pair := range [][2]string{{"{{<", ">}}"}, {"{{%", "%}}"}, {"<%", "%>"}} {
		for rest := text; ; {
			_, after, found := strings.Cut(rest, pair[0])
			inside, next, closed := strings.Cut(after, pair[1])
			if !found || !closed {
				break
			}
			rest = next
			marks++
			mark := strings.Join(strings.Fields(pair[0]+inside+pair[1]), " ")
			if !strings.Contains(shown, mark) {
				t.Errorf("%s: %s is not shown", name, mark)
			}
		}
	}
	return marks
}

// shownWords are the words of a page.
func shownWords(t *testing.T, data []byte) string {
	t.Helper()
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode {
			b.WriteString(n.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// TestManyDocuments puts 2,000 documents and one of 10,000 lines on one service. No page may
// grow with them, and neither time nor memory get out of hand.
func TestManyDocuments(t *testing.T) {
	const many = 2000
	dir, service := shelf(t)
	if err := os.Mkdir(filepath.Join(service, "docs"), 0o777); err != nil {
		t.Fatal(err)
	}
	words := strings.Repeat("How it works is said here, and `what` to do about *it*, see service:a. ", 6)
	for i := range many {
		text := fmt.Sprintf("# Guide %d\n\n%s\n\n## Steps\n\n1. One\n2. Two\n\n| a | b |\n|---|---|\n| %d | 2 |\n", i, words, i)
		if err := os.WriteFile(filepath.Join(service, "docs", fmt.Sprintf("g%04d.md", i)), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var long strings.Builder
	long.WriteString("# A long one\n")
	for i := range 2500 {
		fmt.Fprintf(&long, "\n## Part %d\n\nWords of part %d, with [a link](g%04d.md).\n", i, i, i%many)
	}
	if err := os.WriteFile(filepath.Join(service, "docs", "long.md"), []byte(long.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	var site string
	costs.Within(t, "building", costs.Limit{Time: 60 * time.Second, Bytes: 1 << 30}, func() { site = siteOf(t, dir) })
	for file, most := range map[string]int{
		"services/a.html": pageBudget, "guides/index.html": pageBudget, "services/a/-/guides/index.html": pageBudget,
		"services/a/docs/g0007.html": pageBudget, "services/a/docs/long.html": 120 << 10,
	} {
		size, small := packed(t, filepath.Join(site, filepath.FromSlash(file)))
		t.Logf("%s: %d bytes, %d compressed", file, size, small)
		if small > most {
			t.Errorf("%s has %d bytes compressed, more than %d", file, small, most)
		}
	}
	page, err := os.ReadFile(filepath.Join(site, "services", "a.html"))
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(page, []byte("docs/g0")); n > 60 || !bytes.Contains(page, []byte("1951 more")) {
		t.Errorf("the page of the service names %d guides, and does not lead to all", n)
	}
}

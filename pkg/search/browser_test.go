package search

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/evanw/esbuild/pkg/api"
	"github.com/google/go-cmp/cmp"
)

// testPage stands two folders below a site's root, has the site's policy, and an
// element that a script could take for the registry.
const testPage = `<!doctype html>
<html lang="en" data-base="../">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types signpost">
<title>search</title>
<script defer src="../assets/again.js"></script>
<script defer src="../assets/search.js"></script>
</head>
<body><h1 id="signpost">Search</h1></body>
</html>
`

// testEntry is what the page's script adds to the reader: the answer to many queries
// in the shape that goAnswers has.
const testEntry = `
import * as s from "./search";
import { base, load } from "./load";
import { words } from "./search-words";
import { narrow } from "./narrow";
import { open } from "./columns";
async function answers(queries) {
  const out = [];
  for (const { query, document } of queries) {
    const hits = await (document ? s.searchDocuments(query, { limit: 5 }) : s.search(query, { limit: 5 }));
    out.push(hits.map((h) => [h.source, h.kind, h.kindTitle, h.name, h.title, h.url, h.owner, h.ownerTitle, h.oncall, h.channel, h.tier, h.lifecycle, h.heading ?? "", h.excerpt ?? "", h.score].join(" | ")));
  }
  return out;
}
async function timed(query) {
  const start = performance.now();
  await s.search(query, { limit: 20 });
  return performance.now() - start;
}
// keys types a query and returns how long each key press took, at best of three.
async function keys(query) {
  const best = [];
  for (let n = 1; n <= query.length; n++) {
    best.push(Math.min(await timed(query.slice(0, n)), await timed(query.slice(0, n)), await timed(query.slice(0, n))));
  }
  return best;
}
window.sp = { ...s, open, narrow, base, load, words, answers, keys, timed };
`

// bundle makes a classic script of an entry that imports the reader.
func bundle(t testing.TB, entry string, minify bool) []byte {
	t.Helper()
	r := api.Build(api.BuildOptions{
		Stdin: &api.StdinOptions{
			Contents: entry, ResolveDir: filepath.Join("..", "..", "site-templates", "ts"), Sourcefile: "test.ts", Loader: api.LoaderTS,
		},
		Bundle: true, Format: api.FormatIIFE, Target: api.ES2022, Charset: api.CharsetUTF8,
		MinifyWhitespace: minify, MinifyIdentifiers: minify, MinifySyntax: minify,
	})
	for _, e := range append(r.Errors, r.Warnings...) {
		t.Fatalf("bundling: %s (%v)", e.Text, e.Location)
	}
	return r.OutputFiles[0].Contents
}

// addPage puts the test's page and scripts beside an index.
func addPage(t testing.TB, site fstest.MapFS) fstest.MapFS {
	t.Helper()
	site["pages/test.html"] = &fstest.MapFile{Data: []byte(testPage)}
	site["assets/search.js"] = &fstest.MapFile{Data: bundle(t, testEntry, true)}
	site["assets/again.js"] = &fstest.MapFile{Data: bundle(t, `import { base } from "./load"; console.debug(base);`, true)}
	return site
}

// serve serves a site below a folder, as project pages are, and counts what is asked for.
func serve(t testing.TB, site fstest.MapFS, seen func(path string)) (pageURL string) {
	t.Helper()
	files := http.StripPrefix("/portal", http.FileServerFS(site))
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if seen != nil {
			seen(strings.TrimPrefix(r.URL.Path, "/portal/"))
		}
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	return srv.URL + "/portal/pages/test.html"
}

// writeSite writes a site to a folder and returns the file: URL of its page.
func writeSite(t testing.TB, site fstest.MapFS) (pageURL string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, site); err != nil {
		t.Fatal(err)
	}
	return "file://" + filepath.ToSlash(filepath.Join(dir, "pages", "test.html"))
}

// newTab starts a browser for a test and opens a page in it.
func newTab(t testing.TB, url string) context.Context {
	t.Helper()
	browser := os.Getenv("SIGNPOST_BROWSER")
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil && browser == "" {
			browser = path
		}
	}
	if browser == "" {
		t.Skip("NO BROWSER: the search in the page is NOT TESTED. Install chromium or set SIGNPOST_BROWSER")
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	t.Cleanup(cancel)
	ctx, stop := chromedp.NewExecAllocator(
		ctx, chromedp.ExecPath(browser), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-background-networking", true),
	)
	t.Cleanup(stop)
	ctx, closeTab := chromedp.NewContext(ctx)
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil { // waits until the browser has ended
			t.Log(err)
		}
		closeTab()
	})
	if err := chromedp.Do(ctx, chromedp.Navigate(url)); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// call calls a function of the page that gives a promise of a value.
func call[T any](t testing.TB, ctx context.Context, function string, args ...any) T {
	t.Helper()
	list := make([]string, len(args))
	for i, a := range args {
		data, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		list[i] = string(data)
	}
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](function+"("+strings.Join(list, ",")+")", chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

type question struct {
	Query    string `json:"query"`
	Document bool   `json:"document"`
}

// goAnswers returns what the Go reader answers, a line for each hit.
func goAnswers(t testing.TB, x *Index, questions []question) [][]string {
	t.Helper()
	out := make([][]string, len(questions))
	for i, q := range questions {
		hits := x.Search(q.Query, 5)
		if q.Document {
			var err error
			if hits, err = x.Documents(q.Query, 5); err != nil {
				t.Fatal(err)
			}
		}
		out[i] = []string{}
		for _, h := range hits {
			out[i] = append(out[i], strings.Join([]string{
				h.Source, h.Kind, h.KindTitle, h.Name, h.Title, h.URL, h.Owner, h.OwnerTitle, h.OnCall, h.Channel, h.Tier, h.Lifecycle,
				h.Heading, h.Excerpt, fmt.Sprint(h.Score),
			}, " | "))
		}
	}
	return out
}

// typed returns every question that is asked while the queries of the cases are typed.
func typed(cases []relevanceCase) []question {
	var questions []question
	for _, c := range cases {
		runes := []rune(c.Query)
		for n := range runes {
			questions = append(questions, question{string(runes[:n+1]), c.Document})
		}
	}
	return questions
}

// The page's reader finds what the cases say, and at every key press on the way there
// answers exactly as the Go reader does, to the score; from one column file and from many.
func TestBrowserAnswersAsGo(t *testing.T) {
	for _, rows := range []int{0, 7} {
		t.Run(fmt.Sprintf("%d rows in a shard", rows), func(t *testing.T) {
			site := addPage(t, readFixture(t).buildShards(t, rows))
			x := open(t, site)
			questions := typed(relevanceCases(t))
			if len(questions) < 1000 {
				t.Fatalf("only %d questions", len(questions))
			}
			ctx := newTab(t, serve(t, site, nil))
			got := call[[][]string](t, ctx, "sp.answers", questions)
			compareAnswers(t, questions, goAnswers(t, x, questions), got)
		})
	}
}

// The same from a folder on a disk, where neither fetch nor modules work.
func TestBrowserOnDisk(t *testing.T) {
	site := addPage(t, readFixture(t).build(t))
	x := open(t, site)
	var questions []question
	for _, c := range relevanceCases(t) {
		questions = append(questions, question{c.Query, c.Document})
	}
	ctx := newTab(t, writeSite(t, site))
	got := call[[][]string](t, ctx, "sp.answers", questions)
	compareAnswers(t, questions, goAnswers(t, x, questions), got)
}

func compareAnswers(t *testing.T, questions []question, want, got [][]string) {
	t.Helper()
	if len(got) != len(questions) {
		t.Fatalf("got %d answers to %d questions", len(got), len(questions))
	}
	for i, q := range questions {
		if diff := cmp.Diff(want[i], got[i]); diff != "" {
			t.Errorf("%q (document %v): the browser differs from Go (-Go +browser):\n%s", q.Query, q.Document, diff)
		}
	}
}

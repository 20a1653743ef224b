package docs

import (
	"runtime"
	"testing"

	"github.com/signpost-dev/signpost/pkg/source"
	"golang.org/x/sync/errgroup"
)

// realTexts returns the Markdown files of the test data that people wrote.
func realTexts(b *testing.B) (set *Set, docs []*Document, texts [][]byte, size int64) {
	b.Helper()
	for _, folder := range []string{"gitlab-runbooks", "govuk-developer-docs", "openshift-runbooks", "prometheus-operator-runbooks", "content-publisher-adr", "opentelemetry-demo"} {
		dir := testData(b, folder)
		tree, err := source.Open(dir)
		if err != nil {
			b.Fatal(err)
		}
		s, all, _ := loadAll(b, dir, Options{})
		set = s
		for _, p := range all {
			data, err := Read(tree, p.Document)
			if err != nil {
				b.Fatal(err)
			}
			docs = append(docs, p.Document)
			texts = append(texts, data)
			size += int64(len(data))
		}
		tree.Close()
	}
	return set, docs, texts, size
}

func BenchmarkParse(b *testing.B) {
	set, docs, texts, size := realTexts(b)
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for i := range docs {
			set.Parse(docs[i], texts[i])
		}
	}
}

func BenchmarkRender(b *testing.B) {
	set, docs, texts, size := realTexts(b)
	var all []*Parsed
	for i := range docs {
		if p, _ := set.Parse(docs[i], texts[i]); p != nil {
			all = append(all, p)
		}
	}
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for _, p := range all {
			if _, err := p.Render(Site{}); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkManyDocuments parses, renders and checks 25,000 documents, as a build
// does: several at once, keeping of each no more than its scan.
func BenchmarkManyDocuments(b *testing.B) {
	set, docs, texts, _ := realTexts(b)
	const many = 25_000
	size := int64(0)
	for i := range many {
		size += int64(len(texts[i%len(docs)]))
	}
	b.SetBytes(size)
	for b.Loop() {
		scans := make([]*Scan, many)
		var g errgroup.Group
		g.SetLimit(runtime.GOMAXPROCS(0))
		for i := range many {
			g.Go(func() error {
				p, _ := set.Parse(docs[i%len(docs)], texts[i%len(docs)])
				if p == nil {
					return nil
				}
				scans[i] = p.Scan
				_, err := p.Render(Site{})
				return err
			})
		}
		if err := g.Wait(); err != nil {
			b.Fatal(err)
		}
		found := 0
		for _, s := range scans {
			if s != nil {
				found += len(s.Links)
			}
		}
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		runtime.KeepAlive(scans)
		b.ReportMetric(float64(m.HeapAlloc)/(1<<20), "MiB-kept")
		b.ReportMetric(float64(m.Sys)/(1<<20), "MiB-sys")
		b.ReportMetric(float64(found), "links")
	}
}

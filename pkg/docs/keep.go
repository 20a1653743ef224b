package docs

import (
	"github.com/signpost-dev/signpost/pkg/cache"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/source"
)

// keptDocuments is the kind of records of documents. Only those without a finding and
// without a silence are kept: they are almost all, and the others are read again.
const keptDocuments = "document:"

// Keep keeps for later runs what a build needs of a parsed document, and with it what
// somebody else has made of its text.
func (s *Set) Keep(tree *source.Tree, p *Parsed, more string) {
	doc := p.Document
	if len(doc.found) > 0 || len(doc.Silences) > 0 || !tree.Remembers() {
		return
	}
	var e cache.Encoder
	doc.Front.Keep(&e)
	e.Bool(doc.book != nil)
	e.String(doc.ownTitle)
	e.Bool(doc.titled)
	doc.record.keep(&e)
	e.String(p.Summary)
	e.Uint(len(p.Headings))
	for _, h := range p.Headings {
		e.Uint(h.Level)
		e.String(h.Text)
		e.String(h.ID)
	}
	p.Scan.keep(&e)
	e.Data = append(e.Data, more...)
	tree.Keep(keptDocuments, doc.file, doc.Digest, e.Data)
}

func (s *Scan) keep(e *cache.Encoder) {
	e.Strings(s.anchors)
	for _, links := range [...][]Link{s.Links, s.mentions, s.foreign} {
		e.Uint(len(links))
		for _, l := range links {
			e.String(l.To)
			e.Bool(l.Image)
			keepSpan(e, l.Span)
		}
	}
}

func keepSpan(e *cache.Encoder, s diag.Span) {
	for _, n := range [...]int{s.Start.Line, s.Start.Col, s.End.Line, s.End.Col} {
		e.Uint(n)
	}
}

func recallSpan(d *cache.Decoder, file string) diag.Span {
	return diag.Span{File: file, Start: diag.Pos{Line: d.Uint(), Col: d.Uint()}, End: diag.Pos{Line: d.Uint(), Col: d.Uint()}}
}

// recallLinks reads what keep has written of links.
func recallLinks(d *cache.Decoder, file string) []Link {
	links := make([]Link, d.Len())
	for i := range links {
		links[i] = Link{To: d.String(), Image: d.Bool(), Span: recallSpan(d, file)}
	}
	return links
}

func (r record) keep(e *cache.Encoder) {
	e.String(r.status)
	keepSpan(e, r.at)
	e.String(r.date)
	e.Strings(r.deciders)
	for _, cited := range [...][]Citation{r.supersedes, r.supersededBy} {
		e.Uint(len(cited))
		for _, c := range cited {
			e.String(c.Text)
			keepSpan(e, c.Span)
		}
	}
}

func recallRecord(d *cache.Decoder, file string) record {
	r := record{status: d.String(), at: recallSpan(d, file), date: d.String(), deciders: d.Strings()}
	for _, cited := range [...]*[]Citation{&r.supersedes, &r.supersededBy} {
		*cited = make([]Citation, d.Len())
		for i := range *cited {
			(*cited)[i] = Citation{Text: d.String(), Span: recallSpan(d, file), link: true}
		}
	}
	return r
}

// recall fills in a document that has not changed since a run that kept it.
func (doc *Document) recall(tree *source.Tree) bool {
	kept, ok := tree.Recall(keptDocuments, doc.file, maxRead)
	if !ok {
		return false
	}
	front := source.Recall(&kept.Decoder, doc.Name)
	book := kept.Bool()
	title, titled := kept.String(), kept.Bool()
	record := recallRecord(&kept.Decoder, doc.Name)
	if kept.Err != nil || book != (doc.book != nil) { // it is read in another way now
		return false
	}
	doc.Front, doc.ownTitle, doc.titled, doc.record = front, title, titled, record
	doc.Digest, doc.kept = kept.Digest, kept.Data
	return true
}

// Recall returns what an earlier run has kept of a document: all of what Parse returns
// that is needed without the text, and what Keep was given beside it. It reports false
// for a document that has changed, or that had findings.
func (s *Set) Recall(doc *Document) (p *Parsed, more string, ok bool) {
	if doc.kept == "" {
		return nil, "", false
	}
	d := cache.Decoder{Data: doc.kept}
	p = &Parsed{Document: doc, set: s, Summary: d.String(), Scan: &Scan{Document: doc}}
	p.Headings = make([]Heading, d.Len())
	for i := range p.Headings {
		p.Headings[i] = Heading{Level: d.Uint(), Text: d.String(), ID: d.String()}
	}
	p.Scan.anchors = d.Strings()
	p.Scan.Links = recallLinks(&d, doc.Name)
	p.Scan.mentions = recallLinks(&d, doc.Name)
	p.Scan.foreign = recallLinks(&d, doc.Name)
	return p, d.Data, d.Err == nil
}

// Forget lets go of what was kept of a document, for it is to be parsed all the same.
func (doc *Document) Forget() { doc.kept = "" }

// Targets says, for each link, image and mention of a document, what Render makes of it: with the
// text, and the site around, that is all that the page's text depends on.
func (p *Parsed) Targets(site Site) []string {
	r := &renderer{Parsed: p, site: site}
	targets := make([]string, len(p.Scan.Links))
	for i, l := range p.Scan.Links {
		if l.Image {
			if asset, ok := r.asset(l.To); ok {
				targets[i] = "image " + asset
				continue
			}
		}
		to := r.destination(l.To)
		targets[i] = to.href + " " + to.why
		if to.broken {
			targets[i] += " broken"
		}
	}
	for _, m := range p.Scan.mentions {
		targets = append(targets, p.set.mentioned(p.Document, m.To))
	}
	return targets
}

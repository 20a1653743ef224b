package search

import (
	"crypto/sha256"
	"strings"
	"unicode/utf8"

	"github.com/signpost-dev/signpost/pkg/cache"
)

// Record is what stays of a document without its text, for AddRecord in a later run. It
// holds numbers of the dictionary of the Builder that made it (see Dictionary).
type Record string

// keptDocument is a document without its text. Its long parts are one piece of memory,
// so that the many documents of a large catalog are cheap to keep.
type keptDocument struct {
	url, title, entity, owner string
	kind, kindTitle           string
	row                       int // of the entity that it is about or describes; -1 for none

	length   int    // in words
	counts   string // number, weighted count and best section of each of its terms
	about    []int  // terms that its entity is called by, which all documents of it share
	sections string // see keptSections
}

// keptSections are what a hit shows of the sections of a document.
type keptSections struct {
	anchors, headings []string
	excerpts          []string // may be shorter
}

// newRecord keeps a document whose words a counter has just counted, and whose terms have
// their numbers.
func newRecord(d *Document, c *counter) Record {
	most := 0
	for _, n := range c.seen {
		most = max(most, int(c.terms[n].number)+1)
	}
	var e cache.Encoder
	e.Uint(most) // how large the dictionary must be
	e.Uint(c.length)
	e.String(c.counts())
	s := sectionsOf(d)
	e.Strings(s.anchors)
	e.Strings(s.headings)
	e.Strings(s.excerpts)
	return Record(e.Data)
}

// sectionsOf shortens the sections of a document to what a hit shows.
func sectionsOf(d *Document) keptSections {
	var k keptSections
	left := snippetBudget
	for _, s := range d.Sections[:min(len(d.Sections), maxSections)] {
		anchor := s.ID
		if anchor == usualAnchor(s.Heading) {
			anchor = "="
		}
		k.anchors = append(k.anchors, anchor)
		k.headings = append(k.headings, snippet(s.Heading, snippetRunes))
		if left >= snippetLeast {
			text := snippet(s.Text, min(left, snippetRunes))
			left -= utf8.RuneCountInString(text)
			k.excerpts = append(k.excerpts, text)
		}
	}
	return k
}

// keep joins a document with its record. It reports false if the record needs a larger
// dictionary than the one that there is, or is damaged.
func keep(d *Document, r Record, dictionary int) (keptDocument, bool) {
	k := keptDocument{
		url: strings.Clone(d.URL), title: strings.Clone(d.Title), kind: d.Kind, kindTitle: d.KindTitle,
		entity: d.Entity, owner: d.Owner, row: -1,
	}
	in := cache.Decoder{Data: string(r)}
	needs := in.Uint()
	k.length = in.Uint()
	k.counts = in.String()
	k.sections = in.Data
	return k, in.Err == nil && needs <= dictionary
}

// shown takes the sections apart. Lists are never nil, since JSON would write that.
func (k *keptDocument) shown() keptSections {
	in := cache.Decoder{Data: k.sections}
	list := func() []string { return append([]string{}, in.Strings()...) }
	return keptSections{anchors: list(), headings: list(), excerpts: list()}
}

// AddRecord adds a document of which an earlier run has kept a record: all of d counts
// but its sections. It reports false, and adds nothing, if the record cannot be used.
func (b *Builder) AddRecord(d Document, r Record) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	k, ok := keep(&d, r, b.learnt)
	if ok {
		b.texts.documents = append(b.texts.documents, k)
	}
	return ok
}

// Learn gives a Builder the dictionary of an earlier run, before anything is added.
func (b *Builder) Learn(dictionary []string) {
	for _, term := range dictionary {
		b.texts.term(term)
	}
	b.learnt = len(b.texts.terms)
}

// Dictionary returns all terms by their numbers: that of an earlier run with new ones
// behind it.
func (b *Builder) Dictionary() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := make([]string, len(b.texts.terms))
	for term, n := range b.texts.terms {
		all[n] = term
	}
	return all
}

// digest is of all that the full-text half of an index is made of. It holds numbers of the
// dictionary, so it is worth something only to who has learnt that.
func (b *textBuilder) digest() cache.Digest {
	sum := sha256.New()
	var e cache.Encoder
	for i := range b.documents {
		d := &b.documents[i]
		e.Data = e.Data[:0]
		e.Strings([]string{d.url, d.title, d.kind, d.kindTitle, d.owner, d.sections, d.counts})
		e.Int(d.row)
		e.Int(d.length)
		e.Uint(len(d.about))
		for _, term := range d.about {
			e.Uint(term)
		}
		sum.Write(e.Data)
	}
	return cache.Digest(sum.Sum(nil)[:len(cache.Digest{})])
}

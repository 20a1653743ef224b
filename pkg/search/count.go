package search

import (
	"strings"
	"unicode/utf8"
)

// mostWords is how many different words a counter remembers before it begins anew, so
// that texts without end do not take memory without end.
const mostWords = 400_000

// counter counts the words of documents, one after the other. What it has learnt of a
// word (its term, that it is a stop word) it keeps, since documents share most of their
// words: counting took a tenth of a build's time when each began with an empty map.
type counter struct {
	known map[string]int32 // number of the term of each word; -1 for a stop word
	terms []countedTerm    // by that number
	index map[string]int32 // of each term

	// Of the document that is being counted.
	seen   []int32 // terms that stand in it
	length int     // in words
	part   int32   // the present part of a section
	text   []byte  // scratch space
}

// countedTerm is how often a term stands in the document that is being counted.
type countedTerm struct {
	term   string
	number int32 // in the builder's dictionary; -1 if it has none yet

	weight  int // where it stands counts
	section int // in which it stands most
	most    int // how often, there
	here    int // how often, in the present part
	part    int32
}

func newCounter() *counter {
	return &counter{known: map[string]int32{}, index: map[string]int32{}}
}

// begin forgets the document before.
func (c *counter) begin() {
	for _, n := range c.seen {
		t := &c.terms[n]
		*t = countedTerm{term: t.term, number: t.number}
	}
	c.seen, c.length, c.part = c.seen[:0], 0, 0
	if len(c.known) > mostWords {
		*c = *newCounter()
	}
}

// document counts the words of a document: title, headings and text, by weight.
func (c *counter) document(d *Document) {
	c.begin()
	c.add(d.Title, titleWeight, 0)
	for i, s := range d.Sections {
		at := min(i+1, maxSections)
		c.add(s.Heading, headingWeight, at)
		c.add(s.Text, 1, at)
	}
}

// description counts the words by which an entity is found beside its names.
func (c *counter) description(e *Entity) {
	c.begin()
	c.add(e.Name, headingWeight, 0)
	c.add(e.Title, headingWeight, 0)
	c.add(e.Description, 1, 0)
}

// add counts the words of one part of a section.
func (c *counter) add(text string, weight, section int) {
	c.part++
	if !isASCII(text) {
		eachWord(text, func(w string) { c.word([]byte(w), weight, section) })
		return
	}
	start := -1
	c.text = append(c.text[:0], text...)
	for i, b := range c.text {
		if 'A' <= b && b <= 'Z' {
			b += 'a' - 'A'
			c.text[i] = b
		}
		switch inside := 'a' <= b && b <= 'z' || '0' <= b && b <= '9'; {
		case inside && start < 0:
			start = i
		case inside && i-start == maxWord:
			c.word(c.text[start:i], weight, section)
			start = i
		case !inside && start >= 0:
			c.word(c.text[start:i], weight, section)
			start = -1
		}
	}
	if start >= 0 {
		c.word(c.text[start:], weight, section)
	}
}

func (c *counter) word(w []byte, weight, section int) {
	n, ok := c.known[string(w)]
	if !ok {
		n = c.learn(string(w))
	}
	if n < 0 || c.length >= maxDocumentWords {
		return
	}
	c.length++
	t := &c.terms[n]
	if t.weight == 0 {
		c.seen = append(c.seen, n)
	}
	if t.part != c.part {
		t.part, t.here = c.part, 0
	}
	t.weight += weight
	if t.here += weight; t.here > t.most {
		t.most, t.section = t.here, section
	}
}

// learn notes a word that was not met before.
func (c *counter) learn(w string) int32 {
	if stopWords[w] {
		c.known[w] = -1
		return -1
	}
	term := stem(w)
	n, ok := c.index[term]
	if !ok {
		n = int32(len(c.terms))
		c.index[term] = n
		c.terms = append(c.terms, countedTerm{term: term, number: -1})
	}
	c.known[w] = n
	return n
}

// counts writes what was counted: number, weight and best section of each term. Every
// term must have its number.
func (c *counter) counts() string {
	out := c.text[:0]
	for _, n := range c.seen {
		t := &c.terms[n]
		out = appendNumber(out, int(t.number))
		out = appendNumber(out, min(t.weight, 255))
		out = appendNumber(out, t.section)
	}
	c.text = out
	return string(out)
}

// isASCII reports whether a text has no characters beyond ASCII.
func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

var stopWords = func() map[string]bool {
	stop := map[string]bool{}
	for _, w := range defaultRanking.Stop {
		stop[w] = true
	}
	return stop
}()

// number gives the terms of a document their numbers in the dictionary.
func (b *textBuilder) number(c *counter) {
	for _, n := range c.seen {
		if t := &c.terms[n]; t.number < 0 {
			t.number = int32(b.term(t.term))
		}
	}
}

// term returns the number of a term. Numbers follow the order of arrival, which does
// not matter: terms get their place in the index only in writeTerms.
func (b *textBuilder) term(term string) int {
	if b.terms == nil {
		b.terms = map[string]int{}
	}
	n, ok := b.terms[term]
	if !ok {
		n = len(b.terms)
		b.terms[strings.Clone(term)] = n
	}
	return n
}

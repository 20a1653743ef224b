package search

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds of what is kept of one document.
const (
	maxSections      = 200 // the document itself is section 0, so that numbers fit a byte
	maxDocumentWords = 50_000
	snippetRunes     = 160       // of one section
	snippetLeast     = 40        // a shorter one would say nothing: "F…"
	snippetBudget    = 400       // of all sections together; later ones keep their heading
	leastPostings    = 2_000_000 // in a batch: see writeTerms
	mostBatches      = 4
	levels           = 63 // of how much a document is about a term
)

// textFile is the directory of the full-text half, search/text-HASH.js. A document's
// number is its place in the order of URLs; the number of an entity's description is
// Documents plus its row.
type textFile struct {
	Documents int      `json:"documents"`
	ChunkRows int      `json:"chunkRows"`
	Chunks    []string `json:"chunks"` // hashes
	MetaRows  int      `json:"metaRows"`
	Meta      []string `json:"meta"`      // hashes
	Kinds     []string `json:"kinds"`     // of documents
	KindNames []string `json:"kindNames"` // in words
	First     string   `json:"first"`     // first term of each shard, front-coded
	Shards    []string `json:"shards"`
}

// termFile is a stretch of the terms in alphabetical order.
type termFile struct {
	Terms    string `json:"t"` // front-coded
	IDF      string `json:"i"` // rarity of each, in sixteenths
	Postings string `json:"p"` // of each, between spaces: document's distance, level, section
}

// chunkFile is what a hit shows of a stretch of the documents.
type chunkFile struct {
	metaFile
	URLs     []string   `json:"u"`
	Titles   []string   `json:"t"`
	Anchors  [][]string `json:"a"` // of each section; "=" if it is the heading's usual one
	Headings [][]string `json:"h"`
	Excerpts [][]string `json:"x"` // may be shorter than the headings
}

// metaFile says by what a stretch of the documents can be filtered.
type metaFile struct {
	Kinds    string `json:"k"` // numbers into textFile.Kinds
	Entities string `json:"e"` // row+1, as zigzag distance from the one before; 0 for none
	Owners   column `json:"o"` // where it is not the entity's
}

// textBuilder keeps what the full-text half needs of each document.
type textBuilder struct {
	terms     map[string]int // to their number, in order of arrival
	documents []keptDocument
}

// snippet is the beginning of a text on one line, cut between words.
func snippet(text string, limit int) string {
	var b strings.Builder
	runes := 0
	for w := range strings.FieldsSeq(text) {
		n := utf8.RuneCountInString(w)
		if b.Len() > 0 {
			n++
		}
		if runes+n > limit-1 {
			if b.Len() == 0 {
				b.WriteString(string([]rune(w)[:max(limit-1, 0)]))
			}
			b.WriteString("…")
			break
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w)
		runes += n
	}
	return b.String()
}

// usualAnchor is the anchor that a plain English heading has. Others are written out.
func usualAnchor(heading string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(heading) {
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9', r == '-', r == '_':
			b.WriteRune(r)
		case r == ' ':
			b.WriteByte('-')
		}
	}
	return b.String()
}

// finish sorts the documents, ties them to their entities and adds the entities'
// descriptions, so that an entity is found by what it does.
func (b *textBuilder) finish(entities []Entity, rows map[string]int) error {
	slices.SortFunc(b.documents, func(x, y keptDocument) int { return cmp.Compare(x.url, y.url) })
	about := map[int][]int{}
	for i := range b.documents {
		d := &b.documents[i]
		if d.url == "" {
			return fmt.Errorf("the document %q has no page", d.title)
		}
		if i > 0 && d.url == b.documents[i-1].url {
			return fmt.Errorf("two documents have the page %s", d.url)
		}
		if d.entity == "" {
			continue
		}
		row, ok := rows[d.entity]
		if !ok {
			return fmt.Errorf("the document %s is about %s, which is not the page of an entity", d.url, d.entity)
		}
		d.row = row
		if about[row] == nil {
			about[row] = b.aboutTerms(&entities[row])
		}
		d.about = about[row]
	}
	b.addDescriptions(entities)
	return nil
}

// aboutTerms returns the numbers of the terms that an entity is called by.
func (b *textBuilder) aboutTerms(e *Entity) []int {
	terms := []int{}
	for _, text := range append([]string{e.Name, e.Title}, e.Aliases...) {
		eachWord(text, func(w string) {
			if n := b.term(stem(w)); !stopWords[w] && !slices.Contains(terms, n) {
				terms = append(terms, n)
			}
		})
	}
	return terms
}

func (b *textBuilder) addDescriptions(entities []Entity) {
	c := newCounter()
	for row := range entities {
		e := &entities[row]
		if e.Description == "" {
			continue
		}
		c.description(e)
		b.number(c)
		b.documents = append(b.documents, keptDocument{length: c.length, counts: c.counts(), row: row})
	}
}

// write writes the full-text half and returns the hash of its directory.
func (b *textBuilder) write(w *writer) string {
	if len(b.documents) == 0 {
		return ""
	}
	pages, _ := slices.BinarySearchFunc(b.documents, true, func(d keptDocument, _ bool) int {
		if d.url == "" { // descriptions come last and have none
			return 1
		}
		return -1
	})
	dir := &textFile{
		Documents: pages, ChunkRows: chunkRows, MetaRows: metaRows,
		Chunks: []string{}, Meta: []string{}, Shards: []string{},
	}
	dir.Kinds, dir.KindNames = documentKinds(b.documents[:pages])
	b.writeChunks(w, dir, b.documents[:pages])
	b.writeMeta(w, dir, b.documents[:pages])
	b.writeTerms(w, dir)
	data := DataFile("search/text", dir)
	hash := contentHash(data)
	w.put("search/text-"+hash+".js", data)
	return hash
}

func (b *textBuilder) writeChunks(w *writer, dir *textFile, documents []keptDocument) {
	n := 0
	for docs := range slices.Chunk(documents, chunkRows) {
		f := &chunkFile{metaFile: newMeta(docs, dir.Kinds)}
		for _, d := range docs {
			f.URLs = append(f.URLs, d.url)
			f.Titles = append(f.Titles, d.title)
			shown := d.shown()
			f.Anchors = append(f.Anchors, shown.anchors)
			f.Headings = append(f.Headings, shown.headings)
			f.Excerpts = append(f.Excerpts, shown.excerpts)
		}
		dir.Chunks = append(dir.Chunks, w.numbered("p", n, f))
		n++
	}
}

func (b *textBuilder) writeMeta(w *writer, dir *textFile, documents []keptDocument) {
	n := 0
	for docs := range slices.Chunk(documents, metaRows) {
		dir.Meta = append(dir.Meta, w.numbered("m", n, newMeta(docs, dir.Kinds)))
		n++
	}
}

func newMeta(documents []keptDocument, kinds []string) metaFile {
	var kind, entity []byte
	owners := make([]string, len(documents))
	last := 0
	for i, d := range documents {
		kind = appendNumber(kind, slices.Index(kinds, d.kind))
		entity = appendNumber(entity, zigzag(d.row+1-last))
		last, owners[i] = d.row+1, d.owner
	}
	return metaFile{string(kind), string(entity), newColumn(owners, "", nil)}
}

// documentKinds lists the kinds of documents, the most frequent first, and how each
// is written.
func documentKinds(documents []keptDocument) (kinds, titles []string) {
	all := make([]string, len(documents))
	for i, d := range documents {
		all[i] = d.kind
	}
	kinds, codes := dictionary(all)
	titles = make([]string, len(kinds))
	for i, code := range codes {
		titles[code] = documents[i].kindTitle
	}
	return kinds, titles
}

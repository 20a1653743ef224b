package search

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Documents returns the documents, and the entities by their descriptions, whose
// text matches a query, best first. Not every word need match, but a document with
// more of them comes first. Filters apply to the entity that a document is about,
// `kind` to the document and `owner` to the document's own owner if it has one.
func (x *Index) Documents(query string, limit int) ([]Hit, error) {
	q := parseRequest(query, x.keys, x.kinds)
	if x.text == nil {
		return nil, nil
	}
	found, err := x.findTerms(&q)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	scores := combine(found, x.text.Documents+len(x.rows))
	if len(q.filters) > 0 {
		if err := x.filterDocuments(q.filters, scores); err != nil {
			return nil, err
		}
	}
	var hits []Hit
	for _, n := range top(scores, limit) {
		h, err := x.documentHit(n, scores[n], found)
		if err != nil {
			return nil, err
		}
		hits = append(hits, h)
	}
	return hits, nil
}

// termHits is what one word of a query found: for each document the score and the
// section.
type termHits map[int]sectionScore

type sectionScore struct{ score, section int }

// combine adds up what the words found. A document with half of the words counts a
// quarter of what it would with all.
func combine(found []termHits, documents int) []int {
	total, matched := make([]int, documents), make([]int, documents)
	for _, hits := range found {
		for n, h := range hits {
			total[n] += h.score
			matched[n]++
		}
	}
	for n := range total {
		total[n] = total[n] * matched[n] * matched[n] / (len(found) * len(found))
	}
	return total
}

// findTerms looks up each word of the query but the stop words.
func (x *Index) findTerms(q *request) ([]termHits, error) {
	var found []termHits
	for i, word := range q.words {
		if slices.Contains(x.entry.Ranking.Stop, word) {
			continue
		}
		hits, err := x.findTerm(word, q.typing && i == len(q.words)-1)
		if err != nil {
			return nil, err
		}
		found = append(found, hits)
	}
	return found, nil
}

// term is a term of a shard as read.
type term struct {
	text      string
	frequency int // a measure of it: the length of its postings
	rarity    int
	postings  string
}

// findTerm scores the documents with a word: by its term; by terms that go on from
// it, for a word that is being typed; and if there is none of either, by the nearest
// terms in the alphabet's neighbourhood.
func (x *Index) findTerm(word string, typing bool) (termHits, error) {
	r := &x.entry.Ranking
	root := stem(word)
	shard, err := x.readTerms(x.shardOf(root))
	if err != nil {
		return nil, err
	}
	hits := termHits{}
	documents := x.text.Documents + len(x.rows)
	for _, t := range shard {
		if t.text == root {
			if err := hits.add(t, 100, documents); err != nil {
				return nil, err
			}
		}
	}
	if typing && utf8.RuneCountInString(word) >= r.PrefixLetters {
		longer, err := x.longerTerms(word, root)
		if err != nil {
			return nil, err
		}
		if err := hits.addAll(longer, r.PrefixShare, documents); err != nil {
			return nil, err
		}
	}
	if len(hits) == 0 {
		return hits, hits.addAll(nearestTerms(shard, root, r), r.TypoShare, documents)
	}
	return hits, nil
}

// longerTerms returns the most frequent terms that begin with a word. They are looked
// for in two shards at most, which bounds what a short word costs.
func (x *Index) longerTerms(word, root string) ([]term, error) {
	from := x.shardOf(word)
	var longer []term
	for n := from; n < len(x.first) && n <= from+1; n++ {
		if n > from && !strings.HasPrefix(x.first[n], word) {
			break
		}
		shard, err := x.readTerms(n)
		if err != nil {
			return nil, err
		}
		for _, t := range shard {
			if strings.HasPrefix(t.text, word) && t.text != root {
				longer = append(longer, t)
			}
		}
	}
	sortByFrequency(longer)
	return longer[:min(len(longer), x.entry.Ranking.PrefixTerms)], nil
}

func sortByFrequency(terms []term) {
	slices.SortFunc(terms, func(a, b term) int {
		return cmp.Or(cmp.Compare(b.frequency, a.frequency), cmp.Compare(a.text, b.text))
	})
}

// nearestTerms returns the terms of a shard with the fewest edits from a word.
func nearestTerms(shard []term, word string, r *Ranking) []term {
	letters := []rune(word)
	limit := r.typos(len(letters))
	var near []term
	for _, t := range shard {
		d := distance(letters, []rune(t.text), limit, false)
		if limit == 0 || d > limit {
			continue
		}
		if d < limit {
			near, limit = nil, d
		}
		near = append(near, t)
	}
	sortByFrequency(near)
	return near[:min(len(near), r.TypoTerms)]
}

// shardOf returns the number of the shard that would hold a term.
func (x *Index) shardOf(term string) int {
	n, found := slices.BinarySearch(x.first, term)
	if !found {
		n--
	}
	return max(n, 0)
}

func (x *Index) readTerms(n int) ([]term, error) {
	var f termFile
	if n >= len(x.text.Shards) {
		return nil, nil
	}
	if err := x.readNumbered("t", n, x.text.Shards[n], &f); err != nil {
		return nil, err
	}
	texts, err := unfrontCode(f.Terms)
	if err != nil {
		return nil, err
	}
	postings := strings.Split(f.Postings, " ")
	if len(postings) != len(texts) {
		return nil, errDamaged
	}
	idf := numbers{text: f.IDF}
	terms := make([]term, len(texts))
	for i, text := range texts {
		terms[i] = term{text, len(postings[i]), idf.next(), postings[i]}
	}
	return terms, idf.err
}

// add scores the documents of a term, whose numbers are below documents, at a share of
// percent; the best score of a document stays.
func (h termHits) add(t term, percent, documents int) error {
	r := numbers{text: t.postings}
	document := 0
	for r.more() {
		document += r.next()
		level, section := r.digit(), r.next()
		if r.err != nil || document >= documents {
			return errDamaged
		}
		if score := t.rarity * level * percent / 100; score > h[document].score {
			h[document] = sectionScore{score, section}
		}
	}
	return r.err
}

func (h termHits) addAll(terms []term, percent, documents int) error {
	for _, t := range terms {
		if err := h.add(t, percent, documents); err != nil {
			return err
		}
	}
	return nil
}

// filterDocuments clears the score of each document that a filter keeps out.
func (x *Index) filterDocuments(filters []filter, scores []int) error {
	for _, f := range filters {
		rows := x.filterRows([]filter{f})
		kinds := allowedValues(x.text.Kinds, f.values)
		teams := x.allowedTeams(f)
		for n, hash := range x.text.Meta {
			m, err := x.readMeta(n, hash)
			if err != nil {
				return err
			}
			if n*x.text.MetaRows+len(m.kinds) > x.text.Documents {
				return errDamaged
			}
			for i := range m.kinds {
				if !m.passes(i, f.key, rows, kinds, teams) {
					scores[n*x.text.MetaRows+i] = 0
				}
			}
		}
		for row, match := range rows {
			if !match {
				scores[x.text.Documents+row] = 0
			}
		}
	}
	return nil
}

// meta is what documents can be filtered by.
type meta struct {
	kinds  []string
	rows   []int // of the entity; -1 for none
	owners []string
}

func (m *meta) passes(i int, key string, rows []bool, kinds, teams map[string]bool) bool {
	switch {
	case key == "kind":
		return kinds[m.kinds[i]]
	case (key == "owner" || key == "team") && m.owners[i] != "":
		return teams[m.owners[i]]
	}
	return m.rows[i] >= 0 && rows[m.rows[i]]
}

func (x *Index) readMeta(n int, hash string) (*meta, error) {
	var f metaFile
	if err := x.readNumbered("m", n, hash, &f); err != nil {
		return nil, err
	}
	return x.decodeMeta(&f)
}

func (x *Index) decodeMeta(f *metaFile) (*meta, error) {
	owners, err := f.Owners.decode(nil)
	if err != nil {
		return nil, err
	}
	m := &meta{}
	kinds, rows, last := numbers{text: f.Kinds}, numbers{text: f.Entities}, 0
	for _, owner := range owners {
		kind := kinds.next()
		last += unzigzag(rows.next())
		if kinds.err != nil || rows.err != nil || kind >= len(x.text.Kinds) || owner >= len(f.Owners.Values) || last < 0 || last > len(x.rows) {
			return nil, errDamaged
		}
		m.kinds = append(m.kinds, x.text.Kinds[kind])
		m.rows = append(m.rows, last-1)
		m.owners = append(m.owners, f.Owners.Values[owner])
	}
	return m, nil
}

// documentHit shows a document, with the section that matched best.
func (x *Index) documentHit(n, score int, found []termHits) (Hit, error) {
	if n >= x.text.Documents {
		return x.descriptionHit(n-x.text.Documents, score)
	}
	var f chunkFile
	chunk, i := n/x.text.ChunkRows, n%x.text.ChunkRows
	if err := x.readNumbered("p", chunk, x.text.Chunks[chunk], &f); err != nil {
		return Hit{}, err
	}
	m, err := x.decodeMeta(&f.metaFile)
	if err != nil {
		return Hit{}, err
	}
	if !f.holds(i, len(m.rows)) {
		return Hit{}, fmt.Errorf("reading search/p/%d: %w", chunk, errDamaged)
	}
	h := Hit{}
	if row := m.rows[i]; row >= 0 {
		h = x.entityHit(row, score)
		h.Name = ""
	}
	h.Source, h.Score, h.Kind, h.KindTitle = FromDocument, score, m.kinds[i], x.documentKind(m.kinds[i])
	h.Title, h.URL = f.Titles[i], f.URLs[i]
	x.showOwner(&h, m.rows[i], m.owners[i])
	x.showSection(&h, &f, i, bestSection(n, found))
	return h, nil
}

// showOwner says whose a document is: its own owner's, its entity's owner's, or that of
// the team which it is about.
func (x *Index) showOwner(h *Hit, row int, own string) {
	team := row >= 0 && x.value("kind", row) == "team"
	switch {
	case team && (own == "" && h.Owner == "" || own == x.qualified(row)):
		h.Owner, h.OwnerTitle = x.qualified(row), cmp.Or(x.rows[row].title, x.rows[row].name)
	case own != "":
		h.Owner, h.OwnerTitle = own, x.ownerTitles[own]
	}
}

// qualified is the name of a row as the column of owners has it.
func (x *Index) qualified(row int) string {
	name := strings.ToLower(x.rows[row].name)
	if namespace := x.value("namespace", row); namespace != "" {
		return namespace + "/" + name
	}
	return name
}

func (x *Index) documentKind(kind string) string {
	i := slices.Index(x.text.Kinds, kind)
	if i < 0 || i >= len(x.text.KindNames) {
		return kind
	}
	return cmp.Or(x.text.KindNames[i], kind)
}

// holds reports whether the file has everything of its i-th document.
func (f *chunkFile) holds(i, rows int) bool {
	return i < min(rows, len(f.Titles), len(f.URLs), len(f.Anchors), len(f.Headings), len(f.Excerpts)) &&
		len(f.Anchors[i]) == len(f.Headings[i])
}

// showSection puts a section's heading, anchor and beginning into a hit.
func (x *Index) showSection(h *Hit, f *chunkFile, i, section int) {
	if 0 < section && section <= len(f.Headings[i]) {
		h.Heading = f.Headings[i][section-1]
		anchor := f.Anchors[i][section-1]
		if anchor == "=" {
			anchor = usualAnchor(h.Heading)
		}
		if anchor != "" {
			h.URL += "#" + anchor
		}
	}
	if 0 < section && section <= len(f.Excerpts[i]) {
		h.Excerpt = f.Excerpts[i][section-1]
	}
	if h.Excerpt == "" && len(f.Excerpts[i]) > 0 {
		h.Excerpt = f.Excerpts[i][0]
	}
}

// bestSection is the section to which the words of the query give most together, the
// first of equals; 0, the document itself, if all of them are found only in its title.
func bestSection(document int, found []termHits) int {
	votes := map[int]int{}
	for _, hits := range found {
		if h := hits[document]; h.section > 0 {
			votes[h.section] += h.score
		}
	}
	best := 0
	for section, n := range votes {
		if n > votes[best] || n == votes[best] && section < best {
			best = section
		}
	}
	return best
}

func (x *Index) descriptionHit(row, score int) (Hit, error) {
	var f detailFile
	chunk := row / x.entry.DetailRows
	if err := x.readNumbered("d", chunk, x.entry.Details[chunk], &f); err != nil {
		return Hit{}, err
	}
	if row%x.entry.DetailRows >= len(f.Descriptions) {
		return Hit{}, fmt.Errorf("reading search/d/%d: %w", chunk, errDamaged)
	}
	h := x.entityHit(row, score)
	h.Excerpt = f.Descriptions[row%x.entry.DetailRows]
	return h, nil
}

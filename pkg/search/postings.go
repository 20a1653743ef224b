package search

import (
	"math"
	"slices"
)

// posting is a term in a document.
type posting struct {
	document int32
	level    uint8
	section  uint8
}

// writeTerms turns documents' terms into terms' documents, a batch of terms at a time, so
// that never all postings are in memory. Each batch goes through all documents, so there
// are few: with batches of one size the time grew with the square of the documents.
func (b *textBuilder) writeTerms(w *writer, dir *textFile) {
	used := make([]int, len(b.terms)) // how many documents hold a term, by its number
	b.eachCount(func(_ int, term, _, _ int) { used[term]++ })
	terms := make([]string, 0, len(b.terms))
	for t, n := range b.terms {
		if used[n] > 0 { // the dictionary of an earlier run may hold others
			terms = append(terms, t)
		}
	}
	slices.Sort(terms)
	place := make([]int32, len(b.terms)) // of a term's number in the order
	frequency := make([]int, len(terms))
	for i, t := range terms {
		n := b.terms[t]
		place[n], frequency[i] = int32(i), used[n]
	}
	length := 0
	for _, d := range b.documents {
		length += d.length
	}
	s := shardWriter{w: w, dir: dir, mean: float64(length) / float64(len(b.documents)), documents: len(b.documents)}
	all := 0
	for _, n := range frequency {
		all += n
	}
	batch := max(leastPostings, all/mostBatches)
	for from := 0; from < len(terms); {
		to, size := from, 0
		for to < len(terms) && (to == from || size+frequency[to] <= batch) {
			size += frequency[to]
			to++
		}
		for i, postings := range b.gather(place, frequency, from, to, size, s.mean, dir.Documents) {
			s.add(terms[from+i], frequency[from+i], postings)
		}
		from = to
	}
	s.flush()
	dir.First = frontCode(s.first)
}

// eachCount calls f for each term of each document in order; the names of the entity that
// a document is about count as words of it. index is the place of the document in
// b.documents.
func (b *textBuilder) eachCount(f func(index, term, weight, section int)) {
	var missing []int
	for i := range b.documents {
		d := &b.documents[i]
		missing = append(missing[:0], d.about...)
		for r := (numbers{text: d.counts}); r.more(); {
			term, weight, section := r.next(), r.next(), r.next()
			if at := slices.Index(missing, term); at >= 0 {
				missing = slices.Delete(missing, at, at+1)
				weight = min(weight+aboutWeight, 255)
			}
			f(i, term, weight, section)
		}
		for _, term := range missing {
			f(i, term, aboutWeight, 0)
		}
	}
}

// gather returns the postings of the terms from..to, each in order of documents.
func (b *textBuilder) gather(place []int32, frequency []int, from, to, size int, mean float64, pages int) [][]posting {
	all := make([]posting, size)
	lists := make([][]posting, to-from)
	for i := range lists {
		n := frequency[from+i]
		lists[i], all = all[:0:n], all[n:]
	}
	b.eachCount(func(index, term, weight, section int) {
		at := int(place[term])
		if at < from || at >= to {
			return
		}
		d := &b.documents[index]
		number := index
		if index >= pages {
			number = pages + d.row
		}
		lists[at-from] = append(lists[at-from], posting{int32(number), level(weight, d.length, mean), uint8(section)})
	})
	return lists
}

// level is how much a document is about a term, from 1 to levels (one digit): BM25's part that
// depends on the document. The conversions keep compilers from fusing operations, so
// that every machine writes the same bytes.
func level(weight, length int, mean float64) uint8 {
	tf := float64(weight)
	norm := float64(bm25K1 * float64((1-bm25B)+float64(bm25B*float64(float64(length)/mean))))
	return uint8(min(max(math.Round(float64(levels*tf)/(tf+norm)), 1), levels))
}

// rarity is BM25's other part, in sixteenths.
func rarity(documents, frequency int) int {
	n, df := float64(documents), float64(frequency)
	return max(1, int(math.Round(16*math.Log(1+(n-df+0.5)/(df+0.5)))))
}

// shardWriter fills one file of terms after the other.
type shardWriter struct {
	w         *writer
	dir       *textFile
	mean      float64
	documents int
	first     []string // term of each shard written

	terms    []string
	idf      []byte
	postings []byte
}

func (s *shardWriter) add(term string, frequency int, postings []posting) {
	if len(s.postings)+len(s.terms)*8 > shardBytes {
		s.flush()
	}
	if len(s.terms) > 0 {
		s.postings = append(s.postings, ' ')
	}
	s.terms = append(s.terms, term)
	s.idf = appendNumber(s.idf, rarity(s.documents, frequency))
	last := 0
	for _, p := range best(postings) {
		s.postings = appendNumber(s.postings, int(p.document)-last)
		s.postings = append(s.postings, digits[p.level])
		s.postings = appendNumber(s.postings, int(p.section))
		last = int(p.document)
	}
}

// best keeps of a term's postings the maxPostings with the highest levels, in order
// of documents. A term of so many documents hardly tells them apart.
func best(postings []posting) []posting {
	if len(postings) <= maxPostings {
		return postings
	}
	var of [levels + 1]int // how many have a level
	for _, p := range postings {
		of[p.level]++
	}
	// All above a level are kept, and of that level the first.
	least, room := levels, maxPostings
	for least > 0 && of[least] <= room {
		room -= of[least]
		least--
	}
	return slices.DeleteFunc(postings, func(p posting) bool {
		switch {
		case int(p.level) > least:
			return false
		case int(p.level) == least && room > 0:
			room--
			return false
		}
		return true
	})
}

func (s *shardWriter) flush() {
	if len(s.terms) == 0 {
		return
	}
	f := &termFile{frontCode(s.terms), string(s.idf), string(s.postings)}
	s.dir.Shards = append(s.dir.Shards, s.w.numbered("t", len(s.first), f))
	s.first = append(s.first, s.terms[0])
	s.terms, s.idf, s.postings = nil, nil, nil
}

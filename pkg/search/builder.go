package search

import (
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/signpost-dev/signpost/pkg/cache"
)

// How much a file of the index holds.
const (
	shardRows   = 10_000   // entities in a column file
	detailRows  = 250      // entities in a file of details
	chunkRows   = 64       // documents in a file of excerpts
	metaRows    = 25_000   // documents in a file of kinds, entities and owners
	shardBytes  = 36 << 10 // of postings; a query reads one such file a word
	maxPostings = 4_000    // of one term; of more, those that score highest
)

// Builder collects entities and documents and writes the index. Its methods may be
// called at the same time from several goroutines; the files depend only on what was
// added, not on the order. A document's text is not kept: what stays of it is two
// or three kilobytes. The zero Builder is ready to use.
type Builder struct {
	mu       sync.Mutex
	entities []Entity
	texts    textBuilder
	counters sync.Pool // of *counter, one for each goroutine that adds
	learnt   int       // size of the dictionary that an earlier run has left
	before   *Texts    // see Reuse
	finished bool

	rowsPerShard int // shardRows if zero; tests of many shards set it
}

// AddEntity adds an entity.
func (b *Builder) AddEntity(e Entity) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.entities = append(b.entities, e)
}

// AddDocument adds a document and returns what a later run needs to add it again.
func (b *Builder) AddDocument(d Document) Record {
	c, ok := b.counters.Get().(*counter)
	if !ok {
		c = newCounter()
	}
	defer b.counters.Put(c)
	c.document(&d)
	b.mu.Lock()
	b.texts.number(c)
	b.mu.Unlock()
	r := newRecord(&d, c)
	k, _ := keep(&d, r, math.MaxInt) // our own dictionary is large enough
	b.mu.Lock()
	b.texts.documents = append(b.texts.documents, k)
	b.mu.Unlock()
	return r
}

// Files returns the files of the index by path, the entry last. It is an error if a
// page has no URL or two have one, or if a document is about an entity that was not
// added. Files is called once, after everything was added, and its files are read once:
// with the last of them the Builder lets go of all but what Dictionary and Texts return.
func (b *Builder) Files() (iter.Seq2[string, []byte], error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.finished {
		return nil, errors.New("the search index was already written")
	}
	b.finished = true
	sortEntities(b.entities)
	rows := make(map[string]int, len(b.entities))
	for i, e := range b.entities {
		if e.URL == "" {
			return nil, fmt.Errorf("the %s %q has no page", e.Kind, e.Name)
		}
		if _, twice := rows[e.URL]; twice {
			return nil, fmt.Errorf("two entities have the page %s", e.URL)
		}
		rows[e.URL] = i
	}
	if err := b.texts.finish(b.entities, rows); err != nil {
		return nil, err
	}
	return func(yield func(string, []byte) bool) {
		w := &writer{yield: yield}
		entry := writeEntities(w, b.entities, cmp.Or(b.rowsPerShard, shardRows))
		if digest := b.texts.digest(); b.before == nil || b.before.Digest != digest {
			w.names = []string{}
			b.before = &Texts{Digest: digest, Directory: b.texts.write(w)}
			b.before.Files = w.names
		}
		entry.Text = b.before.Directory
		w.file("search/index.js", entry)
		b.entities, b.texts.documents = nil, nil
	}, nil
}

// Texts is the full-text half of an index as it was written, which is most of its work.
type Texts struct {
	Digest    cache.Digest // of all that it was made of
	Directory string       // hash of the file that names the others; empty if there is no text
	Files     []string
}

// Reuse tells a Builder of the full-text half of an earlier index, whose files are still
// there. If it would come out the same, Files leaves it out.
func (b *Builder) Reuse(before Texts) { b.before = &before }

// Texts returns the full-text half for Reuse in a later run, when all Files were read.
func (b *Builder) Texts() Texts { return *b.before }

// sortEntities puts entities in the order of the columns: by kind, namespace, name.
func sortEntities(entities []Entity) {
	slices.SortFunc(entities, func(a, b Entity) int {
		return cmp.Or(
			cmp.Compare(kindRank(a.Kind), kindRank(b.Kind)),
			cmp.Compare(a.Kind, b.Kind),
			cmp.Compare(a.Namespace, b.Namespace),
			cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)),
			cmp.Compare(a.URL, b.URL),
		)
	})
}

func kindRank(kind string) int {
	if i := slices.Index(kindOrder, kind); i >= 0 {
		return i
	}
	return len(kindOrder)
}

// writer hands files on until the receiver has had enough.
type writer struct {
	yield   func(string, []byte) bool
	names   []string // of the files so far
	stopped bool
}

func (w *writer) file(path string, v any) { w.put(path, DataFile(dataName(path), v)) }

func (w *writer) put(path string, data []byte) {
	if !w.stopped {
		w.names = append(w.names, path)
		w.stopped = !w.yield(path, data)
	}
}

// numbered writes the n-th file of a folder under a name with its content's hash and
// returns the hash, which is all that the entry needs to name it.
func (w *writer) numbered(folder string, n int, v any) string {
	name := fmt.Sprintf("search/%s/%d", folder, n)
	data := DataFile(name, v)
	hash := contentHash(data)
	w.put(name+"-"+hash+".js", data)
	return hash
}

// dataName is the name that a file's data has in the browser: its path without the
// hash and the ending.
func dataName(path string) string {
	name := strings.TrimSuffix(path, ".js")
	if i := strings.LastIndexByte(name, '-'); i >= 0 {
		name = name[:i]
	}
	return name
}

var hashEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567")

// contentHash is short, and in one case, since some disks ignore it.
func contentHash(data []byte) string {
	sum := sha256.Sum256(data)
	return hashEncoding.EncodeToString(sum[:5])
}

package search

import (
	"errors"
	"fmt"
	"io/fs"
	"math/bits"
	"slices"
)

// Index reads an index. It holds the columns of all entities; the files of the
// full-text half are read when a query needs them. It is safe for use by several
// goroutines.
type Index struct {
	files   fs.FS
	entry   entryFile
	keys    map[string]string // squashed names of own fields, to their columns
	kinds   map[string]string // squashed names of kinds, to the kinds
	rows    []row
	columns map[string]dictColumn
	sets    map[string]dictSet
	words   []indexWord // sorted
	text    *textFile   // nil if there is no text
	first   []string    // first term of each shard

	ownerTitles map[string]string // by value of the owner column
}

// row is what the columns say of an entity beside the dictionary-coded ones.
type row struct {
	name, title, url string
	aliases          []string
	ownerTitle       string
}

// dictColumn and dictSet are columns as read, all shards together.
type dictColumn struct {
	values []string
	codes  []int
}

type dictSet struct {
	values []string
	codes  [][]int
}

// indexWord is a word with the rows and fields in which it stands.
type indexWord struct {
	text    string
	stem    string
	letters uint64 // a bit for each of the stem's, to rule most words out before comparing
	places  []place
}

type place struct{ row, field int }

// ErrNoIndex says that the folder holds no index.
var ErrNoIndex = errors.New("no search index: build the site first")

// Open reads an index from a site's root, the folder that holds search/. It returns
// an error that is ErrNoIndex if there is none.
func Open(files fs.FS) (*Index, error) {
	x := &Index{files: files, columns: map[string]dictColumn{}, sets: map[string]dictSet{}, ownerTitles: map[string]string{}}
	err := x.read("search/index.js", &x.entry)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoIndex
	}
	if err != nil {
		return nil, err
	}
	if x.entry.Version != formatVersion {
		return nil, fmt.Errorf("search/index.js has format %d, but this program reads format %d: build the site again", x.entry.Version, formatVersion)
	}
	for n, shard := range x.entry.Shards {
		if err := x.readShard(n, shard.Hash); err != nil {
			return nil, err
		}
	}
	if len(x.rows) != x.entry.Rows || x.entry.DetailRows < 1 || len(x.entry.Details)*x.entry.DetailRows < x.entry.Rows {
		return nil, fmt.Errorf("reading search/index.js: %w", errDamaged)
	}
	x.nameKeys()
	x.indexWords()
	return x, x.readText()
}

// read reads a data file into v.
func (x *Index) read(path string, v any) error {
	data, err := fs.ReadFile(x.files, path)
	if err != nil {
		return fmt.Errorf("reading %s: %w", path, err)
	}
	if err := ReadDataFile(data, v); err != nil {
		return fmt.Errorf("reading %s: %w", path, err)
	}
	return nil
}

// readNumbered reads the n-th file of a folder.
func (x *Index) readNumbered(folder string, n int, hash string, v any) error {
	return x.read(fmt.Sprintf("search/%s/%d-%s.js", folder, n, hash), v)
}

func (x *Index) readText() error {
	if x.entry.Text == "" {
		return nil
	}
	x.text = &textFile{}
	if err := x.read("search/text-"+x.entry.Text+".js", x.text); err != nil {
		return err
	}
	t := x.text
	first, err := unfrontCode(t.First)
	if err != nil || len(first) != len(t.Shards) || len(t.Kinds) != len(t.KindNames) || t.Documents < 0 ||
		!covers(len(t.Chunks), t.ChunkRows, t.Documents) || !covers(len(t.Meta), t.MetaRows, t.Documents) {
		return fmt.Errorf("reading the directory of the text: %w", errDamaged)
	}
	x.first = first
	return nil
}

// covers reports whether so many files hold all rows, and none is beyond them.
func covers(files, perFile, rows int) bool {
	return perFile > 0 && files == (rows+perFile-1)/perFile
}

func (x *Index) nameKeys() {
	x.keys, x.kinds = map[string]string{}, map[string]string{}
	for _, f := range x.entry.Fields {
		x.keys[squash(f)] = "." + f
	}
	for _, k := range x.entry.Kinds {
		x.kinds[squash(k.Name)] = k.Name
	}
}

func (x *Index) readShard(n int, hash string) error {
	var f columnFile
	if err := x.readNumbered("c", n, hash, &f); err != nil {
		return err
	}
	from := len(x.rows)
	if err := x.addRows(&f); err != nil {
		return fmt.Errorf("reading columns %d: %w", n, err)
	}
	if err := x.addColumns(&f, from); err != nil {
		return fmt.Errorf("reading columns %d: %w", n, err)
	}
	x.addURLs(&f, from)
	return nil
}

func (x *Index) addRows(f *columnFile) error {
	names, err1 := unfrontCode(f.Names)
	patterns, err2 := f.Titles.decode(nil)
	titles, err3 := f.OwnTitles.decode(f.Rows)
	aliases, err4 := f.Aliases.decode(f.Rows)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return err
	}
	if len(names) != f.Rows || len(patterns) != f.Rows {
		return errDamaged
	}
	for i, name := range names {
		r := row{name: name, aliases: aliases[i]}
		switch {
		case len(titles[i]) > 0:
			r.title = titles[i][0]
		case patterns[i] >= len(f.Titles.Values):
			return errDamaged
		default:
			r.title = patternTitle(name, f.Titles.Values[patterns[i]])
		}
		x.rows = append(x.rows, r)
	}
	return nil
}

func (x *Index) addColumns(f *columnFile, from int) error {
	codes := map[string][]int{}
	for _, c := range singleColumns {
		file := f.Columns[c.name]
		decoded, err := file.decode(codes[c.given])
		if err != nil || len(decoded) != f.Rows || slices.ContainsFunc(decoded, outside(file.Values)) {
			return fmt.Errorf("column %s: %w", c.name, errDamaged)
		}
		codes[c.name] = decoded
		x.columns[c.name] = x.columns[c.name].append(file.Values, decoded)
	}
	for i, code := range codes["owner"] {
		if code < len(f.OwnerTitles) {
			x.rows[from+i].ownerTitle = f.OwnerTitles[code]
			x.ownerTitles[f.Columns["owner"].Values[code]] = f.OwnerTitles[code]
		}
	}
	for name, file := range f.Sets {
		decoded, values, err := file.decode(f.Rows, codes)
		if err != nil {
			return fmt.Errorf("column %s: %w", name, err)
		}
		x.sets[name] = x.sets[name].append(values, decoded)
	}
	return nil
}

func outside(values []string) func(int) bool {
	return func(code int) bool { return code >= len(values) }
}

// append adds a shard's rows, whose codes are those of its own dictionary.
func (c dictColumn) append(values []string, codes []int) dictColumn {
	renumbered := renumber(&c.values, values)
	for _, code := range codes {
		c.codes = append(c.codes, renumbered[code])
	}
	return c
}

func (c dictSet) append(values []string, codes [][]int) dictSet {
	renumbered := renumber(&c.values, values)
	for _, set := range codes {
		for i, code := range set {
			set[i] = renumbered[code]
		}
		c.codes = append(c.codes, set)
	}
	return c
}

// renumber adds to all the values that it lacks and returns the place of each in it.
func renumber(all *[]string, values []string) []int {
	known := map[string]int{}
	for i, v := range *all {
		known[v] = i
	}
	places := make([]int, len(values))
	for i, v := range values {
		at, ok := known[v]
		if !ok {
			at = len(*all)
			*all = append(*all, v)
		}
		places[i] = at
	}
	return places
}

func (x *Index) addURLs(f *columnFile, from int) {
	urls, err := f.URLs.decode(f.Rows)
	for i := range f.Rows {
		r := &x.rows[from+i]
		if err == nil && len(urls[i]) > 0 {
			r.url = urls[i][0]
			continue
		}
		r.url = pageURL(x.entry.folder(x.value("kind", from+i)), x.value("namespace", from+i), r.name)
	}
}

// value is what a single column says of a row.
func (x *Index) value(column string, row int) string {
	c := x.columns[column]
	return c.values[c.codes[row]]
}

// indexWords notes each word of each entity.
func (x *Index) indexWords() {
	places := map[string][]place{}
	add := func(row, field int, ws []string) {
		for _, w := range ws {
			places[w] = append(places[w], place{row, field})
		}
	}
	for i := range x.rows {
		x.eachField(i, func(field int, text string) { add(i, field, words(text)) })
	}
	for text, p := range places {
		x.words = append(x.words, indexWord{text, stem(text), letterBits(stem(text)), p})
	}
	slices.SortFunc(x.words, func(a, b indexWord) int { return compareStrings(a.text, b.text) })
}

// eachField calls f with every text by which a row can be found.
func (x *Index) eachField(i int, f func(field int, text string)) {
	r := &x.rows[i]
	f(fieldName, r.name)
	f(fieldWholeName, squash(r.name))
	f(fieldTitle, r.title)
	f(fieldWholeTitle, squash(r.title))
	for _, a := range r.aliases {
		f(fieldAlias, a)
		f(fieldWholeAlias, squash(a))
	}
	if ns := x.value("namespace", i); ns != "" {
		f(fieldSystem, ns)
		f(fieldWholeName, squash(ns+" "+r.name))
	}
	f(fieldOwner, x.value("owner", i))
	f(fieldOwner, r.ownerTitle)
	f(fieldSystem, x.value("system", i))
	f(fieldDomain, x.value("domain", i))
	f(fieldType, x.value("type", i))
	f(fieldLanguage, x.value("language", i))
	f(fieldKind, x.value("kind", i))
	f(fieldChannel, x.value("channel", i))
	for name, set := range x.sets {
		field := fieldOwn
		switch name {
		case "gap":
			continue
		case "tag":
			field = fieldTag
		}
		for _, code := range set.codes[i] {
			f(field, set.values[code])
		}
	}
}

func compareStrings(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// letterBits has a bit for each letter of an ASCII word and one bit for all others.
func letterBits(w string) (set uint64) {
	for _, r := range w {
		set |= 1 << letterBit(r)
	}
	return set
}

func letterBit(r rune) int {
	if 'a' <= r && r <= 'z' {
		return int(r - 'a')
	}
	return 26 + int(r%6) // digits and others share what a browser's 32 bits leave
}

// couldBe reports whether limit edits could turn one set of letters into the other.
func couldBe(a, b uint64, limit int, prefix bool) bool {
	return bits.OnesCount64(a&^b) <= limit && (prefix || bits.OnesCount64(b&^a) <= limit)
}

package search

import (
	"maps"
	"slices"
	"strings"
)

const formatVersion = 2

// entryFile is search/index.js.
type entryFile struct {
	Version    int        `json:"version"`
	Ranking    Ranking    `json:"ranking"`
	Kinds      []kindInfo `json:"kinds"`
	Fields     []string   `json:"fields"` // the organisation's own, sorted
	Rows       int        `json:"rows"`
	ShardRows  int        `json:"shardRows"`
	Shards     []shardRef `json:"shards"`
	DetailRows int        `json:"detailRows"`
	Details    []string   `json:"details"` // hashes
	Text       string     `json:"text"`    // hash of the full-text half's directory; empty if there is no text
}

// kindInfo is a kind of entity. Folder is where its pages lie, so that the columns
// need not hold their URLs. Places is the hash of its placesFile, if it has one.
type kindInfo struct {
	Name   string `json:"name"`
	Title  string `json:"title"`
	Folder string `json:"folder"`
	Rows   int    `json:"rows"`
	Places string `json:"places,omitempty"`
}

// shardRef names a column file and says which names of which kinds it holds: kind,
// first name, last name.
type shardRef struct {
	Hash  string      `json:"hash"`
	Kinds [][3]string `json:"kinds"`
}

// singleColumns are the columns with one value per row, and the column that mostly
// decides each: a column comes after the one that decides it.
var singleColumns = []struct {
	name, given string
	value       func(*Entity) string
}{
	{"kind", "", func(e *Entity) string { return e.Kind }},
	{"namespace", "", func(e *Entity) string { return e.Namespace }},
	{"system", "", func(e *Entity) string { return e.System }},
	{"domain", "system", func(e *Entity) string { return e.Domain }},
	{"owner", "system", func(e *Entity) string { return e.Owner }},
	{"oncall", "owner", func(e *Entity) string { return e.OnCall }},
	{"channel", "owner", func(e *Entity) string { return e.Channel }},
	{"tier", "", func(e *Entity) string { return e.Tier }},
	{"lifecycle", "", func(e *Entity) string { return e.Lifecycle }},
	{"type", "kind", func(e *Entity) string { return e.Type }},
	{"language", "kind", func(e *Entity) string { return e.Language }},
}

// fieldDeciders are the columns that may decide one of the organisation's own fields.
var fieldDeciders = []string{"kind", "system", "owner"}

// columnFile is the columns of one shard.
type columnFile struct {
	Rows        int                  `json:"n"`
	Names       string               `json:"names"` // front-coded
	Titles      column               `json:"titles"`
	OwnTitles   sparse               `json:"ownTitles"`
	Aliases     sparse               `json:"aliases"`
	URLs        sparse               `json:"urls"`
	Columns     map[string]column    `json:"columns"`
	Sets        map[string]setColumn `json:"sets"`
	OwnerTitles []string             `json:"ownerTitles"` // by value of the owner column
}

// detailFile is what a hit or a row shows and nobody searches by, row by row.
type detailFile struct {
	Descriptions []string `json:"d"`
	ChannelURLs  []string `json:"c"`
	Runbooks     []string `json:"r"`
}

// writeEntities writes the columns and details of sorted entities and returns the
// entry, which lacks only the name of the full-text half. shardRows is how many entities
// a column file holds.
func writeEntities(w *writer, entities []Entity, shardRows int) *entryFile {
	entry := &entryFile{
		Version: formatVersion, Ranking: defaultRanking, Kinds: kindsOf(entities), Fields: fieldsOf(entities),
		Rows: len(entities), ShardRows: shardRows, DetailRows: detailRows, Shards: []shardRef{}, Details: []string{},
	}
	n := 0
	for rows := range slices.Chunk(entities, shardRows) {
		hash := w.numbered("c", n, newColumnFile(rows, entry))
		entry.Shards = append(entry.Shards, shardRef{hash, kindRanges(rows)})
		n++
	}
	n = 0
	for rows := range slices.Chunk(entities, detailRows) {
		entry.Details = append(entry.Details, w.numbered("d", n, newDetailFile(rows)))
		n++
	}
	writePlaces(w, entities, entry)
	return entry
}

// kindsOf lists the kinds in the order of the columns, each with the folder that
// most of its pages share.
func kindsOf(entities []Entity) []kindInfo {
	kinds := []kindInfo{}
	folders := map[string]int{}
	rows := 0
	for i, e := range entities {
		folder, _, _ := strings.Cut(e.URL, "/")
		folders[folder]++
		rows++
		if i+1 < len(entities) && entities[i+1].Kind == e.Kind {
			continue
		}
		best := ""
		for _, f := range slices.Sorted(maps.Keys(folders)) {
			if folders[f] > folders[best] {
				best = f
			}
		}
		kinds = append(kinds, kindInfo{Name: e.Kind, Title: e.KindTitle, Folder: best, Rows: rows})
		clear(folders)
		rows = 0
	}
	return kinds
}

func fieldsOf(entities []Entity) []string {
	names := map[string]bool{}
	for _, e := range entities {
		for name := range e.Fields {
			names[name] = true
		}
	}
	return append([]string{}, slices.Sorted(maps.Keys(names))...)
}

func kindRanges(rows []Entity) [][3]string {
	var out [][3]string
	for _, e := range rows {
		name := squash(e.Name)
		last := len(out) - 1
		if last < 0 || out[last][0] != e.Kind {
			out = append(out, [3]string{e.Kind, name, name})
			continue
		}
		out[last][1], out[last][2] = min(out[last][1], name), max(out[last][2], name)
	}
	return out
}

func newColumnFile(rows []Entity, entry *entryFile) *columnFile {
	f := &columnFile{Rows: len(rows), Columns: map[string]column{}, Sets: map[string]setColumn{}}
	names, patterns := make([]string, len(rows)), make([]string, len(rows))
	titles, aliases, urls := make([][]string, len(rows)), make([][]string, len(rows)), make([][]string, len(rows))
	for i := range rows {
		e := &rows[i]
		names[i], aliases[i] = e.Name, e.Aliases
		pattern, ok := titlePattern(e.Name, e.Title)
		if patterns[i] = pattern; !ok {
			titles[i] = []string{e.Title}
		}
		if e.URL != pageURL(entry.folder(e.Kind), e.Namespace, e.Name) {
			urls[i] = []string{e.URL}
		}
	}
	f.Names, f.Titles = frontCode(names), newColumn(patterns, "", nil)
	f.OwnTitles, f.Aliases, f.URLs = newSparse(titles), newSparse(aliases), newSparse(urls)
	f.addSets(rows, entry.Fields, f.addSingles(rows))
	return f
}

// addSingles adds the columns with one value per row and returns their codes.
func (f *columnFile) addSingles(rows []Entity) map[string][]int {
	codes := map[string][]int{}
	for _, c := range singleColumns {
		values := make([]string, len(rows))
		for i := range rows {
			values[i] = c.value(&rows[i])
		}
		_, codes[c.name] = dictionary(values)
		f.Columns[c.name] = newColumn(values, c.given, codes[c.given])
	}
	f.OwnerTitles = make([]string, len(f.Columns["owner"].Values))
	for i, code := range codes["owner"] {
		f.OwnerTitles[code] = rows[i].OwnerTitle
	}
	return codes
}

// addSets adds the columns that may have several values.
func (f *columnFile) addSets(rows []Entity, fields []string, codes map[string][]int) {
	add := func(name string, values func(*Entity) []string) {
		sets := make([][]string, len(rows))
		for i := range rows {
			sets[i] = values(&rows[i])
		}
		f.Sets[name] = newField(sets, fieldDeciders, codes)
	}
	add("tag", func(e *Entity) []string { return e.Tags })
	add("gap", func(e *Entity) []string { return e.Gaps })
	for _, field := range fields {
		add(fieldColumn(field), func(e *Entity) []string { return e.Fields[field] })
	}
}

func newDetailFile(rows []Entity) *detailFile {
	f := &detailFile{}
	for _, e := range rows {
		f.Descriptions = append(f.Descriptions, e.Description)
		f.ChannelURLs = append(f.ChannelURLs, e.ChannelURL)
		f.Runbooks = append(f.Runbooks, e.Runbook)
	}
	return f
}

func (f *entryFile) folder(kind string) string {
	for _, k := range f.Kinds {
		if k.Name == kind {
			return k.Folder
		}
	}
	return ""
}

// pageURL is where the page of most entities lies. The few others have their URL in
// the columns.
func pageURL(folder, namespace, name string) string {
	if namespace != "" {
		folder += "/" + namespace
	}
	return folder + "/" + strings.ToLower(name) + ".html"
}

// titlePattern describes a title by its name, word by word: c for a capital first,
// u for all capitals, l for none. "Payments API" is "cu" of payments-api. Titles
// would otherwise be a third of the columns. The pattern "" means no title; ok is
// false if the title cannot be had so.
func titlePattern(name, title string) (pattern string, ok bool) {
	if title == "" {
		return "", true
	}
	parts := strings.FieldsFunc(name, nameBreak)
	ws := strings.Split(title, " ")
	if len(ws) != len(parts) {
		return "", false
	}
	for i, part := range parts {
		style := ""
		for _, s := range "clu" {
			if styled(part, byte(s)) == ws[i] {
				style = string(s)
				break
			}
		}
		if style == "" {
			return "", false
		}
		pattern += style
	}
	return pattern, true
}

func nameBreak(r rune) bool { return r == '-' || r == '_' || r == '.' }

func styled(part string, style byte) string {
	part = strings.ToLower(part)
	switch style {
	case 'c':
		return strings.ToUpper(part[:1]) + part[1:]
	case 'u':
		return strings.ToUpper(part)
	}
	return part
}

// patternTitle undoes titlePattern.
func patternTitle(name, pattern string) string {
	parts := strings.FieldsFunc(name, nameBreak)
	if len(pattern) != len(parts) {
		return ""
	}
	for i, part := range parts {
		parts[i] = styled(part, pattern[i])
	}
	return strings.Join(parts, " ")
}

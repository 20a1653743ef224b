package search

import "slices"

// maxPlaces is how many values of a facet are noted at most. Of one with more, such as
// a field that is different for every entity, readers load all shards.
const maxPlaces = 4096

// facetColumns are the columns with one value per row by which lists can be narrowed.
// Gaps and the organisation's own fields are the others.
var facetColumns = []string{"owner", "system", "domain", "tier", "lifecycle", "type", "language"}

// placesFile says of a kind that lies in several shards which values of the lists'
// facets stand in which of these, so that a reader who narrows the list need not load
// the others.
type placesFile map[string]facetPlaces

// facetPlaces are the values of one facet that some shards lack. Places are, for each of
// them, how many shards have it and which, counted from the kind's first.
type facetPlaces struct {
	Values []string `json:"v"`
	Places string   `json:"p"`
}

// writePlaces writes the file of each kind that lies in several shards.
func writePlaces(w *writer, entities []Entity, entry *entryFile) {
	from := 0
	for n := range entry.Kinds {
		k := &entry.Kinds[n]
		to := from + k.Rows
		if from/entry.ShardRows != (to-1)/entry.ShardRows {
			k.Places = w.numbered("f", n, newPlacesFile(entities[from:to], from, entry))
		}
		from = to
	}
}

// newPlacesFile notes the values of rows that begin at a row of all.
func newPlacesFile(rows []Entity, from int, entry *entryFile) placesFile {
	first := from / entry.ShardRows
	shards := (from+len(rows)-1)/entry.ShardRows - first + 1
	file := placesFile{}
	for name, values := range facetsOf(entry.Fields) {
		places := map[string][]int{}
		for i := range rows {
			shard := (from+i)/entry.ShardRows - first
			for _, v := range values(&rows[i]) {
				if known := places[v]; len(known) == 0 || known[len(known)-1] != shard {
					places[v] = append(known, shard)
				}
			}
		}
		if f, few := placesOf(places, shards); few {
			file[name] = f
		}
	}
	return file
}

func placesOf(places map[string][]int, shards int) (facetPlaces, bool) {
	f := facetPlaces{Values: []string{}}
	for v, known := range places {
		if len(known) < shards {
			f.Values = append(f.Values, v)
		}
	}
	slices.Sort(f.Values)
	var b []byte
	for _, v := range f.Values {
		b = appendNumber(b, len(places[v]))
		for _, shard := range places[v] {
			b = appendNumber(b, shard)
		}
	}
	f.Places = string(b)
	return f, len(f.Values) <= maxPlaces
}

// facetsOf returns how to read the facets of an entity, by the names of their columns.
func facetsOf(fields []string) map[string]func(*Entity) []string {
	facets := map[string]func(*Entity) []string{"gap": func(e *Entity) []string { return e.Gaps }}
	for _, c := range singleColumns {
		if slices.Contains(facetColumns, c.name) {
			facets[c.name] = func(e *Entity) []string { return []string{c.value(e)} }
		}
	}
	for _, field := range fields {
		facets[fieldColumn(field)] = func(e *Entity) []string { return e.Fields[field] }
	}
	return facets
}

// fieldColumn is the column of one of the organisation's own fields: a full stop before
// its name keeps it from being taken for one of ours.
func fieldColumn(field string) string { return "." + field }

package search

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"
)

// Search returns the entities that match a query, best first. Every word must match
// some field, and every filter too; a query of filters alone lists what they leave.
func (x *Index) Search(query string, limit int) []Hit {
	q := parseRequest(query, x.keys, x.kinds)
	if len(q.words) == 0 && len(q.filters) == 0 {
		return nil
	}
	scores := x.scoreEntities(&q)
	var hits []Hit
	for _, row := range top(scores, limit) {
		hits = append(hits, x.entityHit(row, scores[row]))
	}
	return hits
}

// Nearest returns entities whose names are spelt like the query, for a query that
// found nothing.
func (x *Index) Nearest(query string, limit int) []Hit {
	q := parseRequest(query, x.keys, x.kinds)
	whole := []rune(strings.Join(q.words, ""))
	far := max(2, len(whole)/3)
	scores := make([]int, len(x.rows))
	for _, w := range x.words {
		d := distance(whole, []rune(w.text), far, false)
		if d > far || len(whole) == 0 {
			continue
		}
		for _, p := range w.places {
			if p.field >= fieldWholeName {
				scores[p.row] = max(scores[p.row], far+1-d)
			}
		}
	}
	var hits []Hit
	for _, row := range top(scores, limit) {
		hits = append(hits, x.entityHit(row, scores[row]))
	}
	return hits
}

// scoreEntities returns the score of each row; zero or less is no match.
func (x *Index) scoreEntities(q *request) []int {
	scores := x.scoreWords(q)
	match := x.filterRows(q.filters)
	for row := range scores {
		if !match[row] {
			scores[row] = 0
		}
	}
	if len(q.words) > 1 && utf8.RuneCountInString(q.whole()) >= x.entry.Ranking.TypoLetters[0] && !slices.ContainsFunc(scores, positive) {
		x.matchLoosely(q.whole(), true, scores)
		for row := range scores {
			if !match[row] {
				scores[row] = 0
			}
		}
	}
	for row := range scores {
		if scores[row] > 0 {
			scores[row] = max(1, scores[row]+x.standing(row)+x.teamBonus(q, row))
		}
	}
	return scores
}

func positive(n int) bool { return n > 0 }

// scoreWords scores the rows in which every word matches, or the whole query. Without
// words, every row has the same score.
func (x *Index) scoreWords(q *request) []int {
	total := make([]int, len(x.rows))
	if len(q.words) == 0 {
		for row := range total {
			total[row] = 1000
		}
		return total
	}
	matched := make([]int, len(x.rows))
	one := make([]int, len(x.rows))
	for i, word := range q.words {
		clear(one)
		typing := q.typing && i == len(q.words)-1
		if !x.matchStrictly(word, one) {
			x.matchLoosely(word, typing, one)
		}
		for row, score := range one {
			if score > 0 {
				total[row] += score
				matched[row]++
			}
		}
	}
	whole := make([]int, len(x.rows))
	x.matchWhole(q.whole(), whole)
	for row := range total {
		if matched[row] < len(q.words) && whole[row] == 0 {
			total[row] = 0
			continue
		}
		total[row] = total[row]/len(q.words) + whole[row]
	}
	return total
}

// matchStrictly scores the rows with a word that is the query's word, the other
// number of it, or goes on from it. It reports whether there are any.
func (x *Index) matchStrictly(word string, scores []int) bool {
	root := stem(word)
	found := false
	for _, w := range x.startingWith(strings.TrimSuffix(root, "y")) { // policies, too
		share := 0
		switch {
		case w.text == word || w.stem == root:
			share = x.entry.Ranking.Exact
		case strings.HasPrefix(w.text, word):
			share = x.entry.Ranking.Prefix + x.entry.Ranking.PrefixSpan*utf8.RuneCountInString(word)/utf8.RuneCountInString(w.text)
		default:
			continue
		}
		found = true
		x.credit(w.places, share, scores)
	}
	return found
}

// matchLoosely scores the rows with a word that holds the query's word inside or is
// nearly it.
func (x *Index) matchLoosely(word string, typing bool, scores []int) {
	r := &x.entry.Ranking
	letters, root := []rune(word), []rune(stem(word))
	set, rootSet := letterBits(word), letterBits(stem(word))
	limit := r.typos(len(letters))
	for _, w := range x.words {
		share := 0
		if len(letters) >= r.InfixLetters && strings.Contains(w.text, word) {
			share = r.Infix
		}
		if limit > 0 && couldBe(rootSet, w.letters, limit, false) {
			if d := distance(root, []rune(w.stem), limit, false); d <= limit {
				share = max(share, r.Typo[max(d, 1)-1])
			}
		}
		if share == 0 && typing && len(letters) >= r.PrefixTypo && couldBe(set, w.letters, 1, true) {
			if distance(letters, []rune(w.text), 1, true) <= 1 {
				share = r.TypoPrefix
			}
		}
		if share > 0 {
			x.credit(w.places, share, scores)
		}
	}
}

// matchWhole scores the rows whose whole name, alias or title is the query or goes on
// from it.
func (x *Index) matchWhole(whole string, scores []int) {
	r := &x.entry.Ranking
	n := utf8.RuneCountInString(whole)
	for _, w := range x.startingWith(whole) {
		for _, p := range w.places {
			if p.field < fieldWholeName {
				continue
			}
			score := r.Whole[p.field-fieldWholeName]
			if w.text != whole {
				score = r.WholePrefix[p.field-fieldWholeName] + r.WholeSpan*n/utf8.RuneCountInString(w.text)
			}
			scores[p.row] = max(scores[p.row], score)
		}
	}
}

// startingWith returns the words that begin so.
func (x *Index) startingWith(prefix string) []indexWord {
	from := sort.Search(len(x.words), func(i int) bool { return x.words[i].text >= prefix })
	to := from
	for to < len(x.words) && strings.HasPrefix(x.words[to].text, prefix) {
		to++
	}
	return x.words[from:to]
}

// credit gives each row the best of what it has and of its field's weight times share.
func (x *Index) credit(places []place, share int, scores []int) {
	for _, p := range places {
		scores[p.row] = max(scores[p.row], x.entry.Ranking.Fields[p.field]*share)
	}
}

// standing is what an entity counts before any query.
func (x *Index) standing(row int) int {
	r := &x.entry.Ranking
	kind, known := r.Kind[x.value("kind", row)]
	if !known {
		kind = r.OtherKind
	}
	return kind + r.Tier[x.value("tier", row)] + r.Lifecycle[x.value("lifecycle", row)]
}

// teamBonus puts a team before what it owns.
func (x *Index) teamBonus(q *request, row int) int {
	if x.value("kind", row) != "team" {
		return 0
	}
	for _, f := range q.filters {
		if f.key == "team" {
			return x.entry.Ranking.Team
		}
	}
	return 0
}

// filterRows reports for each row whether every filter lets it through.
func (x *Index) filterRows(filters []filter) []bool {
	match := make([]bool, len(x.rows))
	for row := range match {
		match[row] = true
	}
	for _, f := range filters {
		x.applyFilter(f, match)
	}
	return match
}

func (x *Index) applyFilter(f filter, match []bool) {
	if set, ok := x.sets[f.key]; ok {
		allowed := allowedValues(set.values, f.values)
		for row := range match {
			match[row] = match[row] && slices.ContainsFunc(set.codes[row], func(code int) bool { return allowed[set.values[code]] })
		}
		return
	}
	if f.key == "team" || f.key == "owner" {
		allowed := x.allowedTeams(f)
		for row := range match {
			self := f.key == "team" && x.value("kind", row) == "team" && allowed[x.rows[row].name]
			match[row] = match[row] && (self || allowed[x.value("owner", row)])
		}
		return
	}
	allowed := allowedValues(x.columns[f.key].values, f.values)
	for row := range match {
		match[row] = match[row] && allowed[x.value(f.key, row)]
	}
}

// allowedTeams returns the owners that a filter means, by name or by title.
func (x *Index) allowedTeams(f filter) map[string]bool {
	titles := map[string]string{} // by name
	for row := range x.rows {
		if owner := x.value("owner", row); owner != "" {
			titles[owner] = x.rows[row].ownerTitle
		}
		if f.key == "team" && x.value("kind", row) == "team" {
			titles[x.rows[row].name] = x.rows[row].title
		}
	}
	names := make([]string, 0, 2*len(titles))
	for name, title := range titles {
		names = append(names, name, title)
	}
	allowed := allowedValues(names, f.values)
	for name, title := range titles {
		if allowed[title] {
			allowed[name] = true
		}
	}
	return allowed
}

// allowedValues returns which values of a column a filter means: for each of the
// wanted ones those that equal it or, if none does, those that begin with it or have
// a word that does.
func allowedValues(values, wanted []string) map[string]bool {
	allowed := map[string]bool{}
	for _, want := range wanted {
		want = squash(want)
		exact := false
		for _, v := range values {
			if squash(v) == want {
				allowed[v], exact = true, true
			}
		}
		for _, v := range values {
			if !exact && begins(v, want) {
				allowed[v] = true
			}
		}
	}
	delete(allowed, "")
	return allowed
}

func begins(value, prefix string) bool {
	return strings.HasPrefix(squash(value), prefix) ||
		slices.ContainsFunc(words(value), func(w string) bool { return strings.HasPrefix(w, prefix) })
}

// top returns the places of the highest positive scores, the first of equals first.
func top(scores []int, limit int) []int {
	var places []int
	for i, s := range scores {
		if s > 0 {
			places = append(places, i)
		}
	}
	slices.SortStableFunc(places, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	return places[:min(max(limit, 0), len(places))]
}

// entityHit shows a row.
func (x *Index) entityHit(i, score int) Hit {
	r := &x.rows[i]
	kind := x.value("kind", i)
	return Hit{
		Source: FromEntity, Kind: kind, KindTitle: x.kindTitle(kind), Name: r.name, Title: cmp.Or(r.title, r.name), URL: r.url,
		Owner: x.value("owner", i), OwnerTitle: r.ownerTitle, OnCall: x.value("oncall", i), Channel: x.value("channel", i),
		Tier: x.value("tier", i), Lifecycle: x.value("lifecycle", i), Score: score,
	}
}

func (x *Index) kindTitle(kind string) string {
	for _, k := range x.entry.Kinds {
		if k.Name == kind {
			return k.Title
		}
	}
	return kind
}

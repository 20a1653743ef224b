package search

import (
	"slices"
	"strings"
)

// Bounds of a query: what is beyond them is ignored.
const (
	maxQueryRunes = 256
	maxQueryWords = 12
)

// request is what somebody asked for, taken apart.
type request struct {
	filters []filter
	words   []string // folded, in order; without the filters
	typing  bool     // the last word may be unfinished
}

// filter restricts results to entities that have one of the values, as typed, in a
// column. The key "team" stands for the owner and the team itself.
type filter struct {
	key    string
	values []string
}

// filterKeys maps what may stand before a colon to the column that it means.
var filterKeys = map[string]string{
	"kind": "kind", "namespace": "namespace", "owner": "owner", "team": "team", "tier": "tier", "lifecycle": "lifecycle",
	"system": "system", "domain": "domain", "type": "type", "language": "language", "lang": "language",
	"tag": "tag", "tags": "tag", "channel": "channel", "oncall": "oncall", "gap": "gap",
}

// parseRequest takes a query apart. columns maps the squashed names of the
// organisation's own fields to their columns; kinds holds the squashed names of
// kinds, so that `service:payments-api` is a kind and a word.
func parseRequest(query string, columns, kinds map[string]string) request {
	var q request
	query = clip(query)
	for _, token := range tokens(query) {
		key, value := splitToken(token, columns, kinds)
		switch {
		case key == "":
			q.addWords(value)
			q.typing = true
			continue
		case kinds[key] != "" && filterKeys[key] == "":
			q.addFilter("kind", kinds[key])
			q.addWords(value)
		default:
			q.addFilter(key, strings.Split(value, ",")...)
		}
		q.typing = false
	}
	q.typing = q.typing && len(q.words) > 0 && !space(rune(query[len(query)-1])) && !strings.HasSuffix(query, `"`)
	return q
}

// clip shortens a query to its bound and turns every space into a plain one and
// every quotation mark into a straight one.
func clip(query string) string {
	var b strings.Builder
	n := 0
	for _, r := range query {
		if n++; n > maxQueryRunes {
			break
		}
		switch {
		case space(r):
			r = ' '
		case r == '“' || r == '”' || r == '„':
			r = '"'
		}
		b.WriteRune(r)
	}
	return b.String()
}

func space(r rune) bool { return strings.ContainsRune(" \t\n\r\u00a0\u3000", r) }

// tokens splits at spaces outside quotation marks.
func tokens(query string) []string {
	var out []string
	quoted, start := false, 0
	for i, r := range query + " " {
		if r == '"' {
			quoted = !quoted
		}
		if r == ' ' && (!quoted || i == len(query)) {
			if start < i {
				out = append(out, query[start:i])
			}
			start = i + 1
		}
	}
	return out
}

// splitToken returns the column and the value of a filter, a kind and the words
// after it, or no key and the words of the token.
func splitToken(token string, columns, kinds map[string]string) (key, value string) {
	if sigil, ok := map[byte]string{'@': "team", '#': "channel", ':': "tag"}[token[0]]; ok {
		return sigil, unquote(token[1:])
	}
	before, after, found := strings.Cut(token, ":")
	if found && !strings.Contains(before, `"`) {
		name := squash(before)
		if column := filterKeys[name]; column != "" {
			return column, unquote(after)
		}
		if column := columns[name]; column != "" {
			return column, unquote(after)
		}
		if kinds[name] != "" {
			return name, unquote(after)
		}
	}
	return "", unquote(token)
}

func unquote(s string) string { return strings.ReplaceAll(s, `"`, "") }

func (q *request) addWords(s string) {
	q.words = append(q.words, words(s)...)
	q.words = q.words[:min(len(q.words), maxQueryWords)]
}

// addFilter joins values to a filter of the same key. A filter that has no value
// yet is not one.
func (q *request) addFilter(key string, values ...string) {
	values = slices.DeleteFunc(values, func(v string) bool { return squash(v) == "" })
	if len(values) == 0 {
		return
	}
	for i := range q.filters {
		if q.filters[i].key == key {
			q.filters[i].values = append(q.filters[i].values, values...)
			return
		}
	}
	q.filters = append(q.filters, filter{key, values})
}

// whole is the query's words written as one.
func (q *request) whole() string { return strings.Join(q.words, "") }

package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/search"
	"github.com/signpost-dev/signpost/pkg/site"
)

// mostHits is how many things a list has at most.
const mostHits = 20

// find returns what a question may be about, the best first: one thing if its words
// name one.
func (g getter) find(q question) ([]thing, error) {
	if q.about == "" {
		return g.onCallTeams(), nil
	}
	// The whole first: something may be called "Who is who".
	for _, text := range []string{q.asked, q.about} {
		if t, ok := g.named(text); ok {
			return []thing{t}, nil
		}
	}
	index, err := site.SearchIndex(g.Portal)
	if err != nil {
		return nil, err
	}
	pages := map[string]*portal.Entity{}
	for _, e := range g.Entities {
		pages[e.Page()] = e
	}
	things := func(hits []search.Hit) []thing {
		var all []thing
		for _, h := range hits {
			all = append(all, thing{entity: pages[h.URL]})
		}
		return all
	}
	found := append(things(index.Search(q.about, mostHits)), g.titled(q.about)...)
	if len(found) > 0 {
		return found[:min(len(found), mostHits)], nil
	}
	if found = things(index.Nearest(q.about, 5)); len(found) > 0 {
		fmt.Fprintf(g.env.stderr, "nothing is called %q; this is spelt most like it\n", q.about)
	}
	return found, nil
}

// onCallTeams are the teams that somebody is on call for.
func (g getter) onCallTeams() []thing {
	var all []thing
	for _, e := range g.OfKind("team") {
		if g.OnCall(e) != nil {
			all = append(all, thing{entity: e})
		}
	}
	return all
}

// named returns the thing that a text names: by reference, name, alias or title, with
// or without its kind ("the payments team"), if it is one thing only.
func (g getter) named(text string) (thing, bool) {
	var kinds []string
	for _, k := range g.Catalog.Kinds {
		kinds = append(kinds, k.Name)
	}
	if e, _ := g.Catalog.Resolve(text, kinds, ""); e != nil {
		return thing{entity: g.Of(e)}, true
	}
	if t, ok := g.called(text, ""); ok {
		return t, true
	}
	for _, k := range g.Catalog.Kinds {
		if rest, ok := withoutKind(text, k); ok {
			if t, ok := g.called(rest, k.Name); ok {
				return t, true
			}
		}
	}
	return thing{}, false
}

// withoutKind takes the name of a kind off the beginning or the end of a text.
func withoutKind(text string, k *catalog.Kind) (string, bool) {
	words := strings.Fields(text)
	if len(words) < 2 {
		return "", false
	}
	last := len(words) - 1
	switch {
	case strings.EqualFold(words[last], k.Name):
		return strings.Join(words[:last], " "), true
	case strings.EqualFold(words[0], k.Name):
		return strings.Join(words[1:], " "), true
	}
	return "", false
}

// called returns the one thing of a kind, or of any, whose name, alias or title is the
// text, whatever its case and whatever stands between its words.
func (g getter) called(text, kind string) (thing, bool) {
	wanted := plain(text)
	var found []thing
	for _, e := range g.Entities {
		if kind != "" && e.Kind.Name != kind {
			continue
		}
		names := []string{e.Name.Text, e.Title}
		for _, a := range e.Aliases {
			names = append(names, a.Text)
		}
		if slices.ContainsFunc(names, func(name string) bool { return plain(name) == wanted }) {
			found = append(found, thing{entity: e})
		}
	}
	for _, d := range slices.Concat(g.Documents, g.Elsewhere()) {
		if kind == "" && plain(d.Title) == wanted {
			found = append(found, thing{document: d})
		}
	}
	if len(found) != 1 || wanted == "" {
		return thing{}, false
	}
	return found[0], true
}

// plain is a name for comparing: its words in lower case.
func plain(name string) string { return strings.Join(wordsOf(name), " ") }

func wordsOf(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// fillers are words that say nothing of what a document is about.
var fillers = []string{"a", "an", "and", "for", "in", "is", "of", "on", "the", "to", "with"}

// titled returns the documents that have all words of a query in their titles, or in
// that of what they belong to. Their texts are not read for one question.
func (g getter) titled(query string) []thing {
	words := slices.DeleteFunc(wordsOf(query), func(w string) bool { return slices.Contains(fillers, w) })
	if len(words) == 0 || strings.Contains(query, ":") { // filters are for entities
		return nil
	}
	var all []thing
	for _, d := range slices.Concat(g.Documents, g.Elsewhere()) {
		if g.hasWords(d, words) {
			all = append(all, thing{document: d})
		}
	}
	return all
}

func (g getter) hasWords(d *docs.Document, words []string) bool {
	title := wordsOf(d.Title)
	context := wordsOf(string(d.Kind))
	for _, e := range g.About(d) {
		context = append(append(context, wordsOf(e.DisplayName())...), wordsOf(e.Name.Text)...)
	}
	inTitle := false
	for _, w := range words {
		switch {
		case hasWord(title, w):
			inTitle = true
		case !hasWord(context, w):
			return false
		}
	}
	return inTitle
}

// hasWord reports whether one of some words begins with another, or is its singular.
func hasWord(words []string, wanted string) bool {
	return slices.ContainsFunc(words, func(w string) bool {
		return strings.HasPrefix(w, wanted) || w+"s" == wanted || w+"es" == wanted
	})
}

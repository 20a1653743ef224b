package source

import (
	"fmt"
	"slices"

	"github.com/signpost-dev/signpost/pkg/diag"
	"gopkg.in/yaml.v3"
)

// fields makes the values of a map.
func (w *walker) fields(n *Node, y *yaml.Node) {
	if keys := len(y.Content) / 2; keys > w.limits.Keys {
		w.refuseKeys(w.here(), keys)
		return
	}
	n.children = w.newLinks(len(y.Content) / 2)
	var merges []*Node
	for i := 0; i+1 < len(y.Content) && !w.stopped; i += 2 {
		name, keyPlace, merge := w.key(y.Content[i])
		if w.stopped {
			return
		}
		c := w.value(y.Content[i+1])
		if merge {
			c.keyPlace = keyPlace
			merges = append(merges, c)
			continue
		}
		c.name, c.keyPlace = name, keyPlace
		n.children = append(n.children, c)
	}
	if !w.stopped {
		w.refuseDuplicates(n)
		w.merge(n, merges)
	}
}

// key returns the text of a key as it was written, without quotes: numbers and
// dates as keys are text, as in JSON.
func (w *walker) key(k *yaml.Node) (name string, p place, merge bool) {
	w.near = w.seek(k)
	if k.Kind == yaml.AliasNode {
		p = between(w.near, w.text.move(w.near, len(k.Value)+1))
		w.stop(p, "source-alias", fmt.Sprintf("the alias *%s cannot be a key", k.Value), "write the key out")
		return "", p, false
	}
	if w.nodes++; w.nodes > w.limits.Nodes {
		w.refuseSize(w.here())
		return "", p, false
	}
	tag := w.properties(k)
	w.checkSeen(k)
	if w.stopped {
		return "", p, false
	}
	if k.Kind != yaml.ScalarNode {
		w.stop(w.text.span(w.near, 1), "source-syntax", "a key must be text, not a list or a map", "put quotes around a key that begins with [ or {")
		return "", p, false
	}
	from := w.near
	p = w.endOfScalar(k)
	w.checkText(k, from, p)
	if from.off > 0 && w.text.src[from.off-1] == '?' {
		// The library takes {?a: b} for {? a: b}.
		w.error(p, "source-syntax", "a key cannot begin with ? here", "put quotes around the key")
	}
	plain := k.Style&^yaml.TaggedStyle == 0
	switch {
	case plain && k.Value == "" && tag != "!!str":
		w.error(p, "source-syntax", "there is no key before the colon", "write the name of a field before it")
	case tag != "":
		w.tagged(k.Value, tag, p)
	case plain && k.Value == "<<":
		if w.limits.Aliases == 0 {
			w.stop(p, "source-alias", "merge keys (<<) are not allowed here", "write the fields out")
		}
		return "", p, true
	}
	if k.Anchor != "" {
		w.anchored[k] = anchored{&Node{file: w.file, kind: String, text: k.Value, place: p}, 1, 0}
	}
	return k.Value, p, false
}

// fewKeys is up to how many keys looking at each is quicker than a hash map.
const fewKeys = 8

// refuseDuplicates reports every key of a map that stood before in it, and drops
// the later one.
func (w *walker) refuseDuplicates(n *Node) {
	many := len(n.children) > fewKeys
	var seen map[string]int
	if many {
		seen = make(map[string]int, len(n.children))
	}
	kept := n.children[:0]
	for _, c := range n.children {
		first, dup := seen[c.name]
		if !many {
			first = slices.IndexFunc(kept, func(k *Node) bool { return k.name == c.name })
			dup = first >= 0
		}
		if dup {
			w.duplicate(c.name, c.keyPlace, kept[first].keyPlace)
			continue
		}
		if many {
			seen[c.name] = len(kept)
		}
		kept = append(kept, c)
	}
	n.children = kept
}

// duplicate reports a key that stands in a map for the second time.
func (w *walker) duplicate(name string, second, first place) {
	w.add(diag.Diagnostic{
		Span:     second.span(*w.file),
		Severity: diag.Error,
		Code:     "source-duplicate-key",
		Message:  fmt.Sprintf("the key %s is defined twice in this map", quoted(name)),
		Hint:     "remove one of the two",
		Related:  []diag.Related{{Span: first.span(*w.file), Message: "first defined here"}},
	})
}

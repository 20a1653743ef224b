package source

import (
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"
)

// properties moves behind the anchor and tag of a value, checks both and returns
// the tag ("" if there is none or it means nothing).
func (w *walker) properties(y *yaml.Node) (tag string) {
	w.sawTag = false
	anchor, tagged := true, true // may still come
	if y.Kind == yaml.MappingNode && y.Style&yaml.FlowStyle == 0 {
		// Such a map begins with its first key, whose anchor and tag may be these.
		anchor, tagged = y.Anchor != "", y.Style&yaml.TaggedStyle != 0
	}
	for {
		s := w.text.rest(w.near)
		from := w.near
		n := propertyLen(s)
		switch {
		case n > 0 && s[0] == '&' && anchor:
			anchor = false
			w.near = w.text.move(from, n)
			w.anchor(y, string(s[1:n]), between(from, w.near))
		case n > 0 && s[0] == '!' && tagged:
			tagged, w.sawTag = false, true
			w.near = w.text.move(from, n)
			tag = w.checkTag(y, string(s[:n]), between(from, w.near))
		default:
			return tag
		}
		if w.stopped {
			return ""
		}
		next := w.text.skipBlank(w.near)
		if isNothing(y) && (next.line != w.near.line || !isProperty(w.text.rest(next))) {
			return tag // what follows belongs to others
		}
		w.near = next
	}
}

// checkSeen stops the file at an anchor or tag that the library saw and properties
// did not: nothing that is refused may come in by another reading of the same text.
func (w *walker) checkSeen(y *yaml.Node) {
	if y.Style&yaml.TaggedStyle != 0 && !w.sawTag {
		w.stop(w.here(), "source-tag", fmt.Sprintf("the tag %s cannot stand here", quoted(y.Tag)), "remove the tag")
	}
	if _, seen := w.anchored[y]; y.Anchor != "" && !seen {
		w.stop(w.here(), "source-alias", fmt.Sprintf("the anchor &%s cannot stand here", y.Anchor), "remove the anchor")
	}
}

// isNothing reports whether a value has no text: a null that was left out.
func isNothing(y *yaml.Node) bool {
	return y.Kind == yaml.ScalarNode && y.Value == "" && y.Style&^yaml.TaggedStyle == 0
}

func isProperty(s []byte) bool { return len(s) > 0 && (s[0] == '&' || s[0] == '!') }

// propertyLen is the length of the anchor, alias or tag at the start of s. A comma
// belongs to a tag, as the library has it, but not to a name.
func propertyLen(s []byte) int {
	if len(s) > 1 && s[0] == '!' && s[1] == '<' {
		for i, c := range s {
			if c == '>' {
				return i + 1
			}
		}
	}
	for i, c := range s {
		if isSpace(c) || strings.IndexByte("[]{}", c) >= 0 || c == ',' && s[0] != '!' {
			return i
		}
	}
	return len(s)
}

// checkTag returns the tag of a value in its short form, or "" for one that is
// not allowed.
func (w *walker) checkTag(y *yaml.Node, written string, p place) string {
	if written == "!" && y.Kind == yaml.ScalarNode {
		return "!!str"
	}
	if written == "!" {
		return ""
	}
	switch y.Tag {
	case "!!str", "!!int", "!!float", "!!bool", "!!null", "!!seq", "!!map":
		return y.Tag
	}
	w.error(p, "source-tag", fmt.Sprintf("the tag %s is not allowed", written),
		"leave the tag out; dates and everything else that is no number are plain text")
	return ""
}

// tagged returns the kind that a tag gives to a scalar.
func (w *walker) tagged(text, tag string, p place) Kind {
	_, form := parseNumber(text)
	switch {
	case tag == "!!str":
		return String
	case tag == "!!null" && isNull(text):
		return Null
	case tag == "!!bool" && isBool(text):
		return Bool
	case tag == "!!int" && (form == integer || form == leadingZero || form == unmanageable):
		return Number
	case tag == "!!float" && form != notNumber:
		return Number
	}
	w.error(p, "source-tag", fmt.Sprintf("the tag %s does not fit: %s is something else", tag, quoted(text)), "leave the tag out")
	return String
}

// checkCollectionTag reports a tag of something else on a list or a map.
func (w *walker) checkCollectionTag(kind Kind, tag string) {
	what, fits := "list", "!!seq"
	if kind == Map {
		what, fits = "map", "!!map"
	}
	if tag != "" && tag != fits {
		w.error(w.text.span(w.near, 1), "source-tag", fmt.Sprintf("the tag %s does not fit: this is a %s", tag, what), "leave the tag out")
	}
}

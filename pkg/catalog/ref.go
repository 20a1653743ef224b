package catalog

import (
	"fmt"
	"strings"
)

// Ref names an entity. It is canonical: lower case, and Namespace is empty for
// the default namespace. So two Refs name the same entity if they are equal.
type Ref struct{ Kind, Namespace, Name string }

// String returns the shortest reference that still names the kind: "service:ledger".
func (r Ref) String() string {
	if r.Namespace == "" {
		return r.Kind + ":" + r.Name
	}
	return r.Kind + ":" + r.Namespace + "/" + r.Name
}

// defaultNamespace is how the default namespace may be spelt out.
const defaultNamespace = "default"

// ParseRef reads `[kind:][namespace/]name`. Parts that the text leaves out are
// empty; the namespace "default" stays as written, so that a caller can tell a
// namespace that was named from one that was not.
func ParseRef(text string) (Ref, error) {
	rest := strings.ToLower(text)
	var r Ref
	if kind, after, ok := strings.Cut(rest, ":"); ok {
		if kind == "" {
			return Ref{}, fmt.Errorf("reference %q has nothing before its colon", text)
		}
		r.Kind, rest = kind, after
	}
	if namespace, after, ok := strings.Cut(rest, "/"); ok {
		if namespace == "" {
			return Ref{}, fmt.Errorf("reference %q has nothing before its slash", text)
		}
		r.Namespace, rest = namespace, after
	}
	if rest == "" {
		return Ref{}, fmt.Errorf("reference %q names nothing", text)
	}
	if strings.ContainsAny(rest, ":/ ") {
		return Ref{}, fmt.Errorf("reference %q is not of the form [kind:][namespace/]name", text)
	}
	r.Name = rest
	return r, nil
}

// Canonical returns the reference as entities have it: without the default namespace.
func (r Ref) Canonical() Ref {
	if r.Namespace == defaultNamespace {
		r.Namespace = ""
	}
	return r
}

// longestName is how many characters a name or namespace may have.
const longestName = 63

// mayName reports whether a text can be a name or a namespace, as the schemas
// demand: it becomes part of the address of a page.
func mayName(text string) bool {
	if text == "" || len(text) > longestName {
		return false
	}
	for i := range len(text) {
		switch c := text[i]; {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9':
		case strings.IndexByte("._-", c) >= 0 && i > 0 && i < len(text)-1:
		default:
			return false
		}
	}
	return true
}

// reservedName is the address of the list of all entities of a kind.
const reservedName = "index"

// wellNamed reports whether an entity can have a place in the catalog. Of one that
// cannot, its schema has said so.
func (e *Entity) wellNamed() bool {
	return mayName(e.Name.Text) && e.Ref.Name != reservedName && (e.Ref.Namespace == "" || mayName(e.Ref.Namespace))
}

// canonicalNamespace folds the two spellings of the default namespace.
func canonicalNamespace(name string) string {
	name = strings.ToLower(name)
	if name == defaultNamespace {
		return ""
	}
	return name
}

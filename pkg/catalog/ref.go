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

// canonicalNamespace folds the two spellings of the default namespace.
func canonicalNamespace(name string) string {
	name = strings.ToLower(name)
	if name == defaultNamespace {
		return ""
	}
	return name
}

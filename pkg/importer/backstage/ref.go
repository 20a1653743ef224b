package backstage

import (
	"strings"
)

// reference is a reference as Backstage reads it: [kind:][namespace/]name.
type reference struct {
	kind, namespace, name string // kind in lower case; namespace as written, "default" left out where it is that of the entity
	spelt                 bool   // the namespace was written
}

// parseReference reads a reference that stands in an entity of a namespace.
func parseReference(text, defaultKind, namespace string) (reference, bool) {
	r := reference{kind: defaultKind, namespace: namespace}
	rest := strings.TrimSpace(text)
	if kind, after, ok := strings.Cut(rest, ":"); ok {
		r.kind, rest = strings.ToLower(strings.TrimSpace(kind)), strings.TrimSpace(after)
		if r.kind == "" {
			return r, false
		}
	}
	if ns, after, ok := strings.Cut(rest, "/"); ok {
		r.namespace, rest, r.spelt = ns, after, true
		if ns == "" {
			return r, false
		}
	}
	if strings.EqualFold(r.namespace, "default") {
		r.namespace = ""
	}
	r.name = rest
	return r, rest != "" && !strings.ContainsAny(rest, ":/")
}

// key identifies an entity in Backstage, where case does not matter.
func (r reference) key() string {
	return r.kind + ":" + strings.ToLower(r.namespace) + "/" + strings.ToLower(r.name)
}

func (e *entity) key() string {
	return reference{kind: e.kind, namespace: e.namespace, name: e.name}.key()
}

// anyOf are the kinds that a dependency without a kind may mean.
var anyOf = []string{"component", "resource", "api"}

// meaning is what a reference became.
type meaning struct {
	text string  // in our spelling
	kind string  // our kind
	to   *entity // nil if it leads nowhere
}

// translate turns a reference into ours. implied is the kind of ours that need
// not be written where the reference stands. ok is false for what is no
// reference, or to a kind that has no home.
func (c *conversion) translate(e *entity, written, defaultKind, implied string) (m meaning, ok bool) {
	r, ok := parseReference(written, defaultKind, e.namespace)
	if !ok {
		return meaning{}, false
	}
	m.to = c.lookUp(&r)
	switch {
	case m.to != nil:
		m.kind, r.name = m.to.target, m.to.newName
	case r.kind == "":
		// Left as it is, for whoever checks it: no kind would be right.
		return meaning{text: c.spell(e, r, m)}, true
	default:
		if m.kind = homes[r.kind]; m.kind == "" {
			return meaning{}, false
		}
	}
	m.text = c.spell(e, r, m)
	if m.kind != implied {
		m.text = m.kind + ":" + m.text
	}
	return m, true
}

// lookUp finds what a reference means. A reference without a kind means what has
// its name, if that is only one thing; its kind is then filled in.
func (c *conversion) lookUp(r *reference) *entity {
	if r.kind != "" {
		return c.index[r.key()]
	}
	var found *entity
	for _, kind := range anyOf {
		try := *r
		try.kind = kind
		if e := c.index[try.key()]; e != nil {
			if found != nil {
				return nil
			}
			found = e
		}
	}
	if found != nil {
		r.kind = found.kind
	}
	return found
}

// spell writes namespace and name. We look a name without a namespace up in the
// default one too, which Backstage does not: the namespace is written wherever
// that could make another reference of it.
func (c *conversion) spell(e *entity, r reference, m meaning) string {
	switch {
	case r.namespace == "" && e.namespace == "":
		return r.name
	case r.namespace == "":
		return "default/" + r.name
	case strings.EqualFold(r.namespace, e.namespace) && m.to != nil && !r.spelt:
		return r.name
	}
	return r.namespace + "/" + r.name
}

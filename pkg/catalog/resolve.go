package catalog

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/parallel"
)

// link gives every reference its target and every target its inverse relations.
// What is unlisted has targets, but is nobody's.
func (c *Catalog) link() {
	described := slices.Collect(c.Described())
	parallel.All(len(described), func(i int) {
		for _, r := range described[i].References() {
			c.resolve(r, described[i])
		}
	})
	for _, e := range c.Entities {
		for _, r := range e.Relations {
			if r.To != nil {
				r.To.Inverse = append(r.To.Inverse, r)
			}
		}
	}
	for _, e := range c.Entities { // they are in the order of their sources already
		slices.SortStableFunc(e.Inverse, func(a, b *Relation) int { return cmp.Compare(a.Type.Name, b.Type.Name) })
	}
}

// linkRotations works out the rotations and hands them to whoever names them.
func (c *Catalog) linkRotations() []diag.Diagnostic {
	var found []diag.Diagnostic
	byName := map[string]*Rotation{}
	for _, e := range c.Unlisted {
		if e.Team == nil {
			continue
		}
		for _, r := range e.Team.Rotations {
			found = append(found, r.expand()...)
		}
	}
	for _, r := range c.allRotations() {
		found = append(found, r.expand()...)
		name := strings.ToLower(r.Name.Text)
		if first := byName[name]; first != nil {
			c.Duplicates = append(c.Duplicates, Duplicate{
				Name: r.Name, First: first.Name, Entity: r.Team, Other: first.Team, What: "rotation",
			})
			continue
		}
		byName[name] = r
		c.Rotations = append(c.Rotations, r)
	}
	slices.SortFunc(c.Rotations, func(a, b *Rotation) int {
		return cmp.Compare(strings.ToLower(a.Name.Text), strings.ToLower(b.Name.Text))
	})
	for e := range c.Described() {
		if e.OnCall != nil && e.OnCall.Rotation.Written() {
			e.OnCall.Plan = byName[strings.ToLower(e.OnCall.Rotation.Text)]
		}
	}
	return found
}

// allRotations returns the rotations in the order in which they are written, so
// that of two with one name the later is the one to rename. Those without a name
// are left out: their schema has said so, and nothing can refer to them.
func (c *Catalog) allRotations() []*Rotation {
	var all []*Rotation
	for _, team := range c.OfKind("team") {
		for _, r := range team.Team.Rotations {
			if r.Name.Text != "" {
				all = append(all, r)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b *Rotation) int {
		return cmp.Or(cmp.Compare(a.Name.Span.File, b.Name.Span.File), cmp.Compare(a.Name.Span.Start.Line, b.Name.Span.Start.Line))
	})
	return all
}

// resolve finds the target of a reference, or says why there is none.
func (c *Catalog) resolve(r *Reference, from *Entity) {
	r.from = from.Ref
	r.To, r.Why = c.Resolve(r.Text, r.Kinds, from.Ref.Namespace)
	if r.To == nil || r.anyKind || slices.Contains(r.Kinds, r.To.Kind.Name) {
		return
	}
	r.Why = fmt.Sprintf("is %s; %s must be %s", article(r.To.Kind.Name), r.Field, oneOf(r.Kinds))
	r.To, r.Other = nil, r.To
}

// Resolve finds the entity that a reference means when it stands in an entity of
// a namespace. A reference without a kind is looked up among kinds, in their
// order, and must mean one entity only. The reason is not empty if there is more
// to say than that nothing has this name.
func (c *Catalog) Resolve(text string, kinds []string, namespace string) (found *Entity, reason string) {
	ref, err := ParseRef(text)
	if err != nil {
		return nil, err.Error()
	}
	if ref.Kind != "" {
		if c.Kind(ref.Kind) == nil {
			return nil, fmt.Sprintf("there is no kind %q", ref.Kind)
		}
		kinds = []string{ref.Kind}
	}
	var all []*Entity
	for _, kind := range kinds {
		if e := c.lookUp(kind, ref, namespace); e != nil {
			all = append(all, e)
		}
	}
	if len(all) > 1 {
		var names []string
		for _, e := range all {
			names = append(names, e.Ref.String())
		}
		return nil, "it could be " + strings.Join(names, " or ") + "; write the kind"
	}
	if len(all) == 0 {
		return nil, c.unusable(kinds, ref, namespace)
	}
	return all[0], ""
}

// unusable says that a reference names an entity which is there, but not under
// that name: that nothing has it would send the reader looking for a typing error.
func (c *Catalog) unusable(kinds []string, ref Ref, namespace string) string {
	for _, kind := range kinds {
		if e := lookUpIn(c.misnamed, kind, ref, namespace); e != nil {
			return fmt.Sprintf("%s has a name that it may not have (%s)", e.Ref, e.Place())
		}
	}
	return ""
}

// Undeclared reports whether a reference may mean an entity of a kind whose
// declaration in signpost.yaml cannot be used: whether it is right cannot be told.
func (c *Catalog) Undeclared(r *Reference) bool {
	ref, err := ParseRef(r.Text)
	if err != nil {
		return false
	}
	if ref.Kind != "" {
		return c.Config.broken[ref.Kind]
	}
	return slices.ContainsFunc(r.Kinds, func(kind string) bool { return c.Config.broken[kind] })
}

// lookUp finds an entity of one kind by name, then by alias; without a namespace
// in that of the entity that refers to it, then in the default one.
func (c *Catalog) lookUp(kind string, ref Ref, from string) *Entity {
	if e := lookUpIn(c.byRef, kind, ref, from); e != nil {
		return e
	}
	return lookUpIn(c.byAlias, kind, ref, from)
}

func lookUpIn(table map[Ref]*Entity, kind string, ref Ref, from string) *Entity {
	namespaces := []string{canonicalNamespace(ref.Namespace)}
	if ref.Namespace == "" && from != "" {
		namespaces = []string{from, ""}
	}
	for _, ns := range namespaces {
		if e := table[Ref{Kind: kind, Namespace: ns, Name: ref.Name}]; e != nil {
			return e
		}
	}
	return nil
}

// Near returns the reference closest to one that points to nothing, spelt with
// as much as the writer spelt, or "". It never names the entity that refers.
func (c *Catalog) Near(r *Reference) string {
	written, err := ParseRef(r.Text)
	if err != nil {
		return ""
	}
	kinds := r.Kinds
	if written.Kind != "" {
		if c.Kind(written.Kind) == nil {
			return c.nearKind(written, r)
		}
		kinds = []string{written.Kind}
	}
	if same := c.sameNameElsewhere(written, r, kinds); same != "" {
		return same
	}
	if r.Why != "" {
		return "" // it is spelt well, but may not stand here
	}
	var here []string
	elsewhere := map[string]string{} // name → namespace
	for _, kind := range kinds {
		for _, e := range c.OfKind(kind) {
			switch {
			case e.Ref == r.from:
			case written.seenFrom(r.from, e.Ref):
				here = append(here, e.Ref.Name)
			case elsewhere[e.Ref.Name] == "":
				elsewhere[e.Ref.Name] = cmp.Or(e.Ref.Namespace, defaultNamespace)
			}
		}
	}
	if namespace, ok := elsewhere[written.Name]; ok {
		written.Namespace = namespace
		return spell(written, written.Name)
	}
	if name, ok := diag.Nearest(written.Name, here); ok {
		return spell(written, name)
	}
	name, ok := diag.Nearest(written.Name, slices.Sorted(maps.Keys(elsewhere)))
	if !ok {
		return ""
	}
	written.Namespace = elsewhere[name]
	return spell(written, name)
}

// seenFrom reports whether a reference, spelt with the namespace that was written
// or none, can mean an entity when it stands in another.
func (r Ref) seenFrom(from, to Ref) bool {
	if r.Namespace != "" {
		return to.Namespace == canonicalNamespace(r.Namespace)
	}
	return to.Namespace == "" || to.Namespace == from.Namespace
}

// nearKind mends a misspelt kind, if the rest then means something.
func (c *Catalog) nearKind(written Ref, r *Reference) string {
	var names []string
	for _, k := range c.Kinds {
		names = append(names, k.Name)
	}
	kind, ok := diag.Nearest(written.Kind, names)
	if !ok || !c.leads(kind, written, r) {
		return ""
	}
	written.Kind = kind
	return spell(written, written.Name)
}

// sameNameElsewhere finds the same name under another kind that is allowed too.
func (c *Catalog) sameNameElsewhere(written Ref, r *Reference, tried []string) string {
	for _, kind := range r.Kinds {
		if slices.Contains(tried, kind) {
			continue
		}
		if c.leads(kind, written, r) {
			return c.lookUp(kind, written, r.from.Namespace).Ref.String()
		}
	}
	return ""
}

// leads reports whether a reference would lead to another entity if it named a kind.
func (c *Catalog) leads(kind string, written Ref, r *Reference) bool {
	e := c.lookUp(kind, written, r.from.Namespace)
	return e != nil && e.Ref != r.from
}

func spell(written Ref, name string) string {
	if written.Namespace != "" {
		name = written.Namespace + "/" + name
	}
	if written.Kind != "" {
		name = written.Kind + ":" + name
	}
	return name
}

func oneOf(kinds []string) string {
	switch len(kinds) {
	case 0:
		return "nothing"
	case 1:
		return article(kinds[0])
	}
	return article(strings.Join(kinds[:len(kinds)-1], ", ")) + " or " + kinds[len(kinds)-1]
}

func article(noun string) string {
	if strings.ContainsRune("aeiou", rune(noun[0])) {
		return "an " + noun
	}
	return "a " + noun
}

package backstage

import (
	"fmt"
	"slices"
)

// single are the fields of a spec that hold one reference.
var single = []struct{ from, to, kind, implied string }{
	{"owner", "owner", "group", "team"},
	{"system", "system", "system", "system"},
	{"domain", "domain", "domain", "domain"},
	{"subdomainOf", "parent", "domain", "domain"},
	{"parent", "parent", "group", "team"},
	{"subcomponentOf", "partOf", "component", ""},
}

// several are the fields of a spec that hold lists of references.
var several = []struct{ from, to, kind, implied string }{
	{"providesApis", "provides", "api", "api"},
	{"consumesApis", "consumes", "api", "api"},
	{"dependsOn", "dependsOn", "", ""},
	{"members", "members", "user", "person"},
	{"memberOf", "memberOf", "group", "team"},
}

// dependable are the kinds of ours that something can depend on.
var dependable = []string{"", "service", "library", "pipeline", "resource", "api", "system"}

// relate translates the references of an entity.
func (c *conversion) relate(e *entity) {
	for _, s := range single {
		if v := e.spec.take(s.from); !isEmpty(v) {
			c.one(e, s.from, s.to, s.kind, s.implied, v)
		}
	}
	for _, s := range several {
		if v := e.spec.take(s.from); !isEmpty(v) {
			c.many(e, s.from, s.to, s.kind, s.implied, v)
		}
	}
}

func (c *conversion) one(e *entity, from, to, kind, implied string, v any) {
	written, ok := text(v)
	if !ok {
		c.unfit(e, v, "must be a reference", "spec", from)
		return
	}
	m, ok := c.translate(e, written, kind, implied)
	if !ok {
		m.text = written // whoever checks the result says what is wrong with it
	}
	if fits, why := c.gate.fits(e.target, to, m.text); !fits && !c.mustStand(e, to) {
		c.unfit(e, v, why, "spec", from)
		return
	}
	e.out[to] = m.text
	if m.to == nil {
		c.unresolved(e, from, written)
		c.keepGuess(e, written, m, "spec", from)
	}
}

// mustStand reports whether a field is carried over even if it is no reference:
// an owner that means nobody is a fault that must not vanish.
func (c *conversion) mustStand(e *entity, field string) bool {
	return field == "owner" && e.target != "team" && e.target != "person"
}

func (c *conversion) unresolved(e *entity, from, written string) {
	c.report.note(Unresolved, e.file, e.line, e.ref(), "spec.%s: %q does not exist", from, written)
}

// keepGuess preserves a reference to a component that does not exist: that it
// would be a service is a guess.
func (c *conversion) keepGuess(e *entity, written any, m meaning, at ...string) {
	if m.kind == homes["component"] {
		e.keep(written, at...)
	}
}

func (c *conversion) many(e *entity, from, to, kind, implied string, v any) {
	written, ok := texts(v)
	if !ok {
		c.unfit(e, v, "must be a list of references", "spec", from)
		return
	}
	var refs []string
	guessed := false
	seen := map[string]bool{}
	for _, w := range written {
		m, ok := c.translate(e, w, kind, implied)
		why := "there is no home for what it refers to"
		if ok {
			ok, why = c.gate.fits(e.target, to, []any{m.text})
		}
		if ok && to == "dependsOn" && !slices.Contains(dependable, m.kind) {
			ok, why = false, "nothing can depend on a "+m.kind
		}
		if !ok {
			c.unfit(e, v, fmt.Sprintf("%q: %s", w, why), "spec", from)
			continue
		}
		if m.to == nil {
			c.unresolved(e, from, w)
			guessed = guessed || m.kind == homes["component"]
		}
		if !seen[m.text] {
			seen[m.text] = true
			refs = append(refs, m.text)
		}
	}
	if guessed {
		e.keep(v, "spec", from)
	}
	if len(refs) > 0 {
		e.out[to] = list(refs)
	}
}

// invert moves what an entity says of others to these: its children get it as
// their parent, and what it is a dependency of depends on it.
func (c *conversion) invert(e *entity) {
	c.adopt(e)
	c.serve(e)
}

// others returns the references of a field and takes it out of the spec.
func (c *conversion) others(e *entity, from string) (written []string, v any) {
	v = e.spec.take(from)
	if isEmpty(v) {
		return nil, nil
	}
	written, ok := texts(v)
	if !ok {
		c.unfit(e, v, "must be a list of references", "spec", from)
	}
	return written, v
}

// find returns what a reference means, or preserves the field and says that it
// means nothing.
func (c *conversion) find(e *entity, v any, from, written, kind string) *entity {
	r, ok := parseReference(written, kind, e.namespace)
	if ok {
		if to := c.lookUp(&r); to != nil {
			return to
		}
	}
	e.keep(v, "spec", from)
	c.unresolved(e, from, written)
	return nil
}

// adopt makes an entity the parent of its children.
func (c *conversion) adopt(e *entity) {
	if e.target != "team" {
		return
	}
	children, v := c.others(e, "children")
	for _, written := range children {
		child := c.find(e, v, "children", written, "group")
		switch {
		case child == nil:
		case child.target != "team":
			c.unfit(e, v, fmt.Sprintf("%q is no group", written), "spec", "children")
		case child.out["parent"] == nil:
			child.out["parent"] = c.refTo(e, child, "team")
			c.report.note(Moved, e.file, e.line, e.ref(), "spec.children: now the parent in %s", child.ref())
		case child.out["parent"] != c.refTo(e, child, "team"):
			e.keep(v, "spec", "children")
			c.report.note(Conflict, e.file, e.line, e.ref(), "spec.children names %s, whose parent is %q", child.ref(), child.out["parent"])
		}
	}
}

// serve makes what an entity is a dependency of depend on it.
func (c *conversion) serve(e *entity) {
	users, v := c.others(e, "dependencyOf")
	for _, written := range users {
		user := c.find(e, v, "dependencyOf", written, "")
		if user == nil {
			continue
		}
		ref := c.refTo(e, user, "")
		dependency := object{{"ref", ref}, {"note", "Said by " + e.target + ":" + e.newName + " (dependencyOf)."}}
		ok, why := c.gate.fits(user.target, "dependsOn", []any{dependency})
		if ok && !slices.Contains(dependable, e.target) {
			ok, why = false, "nothing can depend on a "+e.target
		}
		if !ok {
			c.unfit(e, v, fmt.Sprintf("%q: %s", written, why), "spec", "dependencyOf")
			continue
		}
		all, _ := user.out["dependsOn"].([]any)
		if !slices.ContainsFunc(all, func(d any) bool { return d == ref || isDependencyOn(d, ref) }) {
			user.out["dependsOn"] = append(all, dependency)
			c.report.note(Moved, e.file, e.line, e.ref(), "spec.dependencyOf: now a dependency of %s", user.ref())
		}
	}
}

func isDependencyOn(d any, ref string) bool {
	o, ok := d.(object)
	return ok && o.get("ref") == ref
}

// refTo returns the reference to an entity as it is written in another.
func (c *conversion) refTo(e, from *entity, implied string) string {
	m, _ := c.translate(from, fullRef(e), e.kind, implied)
	return m.text
}

func fullRef(e *entity) string {
	namespace := e.namespace
	if namespace == "" {
		namespace = "default"
	}
	return e.kind + ":" + namespace + "/" + e.name
}

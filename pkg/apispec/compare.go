package apispec

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Change is one difference between two descriptions.
type Change struct {
	Subject  string // the operation or type concerned: "POST /payments", "Payment"
	ID       string // its anchor in the newer description, or in the older one if it is gone
	Gone     bool   // it is not in the newer one
	Words    string // what changed, in words that follow on the subject
	Breaking bool   // a caller that worked with the older one may fail with the newer
}

// Compare says what changed from one description to another of the same API: operations in
// the order of the older one, new ones after them, and then the types that they name, each
// once. Whether a change breaks callers is judged by what they send and get, so a value
// that must be given now breaks them where they send it, and not where they get it.
//
// Words (summaries, descriptions, examples) are no changes. Neither are types that no
// operation uses.
func Compare(older, newer *Spec) []Change {
	c := &comparison{older: older, newer: newer, seen: map[typePair]bool{}, noted: map[Change]int{}}
	c.operations()
	for len(c.queue) > 0 {
		q := c.queue[0]
		c.queue = c.queue[1:]
		c.types(q)
	}
	return c.changes
}

// direction is which way a value goes.
type direction uint8

const (
	sent     direction = iota // by a caller
	returned                  // to a caller
)

// comparison is the work of Compare.
type comparison struct {
	older, newer *Spec
	changes      []Change
	noted        map[Change]int // where each is, as one that breaks nobody
	seen         map[typePair]bool
	queue        []typePair

	subject, id string // of changes that are found now
	gone        bool
}

// typePair is a type in both descriptions, as it is used one way.
type typePair struct {
	older, newer string // IDs
	direction
}

// note notes a change, once: one of a type that goes both ways breaks callers if it does either way.
func (c *comparison) note(breaking bool, format string, args ...any) {
	change := Change{c.subject, c.id, c.gone, fmt.Sprintf(format, args...), false}
	at, known := c.noted[change]
	if !known {
		at = len(c.changes)
		c.noted[change] = at
		c.changes = append(c.changes, change)
	}
	c.changes[at].Breaking = c.changes[at].Breaking || breaking
}

// keyOf is what an operation is known by from one version to the next.
func (s *Spec) keyOf(op *Operation) string {
	switch s.Family {
	case Protobuf:
		return op.Path // without the package, whose name may hold a version
	case AsyncAPI:
		if strings.HasPrefix(s.Format, "AsyncAPI 3") {
			return op.Method + " " + op.Name
		}
		return op.Method + " " + op.Path
	}
	return op.Method + " " + pathVariable.ReplaceAllString(op.Path, "{}")
}

func (c *comparison) operations() {
	now := map[string]*Operation{}
	for _, op := range c.newer.Operations() {
		now[c.newer.keyOf(op)] = op
	}
	for _, before := range c.older.Operations() {
		key := c.older.keyOf(before)
		op := now[key]
		if op == nil {
			c.subject, c.id, c.gone = before.Title(), before.ID, true
			c.note(true, "is gone")
			continue
		}
		delete(now, key)
		c.subject, c.id, c.gone = op.Title(), op.ID, false
		c.operation(before, op)
	}
	for _, op := range c.newer.Operations() {
		if now[c.newer.keyOf(op)] == op {
			c.subject, c.id, c.gone = op.Title(), op.ID, false
			c.note(false, "is new")
		}
	}
}

func (c *comparison) operation(before, now *Operation) {
	if now.Deprecated && !before.Deprecated {
		c.note(false, "is deprecated")
	}
	if c.newer.Family == AsyncAPI && before.Path != now.Path {
		c.note(true, "has moved from %s to %s", before.Path, now.Path)
	}
	c.auth(before.Auth, now.Auth)
	c.parameters("", renamed(before, now), now.Parameters)
	to, way := sent, returned
	if now.calledBack() { // whoever is called gets what elsewhere is sent
		to, way = returned, sent
	}
	c.request(before.Request, now.Request, to)
	if c.newer.Family == AsyncAPI && (now.Method == "receive" || now.Method == "publish") {
		way = sent
	}
	c.responses(before.Responses, now.Responses, way)
}

// renamed are the parameters of an operation, those in the path as the newer one calls them: of
// these only the place counts.
func renamed(before, now *Operation) []Parameter {
	old, fresh := pathVariable.FindAllString(before.Path, -1), pathVariable.FindAllString(now.Path, -1)
	all := slices.Clone(before.Parameters)
	for i, p := range all {
		if at := slices.Index(old, "{"+p.Name+"}"); p.In == "path" && at >= 0 && at < len(fresh) {
			all[i].Name = strings.Trim(fresh[at], "{}")
		}
	}
	return all
}

func (c *comparison) auth(before, now []string) {
	open := func(ways []string) bool { return len(ways) == 0 || slices.Contains(ways, "none") }
	switch {
	case open(before) && open(now):
	case open(before):
		c.note(true, "asks who is calling: %s", strings.Join(now, " or "))
	case open(now):
		c.note(false, "no longer asks who is calling")
	default:
		old, fresh := c.older.waysOf(before), c.newer.waysOf(now)
		for i, way := range before {
			if slices.Contains(fresh, old[i]) {
				continue
			}
			if slices.Contains(now, way) { // by its name, but that means something else
				way = old[i]
			}
			c.note(true, "no longer takes %s", way)
		}
		for i, way := range now {
			if slices.Contains(old, fresh[i]) {
				continue
			}
			if slices.Contains(before, way) {
				way = fresh[i]
			}
			c.note(false, "takes %s, too", way)
		}
	}
}

// waysOf says of ways in what they mean, whatever they are called.
func (s *Spec) waysOf(ways []string) []string {
	var all []string
	for _, way := range ways {
		parts := strings.Split(way, " + ")
		for i, part := range parts {
			id, scopes, _ := strings.Cut(part, " (")
			a := slices.IndexFunc(s.Auth, func(a Auth) bool { return a.ID == id })
			if a < 0 {
				continue
			}
			words, _, _ := strings.Cut(s.Auth[a].Words, " (") // in brackets stands what servers do not look at
			if parts[i] = words; scopes != "" {
				parts[i] += " (" + scopes
			}
		}
		slices.Sort(parts)
		all = append(all, strings.Join(parts, " + "))
	}
	return all
}

// parameters compares those of an operation, or the arguments of a field.
func (c *comparison) parameters(of string, before, now []Parameter) {
	find := func(all []Parameter, p Parameter) *Parameter {
		i := slices.IndexFunc(all, func(q Parameter) bool {
			return q.In == p.In && (q.Name == p.Name || p.In == "header" && strings.EqualFold(q.Name, p.Name))
		})
		if i < 0 {
			return nil
		}
		return &all[i]
	}
	for _, p := range before {
		name := of + parameterWords(p)
		q := find(now, p)
		switch {
		case q == nil:
			c.note(true, "no longer takes %s", name)
		default:
			if q.Required && !p.Required {
				c.note(true, "%s is required", name)
			} else if p.Required && !q.Required {
				c.note(false, "%s is no longer required", name)
			}
			if q.Deprecated && !p.Deprecated {
				c.note(false, "%s is deprecated", name)
			}
			c.schema(name, p.Schema, q.Schema, sent, 0)
		}
	}
	for _, q := range now {
		if find(before, q) != nil {
			continue
		}
		if q.Required {
			c.note(true, "%s is new, and required", of+parameterWords(q))
		} else {
			c.note(false, "%s is new", of+parameterWords(q))
		}
	}
}

func parameterWords(p Parameter) string {
	switch p.In {
	case "argument":
		return "the argument " + p.Name
	case "header":
		return "the header " + p.Name
	}
	return "the " + p.In + " parameter " + p.Name
}

func (c *comparison) request(before, now *Payload, way direction) {
	switch {
	case before == nil && now == nil:
	case before == nil:
		c.note(now.Required && way == sent, "takes a body%s", map[bool]string{true: ", which is required"}[now.Required])
	case now == nil:
		c.note(true, "no longer %s a body", map[direction]string{sent: "takes", returned: "has"}[way])
	default:
		if now.Required && !before.Required {
			c.note(way == sent, "the body is required")
		}
		if now.Stream != before.Stream {
			c.note(true, "takes %s", map[bool]string{true: "a stream", false: "one message, not a stream"}[now.Stream])
		}
		c.bodies("the body", before.Bodies, now.Bodies, way)
	}
}

func (c *comparison) responses(before, now []Payload, way direction) {
	messages := c.newer.Family == AsyncAPI
	what := func(p Payload) string {
		switch {
		case messages:
			return "the message " + p.Name
		case c.newer.Family == OpenAPI:
			return "the response " + p.Name
		}
		return "what comes back"
	}
	find := func(all []Payload, name string) *Payload {
		i := slices.IndexFunc(all, func(p Payload) bool { return p.Name == name })
		if i < 0 {
			return nil
		}
		return &all[i]
	}
	for _, p := range before {
		q := find(now, p.Name)
		if q == nil {
			c.note(messages || strings.HasPrefix(p.Name, "2") || p.Name == "default", "%s is gone", what(p))
			continue
		}
		if p.Required && !q.Required && c.newer.Family == GraphQL {
			c.note(true, "%s may be null", what(p))
		}
		if q.Stream != p.Stream {
			c.note(true, "gives %s", map[bool]string{true: "a stream", false: "one message, not a stream"}[q.Stream])
		}
		c.headers(what(p), p.Headers, q.Headers, way)
		c.bodies(what(p), p.Bodies, q.Bodies, way)
	}
	for _, q := range now {
		if find(before, q.Name) == nil {
			c.note(false, "%s is new", what(q))
		}
	}
}

func (c *comparison) headers(of string, before, now []Parameter, way direction) {
	find := func(all []Parameter, name string) *Parameter {
		i := slices.IndexFunc(all, func(x Parameter) bool { return strings.EqualFold(x.Name, name) })
		if i < 0 {
			return nil
		}
		return &all[i]
	}
	for _, h := range before {
		name := "the header " + h.Name + " of " + of
		x := find(now, h.Name)
		switch {
		case x == nil:
			c.note(way == returned, "%s no longer has the header %s", of, h.Name)
			continue
		case h.Required && !x.Required:
			c.note(way == returned, "%s may be missing", name)
		case x.Required && !h.Required:
			c.note(way == sent, "%s is required", name)
		}
		c.schema(name, h.Schema, x.Schema, way, 0)
	}
	for _, h := range now {
		if way == sent && h.Required && find(before, h.Name) == nil {
			c.note(true, "%s has the header %s, which is required", of, h.Name)
		}
	}
}

func (c *comparison) bodies(what string, before, now []Body, way direction) {
	for _, b := range before {
		i := slices.IndexFunc(now, func(x Body) bool { return x.Media == b.Media })
		if i < 0 && len(before) == 1 && len(now) == 1 && (b.Media == "" || now[0].Media == "") {
			i = 0
		}
		if i < 0 {
			c.note(true, "%s is no longer to be had as %s", what, b.Media)
			continue
		}
		c.schema(what, b.Schema, now[i].Schema, way, 0)
	}
	for _, b := range now {
		if len(before) > 0 && !slices.ContainsFunc(before, func(x Body) bool { return x.Media == b.Media }) && b.Media != "" && before[0].Media != "" {
			c.note(false, "%s may be %s, too", what, b.Media)
		}
	}
}

// types compares a named type.
func (c *comparison) types(pair typePair) {
	before, now := c.older.Type(pair.older), c.newer.Type(pair.newer)
	if before == nil || now == nil {
		return
	}
	c.subject, c.id, c.gone = now.Name, now.ID, false
	if now.Deprecated && !before.Deprecated {
		c.note(false, "is deprecated")
	}
	if c.newer.Family == GraphQL {
		c.kinds(before, now)
	}
	c.shape("", before.Schema, now.Schema, pair.direction, 0)
}

// kinds compares what a type of GraphQL is: queries name that in fragments.
func (c *comparison) kinds(before, now *Type) {
	a, _, _ := strings.Cut(before.Kind, ",")
	b, _, _ := strings.Cut(now.Kind, ",")
	if a != b {
		c.note(true, "is of the kind %s, and was %s", b, a)
		return
	}
	for _, name := range before.Is {
		if !slices.Contains(now.Is, name) {
			c.note(true, "is no longer a %s", name)
		}
	}
	for _, name := range now.Is {
		if !slices.Contains(before.Is, name) {
			c.note(false, "is a %s, too", name)
		}
	}
}

// schema compares how a value is described. Named types that keep their name are compared
// on their own.
func (c *comparison) schema(what string, before, now *Schema, way direction, depth int) {
	if before == nil || now == nil || depth > maxDepth {
		return
	}
	c.nullable(what, before, now, way)
	if before.Ref != "" && now.Ref != "" {
		a, b := c.older.Type(before.Ref), c.newer.Type(now.Ref)
		if a != nil && b != nil && a.Name == b.Name {
			if pair := (typePair{a.ID, b.ID, way}); !c.seen[pair] {
				c.seen[pair] = true
				c.queue = append(c.queue, pair)
			}
			return
		}
	}
	c.shape(what, c.older.Described(before), c.newer.Described(now), way, depth)
}

// Described follows references to what describes a type.
func (s *Spec) Described(x *Schema) *Schema {
	for range maxDepth {
		if x == nil {
			return nil
		}
		t := s.byID[x.Ref]
		if x.Ref == "" || t == nil || t.Schema == nil {
			return x
		}
		x = t.Schema
	}
	return x
}

func (c *comparison) nullable(what string, before, now *Schema, way direction) {
	switch {
	case now.Nullable && !before.Nullable:
		c.note(way == returned, "%smay be null", space(what))
	case before.Nullable && !now.Nullable:
		c.note(way == sent, "%smay no longer be null", space(what))
	}
}

func space(what string) string {
	if what == "" {
		return ""
	}
	return what + " "
}

// shape compares what is inside of two types. what is empty for a type itself.
func (c *comparison) shape(what string, before, now *Schema, way direction, depth int) {
	if before == nil || now == nil || depth > maxDepth {
		return
	}
	if a, b := c.older.Words(before), c.newer.Words(now); kindOf(before) != kindOf(now) {
		fits := way == sent && c.within(before, now) || way == returned && (&comparison{older: c.newer, newer: c.older}).within(now, before)
		c.note(!fits, "%sis %s, and was %s", space(what), b, a)
		return
	}
	if before.Format != now.Format {
		narrowed := way == sent && now.Format != "" || way == returned && before.Format != "" || now.Kind == "map"
		c.note(narrowed, "%sis %s, and was %s", space(what), c.newer.Words(now), c.older.Words(before))
	}
	if before.Default != now.Default && now.Default != "" {
		c.note(false, "%sis %s if it is not given", space(what), now.Default)
	}
	c.limits(what, before.Limits, now.Limits, way)
	c.values(what, before, now, way)
	c.fields(what, before, now, way, depth)
	if before.Items != nil && now.Items != nil {
		item := "each item"
		if what != "" {
			item = "each of " + what
		}
		c.schema(item, before.Items, now.Items, way, depth+1)
	}
	c.variants(what, before, now, way)
}

// within reports whether all values of one type are values of another, of a newer description,
// as far as their kinds say.
func (c *comparison) within(x, other *Schema) bool {
	if kindOf(other) == "choice" {
		return slices.ContainsFunc(other.Variants, func(v *Schema) bool { return c.newer.Words(v) == c.older.Words(x) })
	}
	wide := strings.Split(kindOf(other), " or ")
	for _, kind := range strings.Split(kindOf(x), " or ") {
		if !slices.Contains(wide, kind) && (kind != "integer" || !slices.Contains(wide, "number")) {
			return kindOf(other) == "" // which is any value
		}
	}
	return true
}

func kindOf(x *Schema) string {
	switch {
	case x.Kind == "" && (len(x.Fields) > 0 || x.Combine == "all of"):
		return "object"
	case x.Kind == "" && x.Combine != "":
		return "choice"
	}
	return x.Kind
}

func (c *comparison) limits(what string, before, now []string, way direction) {
	for _, limit := range now {
		if slices.Contains(before, limit) {
			continue
		}
		kind := limitKind(limit)
		i := slices.IndexFunc(before, func(b string) bool { return limitKind(b) == kind })
		narrowed := i < 0 || narrower(before[i], limit)
		c.note(narrowed && way == sent, "%sis limited: %s", space(what), limit)
	}
	for _, limit := range before {
		if !slices.ContainsFunc(now, func(n string) bool { return limitKind(n) == limitKind(limit) }) {
			c.note(false, "%sis no longer limited: %s", space(what), limit)
		}
	}
}

// limitKind is a limit without its number.
func limitKind(limit string) string {
	if strings.HasPrefix(limit, "pattern ") {
		return "pattern"
	}
	return strings.Join(strings.FieldsFunc(limit, func(r rune) bool { return r >= '0' && r <= '9' || r == '.' || r == '-' }), " ")
}

// narrower reports whether the second of two limits of a kind leaves less.
func narrower(before, now string) bool {
	a, okA := numberIn(before)
	b, okB := numberIn(now)
	if !okA || !okB {
		return true
	}
	if strings.HasPrefix(now, "at least") || strings.HasPrefix(now, "≥") || strings.HasPrefix(now, ">") {
		return b > a
	}
	return b < a
}

func numberIn(limit string) (float64, bool) {
	for _, word := range strings.Fields(limit) {
		if n, err := strconv.ParseFloat(word, 64); err == nil {
			return n, true
		}
	}
	return 0, false
}

func (c *comparison) values(what string, before, now *Schema, way direction) {
	has := func(all []Value, name string) bool {
		return slices.ContainsFunc(all, func(v Value) bool { return v.Name == name })
	}
	switch {
	case len(before.Enum) == 0 && len(now.Enum) == 0:
		return
	case len(before.Enum) == 0:
		c.note(way == sent, "%stakes only certain values", space(what))
		return
	case len(now.Enum) == 0:
		c.note(way == returned, "%smay have any value", space(what))
		return
	}
	for _, v := range before.Enum {
		if !has(now.Enum, v.Name) {
			c.note(way == sent || c.newer.Family == Protobuf, "%sno longer has the value %s", space(what), v.Name)
			continue
		}
		i := slices.IndexFunc(now.Enum, func(x Value) bool { return x.Name == v.Name })
		if number := now.Enum[i].Number; number != v.Number {
			c.note(true, "%sthe value %s has the number %s, and had %s", space(what), v.Name, number, v.Number)
		}
	}
	for _, v := range now.Enum {
		if !has(before.Enum, v.Name) {
			c.note(false, "%shas the new value %s", space(what), v.Name)
		}
	}
}

func (c *comparison) fields(what string, before, now *Schema, way direction, depth int) {
	old, fresh := c.older.going(way, before), c.newer.going(way, now)
	find := func(all []Field, name string) *Field {
		i := slices.IndexFunc(all, func(f Field) bool { return f.Name == name })
		if i < 0 {
			return nil
		}
		return &all[i]
	}
	in := ""
	if what != "" {
		in = " of " + what
	}
	for _, f := range old {
		g := find(fresh, f.Name)
		name := f.Name + in
		if g == nil {
			c.note(true, "no longer has the field %s", name)
			continue
		}
		switch {
		case g.Required && !f.Required:
			c.note(way == sent, "the field %s is required", name)
		case f.Required && !g.Required:
			c.note(way == returned, "the field %s may be %s", name, map[bool]string{true: "null", false: "missing"}[c.newer.Family == GraphQL])
		}
		if f.OneOf != g.OneOf {
			c.note(true, "the field %s %s", name, moved(f.OneOf, g.OneOf))
		}
		if g.Number != f.Number {
			c.note(true, "the field %s has the number %d, and had %d", name, g.Number, f.Number)
		}
		if g.Schema.Deprecated && !f.Schema.Deprecated {
			c.note(false, "the field %s is deprecated", name)
		}
		c.parameters("in "+f.Name+", ", f.Args, g.Args)
		c.schema("the field "+name, f.Schema, g.Schema, way, depth+1)
	}
	for _, g := range fresh {
		if find(old, g.Name) != nil {
			continue
		}
		if g.Required && way == sent {
			c.note(true, "has the new field %s, which is required", g.Name+in)
		} else {
			c.note(false, "has the new field %s", g.Name+in)
		}
	}
}

// moved says that a field of protobuf has left or joined those of which one is set.
func moved(from, to string) string {
	switch {
	case to == "":
		return "is no longer one of " + from
	case from == "":
		return "is one of " + to + " now"
	}
	return "is one of " + to + ", and was one of " + from
}

// going are the fields of a type that go one way.
func (s *Spec) going(way direction, x *Schema) []Field {
	not := map[direction]string{sent: "read only", returned: "write only"}[way]
	return slices.DeleteFunc(slices.Clone(s.AllFields(x)), func(f Field) bool { return s.Described(f.Schema).Access == not })
}

// variants compares the choices of a type by their names.
func (c *comparison) variants(what string, before, now *Schema, way direction) {
	if before.Combine == "all of" || now.Combine == "all of" || len(before.Variants)+len(now.Variants) == 0 {
		return
	}
	names := func(s *Spec, x *Schema) []string {
		var all []string
		for _, v := range x.Variants {
			all = append(all, s.Words(v))
		}
		return all
	}
	old, fresh := names(c.older, before), names(c.newer, now)
	if before.Tag != now.Tag {
		c.note(true, "%sis told apart by %s, and was by %s", space(what), cmp.Or(now.Tag, "nothing"), cmp.Or(before.Tag, "nothing"))
	}
	for i, name := range old {
		j := slices.Index(fresh, name)
		if j >= 0 && before.Tag != "" && before.Tag == now.Tag && before.Tags[i] != now.Tags[j] {
			c.note(true, "%s%s says %s for %s, and said %s", space(what), now.Tag, now.Tags[j], name, before.Tags[i])
		}
		if j < 0 {
			c.note(way == sent || c.newer.Family == GraphQL, "%sis no longer %s", space(what), name) // queries name it in fragments
			continue
		}
		c.schema(strings.TrimSpace(what), before.Variants[i], now.Variants[j], way, 1)
	}
	for _, name := range fresh {
		if !slices.Contains(old, name) {
			c.note(false, "%smay be %s, too", space(what), name)
		}
	}
}

package schema

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/source"
)

// messages has for each keyword the function that reports a value which does not
// satisfy it. Keywords that only hold other schemas do not occur.
var messages map[string]func(*explainer, leaf)

func init() {
	// Set here because the functions lead back to the table.
	messages = map[string]func(*explainer, leaf){
		"type":                 (*explainer).badType,
		"enum":                 (*explainer).badEnum,
		"const":                (*explainer).badConst,
		"pattern":              (*explainer).badPattern,
		"format":               (*explainer).badFormat,
		"required":             (*explainer).missing,
		"dependentRequired":    (*explainer).missingBeside,
		"additionalProperties": (*explainer).unknownFields,
		"minimum":              bound("at least"),
		"maximum":              bound("at most"),
		"exclusiveMinimum":     bound("more than"),
		"exclusiveMaximum":     bound("less than"),
		"multipleOf":           bound("a multiple of"),
		"minLength":            size("at least", "character"),
		"maxLength":            size("at most", "character"),
		"minItems":             size("at least", "item"),
		"maxItems":             size("at most", "item"),
		"minProperties":        size("at least", "field"),
		"maxProperties":        size("at most", "field"),
		"uniqueItems":          (*explainer).repeatedItems,
		"contains":             (*explainer).badContains,
		"not":                  (*explainer).forbidden,
		"":                     (*explainer).notAllowed,
	}
}

// unseen is a keyword of our own, of a value that somebody may write a secret into by
// mistake: what was written there is in no finding, nor is its line.
const unseen = "x-signpost-unseen"

func (e *explainer) explainLeaf(l leaf) {
	if l.schema[unseen] == true && !l.asKey {
		e.badUnseen(l)
		return
	}
	report, ok := messages[l.keyword]
	if !ok {
		report = (*explainer).other
	}
	report(e, l)
}

func (e *explainer) other(l leaf) {
	e.add(l, valueSpan(l.node), "", "%s is not what it must be (%s)", e.label(l.path), l.keyword)
}

// at is the place of what is wrong: the key or the value.
func (l leaf) span() diag.Span {
	if l.asKey {
		return l.node.KeySpan()
	}
	return valueSpan(l.node)
}

// subject names what is wrong with its value: tier 7, links.url "x", chat key "y".
func (e *explainer) subject(l leaf) string {
	switch {
	case l.asKey:
		return fmt.Sprintf("%s key %q", e.label(l.path[:len(l.path)-1]), shorten(l.path[len(l.path)-1]))
	case l.node.Kind() >= source.List:
		return e.label(l.path)
	case l.node.Kind() == source.String && l.node.Text() == "":
		return e.label(l.path) + ` ""`
	}
	return e.label(l.path) + " " + found(l.node)
}

// label names a value by its fields: links.url, tags item.
func (e *explainer) label(path []string) string {
	var b strings.Builder
	for _, key := range path {
		switch {
		case key == itemKey:
			continue
		case b.Len() > 0:
			b.WriteByte('.')
		}
		b.WriteString(printable(shorten(key)))
	}
	switch {
	case b.Len() == 0 && len(path) == 0:
		return e.model.noun()
	case path[len(path)-1] == itemKey:
		return strings.TrimSpace(b.String() + " item")
	}
	return b.String()
}

func (e *explainer) badType(l leaf) {
	allowed := typeWords(l.schema["type"])
	d := e.add(l, l.span(), "", "%s must be %s, not %s", e.label(l.path), or(allowed), found(l.node))
	switch {
	case l.node.Kind() == source.Null && len(l.path) > 0:
		d.Message = fmt.Sprintf("%s is empty; it must be %s", e.label(l.path), or(allowed))
	case len(allowed) == 1 && !l.asKey:
		d.Hint, d.Fix = retype(l.schema["type"], l.node)
	}
	if d.Hint == "" {
		d.Hint = example(l.schema)
	}
}

var integer = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,15})$`)

// retype returns how to write a value so that it has the type that it must have,
// if that takes no knowledge of what it means.
func retype(want any, n *source.Node) (string, []diag.Edit) {
	edit := func(text string) []diag.Edit { return []diag.Edit{{Span: n.Span(), New: text}} }
	scalar := n.Kind() == source.String || n.Kind() == source.Number || n.Kind() == source.Bool
	switch {
	case want == "string" && (n.Kind() == source.Number || n.Kind() == source.Bool):
		quoted := strconv.Quote(n.Text())
		return "write it in quotes: " + quoted, edit(quoted)
	case want == "integer" && n.Kind() == source.String && integer.MatchString(n.Text()):
		return "write it without quotes: " + n.Text(), edit(n.Text())
	case want == "boolean" && n.Kind() == source.String && (n.Text() == "true" || n.Text() == "false"):
		return "write it without quotes: " + n.Text(), edit(n.Text())
	case want == "array" && scalar && n.Span().Start.Line == n.Span().End.Line:
		list := "[" + plain(n.Text()) + "]"
		return "write a list: " + list, edit(list)
	}
	return "", nil
}

func (e *explainer) badEnum(l leaf) {
	allowed, _ := l.schema["enum"].([]any)
	words := make([]string, len(allowed))
	for i, v := range allowed {
		words[i] = show(v)
	}
	d := e.add(l, l.span(), "", "%s is not one of %s", e.subject(l), strings.Join(words, ", "))
	if l.node.Kind() == source.Null && !l.asKey {
		d.Message = fmt.Sprintf("%s is empty; it must be one of %s", e.label(l.path), strings.Join(words, ", "))
	}
	written, words := l.node.Text(), []string{}
	if l.asKey {
		written = l.path[len(l.path)-1]
	}
	for _, v := range allowed {
		if s, ok := v.(string); ok && (!l.asKey || e.parent(l).Field(s) == nil) {
			words = append(words, s)
		}
	}
	e.suggest(d, l.span(), written, words, sureOfValue)
}

// parent returns the map or list that a value stands in, or nil.
func (e *explainer) parent(l leaf) *source.Node {
	keys := pointerKeys(l.at)
	if len(keys) == 0 {
		return nil
	}
	return e.root.At(pointer(keys[:len(keys)-1]...))
}

func (e *explainer) badConst(l leaf) {
	want := l.schema["const"]
	d := e.add(l, l.span(), "", "%s must be %s, not %s", e.label(l.path), show(want), found(l.node))
	if word, ok := want.(string); ok && !l.asKey && strings.EqualFold(word, l.node.Text()) {
		d.Fix = []diag.Edit{{Span: l.span(), New: plain(word)}}
	}
}

// maxSuggestions bounds how often one Check looks for what was meant: in a file
// of nothing but mistakes, comparing words would take longer than all the rest.
const maxSuggestions = 200

// suggest adds the allowed word that was probably meant, and the repair if it is
// sure that it was. It returns the word or "".
func (e *explainer) suggest(d *diag.Diagnostic, at diag.Span, written string, allowed []string, sure func(written, meant string) bool) string {
	e.suggestions++
	if e.suggestions > maxSuggestions {
		return ""
	}
	meant := slices.DeleteFunc(slices.Clone(allowed), func(word string) bool { return !sure(written, word) })
	near, ok := diag.Nearest(written, allowed)
	if len(meant) == 1 {
		near, ok = meant[0], true
	}
	if !ok {
		return ""
	}
	d.Hint = fmt.Sprintf("did you mean %q?", near)
	if len(meant) == 1 {
		d.Fix = []diag.Edit{{Span: at, New: plain(near)}}
	}
	return near
}

// A value says what is so, and only who wrote it can know: "us" is not "uk" with
// a slip. The name of a field says nothing by itself.
var (
	sureOfValue = diag.SameLetters
	sureOfField = func(written, meant string) bool {
		return diag.SameLetters(written, meant) || diag.IsSlip(written, meant)
	}
)

func (e *explainer) badPattern(l leaf) {
	if message, ok := l.schema["patternErrorMessage"].(string); ok {
		e.add(l, l.span(), "", "%s %s", e.subject(l), message)
		return
	}
	e.add(l, l.span(), example(l.schema), "%s does not match the pattern %v", e.subject(l), l.schema["pattern"])
}

// badUnseen says what a value must be, and nothing of what it is.
func (e *explainer) badUnseen(l leaf) {
	message := "is not what it must be"
	if words, ok := l.schema["patternErrorMessage"].(string); ok {
		message = words
	}
	e.add(l, l.span(), example(l.schema), "%s %s", e.label(l.path), message).Unseen = true
}

func (e *explainer) badFormat(l leaf) {
	name, _ := l.schema["format"].(string)
	want := "a valid " + name
	if f, ok := formats[name]; ok {
		want = f.want
	}
	e.add(l, l.span(), "", "%s must be %s", e.subject(l), want)
}

// example is a hint with the first example of a schema.
func example(s object) string {
	list, _ := s["examples"].([]any)
	if len(list) == 0 {
		return ""
	}
	return "for example " + inYAML(list[0])
}

// mustHave is what is said of a field that is missing.
const mustHave = " must have %q"

// Misses reports whether a finding of Check is that a field is missing which holds a
// plain value.
func Misses(d diag.Diagnostic, field string) bool {
	return d.Code == CodeSchema && strings.HasSuffix(d.Message, fmt.Sprintf(mustHave, field))
}

// missing reports each field that a map should have and has not.
func (e *explainer) missing(l leaf) {
	required, _ := l.schema["required"].([]any)
	for _, v := range required {
		name, _ := v.(string)
		if l.node.Field(name) != nil {
			continue
		}
		hint := ""
		sub := childMap(l.schema, "properties")[name]
		if examples, ok := follow(e.model.root, sub, "examples").([]any); ok && len(examples) > 0 {
			hint = fmt.Sprintf("for example %s: %s", name, inYAML(examples[0]))
		}
		e.add(l, anchor(l.node, len(l.path) == 0), hint, "%s"+mustHave+"%s", e.label(l.path), name, e.inner(sub))
		e.about(name)
	}
}

// inner names what a missing field must itself hold.
func (e *explainer) inner(schema any) string {
	list, _ := follow(e.model.root, schema, "required").([]any)
	if len(list) == 0 {
		return ""
	}
	names := make([]string, len(list))
	for i, v := range list {
		names[i] = show(v)
	}
	return " with " + and(names)
}

func (e *explainer) missingBeside(l leaf) {
	byField := childMap(l.schema, "dependentRequired")
	list, _ := byField[l.dep].([]any)
	for _, v := range list {
		if name, _ := v.(string); l.node.Field(name) == nil {
			e.add(l, l.node.Field(l.dep).KeySpan(), "", "%s has %q, and so must have %q too", e.label(l.path), l.dep, name)
		}
	}
}

// unknownFields reports each field of a map that its schema does not have.
func (e *explainer) unknownFields(l leaf) {
	properties := childMap(l.schema, "properties")
	var patterns []*regexp.Regexp
	for pattern := range childMap(l.schema, "patternProperties") {
		if re, err := regexp.Compile(pattern); err == nil {
			patterns = append(patterns, re)
		}
	}
	written := map[string]bool{}
	for _, c := range l.node.Children() {
		written[c.Name()] = true
	}
	var free []string // what may still be written
	for name, sub := range properties {
		if !written[name] && follow(e.model.root, sub, "deprecated") != true {
			free = append(free, name)
		}
	}
	slices.Sort(free)
	for _, c := range l.node.Children() {
		_, known := properties[c.Name()]
		if !known && !slices.ContainsFunc(patterns, func(re *regexp.Regexp) bool { return re.MatchString(c.Name()) }) {
			e.unknownField(l, c, free)
		}
	}
}

func (e *explainer) unknownField(l leaf, n *source.Node, free []string) {
	d := e.add(l, n.KeySpan(), "", "%s has no field %q", e.label(l.path), shorten(n.Name()))
	d.Code = CodeUnknownField
	near := e.suggest(d, n.KeySpan(), n.Name(), free, sureOfField)
	switch {
	case near != "":
		e.about(near)
	case len(l.path) == 1 && l.path[0] == "metadata":
		d.Hint = "declare it under fields in signpost.yaml"
	case len(l.path) == 0 && e.entity() && len(e.set.fields[n.Name()]) > 0:
		d.Hint = "it is a field of " + and(e.set.fields[n.Name()])
	case len(l.path) == 0 && e.entity():
		d.Hint = "fields of your own go under metadata"
	case len(free) > 0:
		d.Hint = "it may also have " + strings.Join(free, ", ")
	}
}

func (e *explainer) entity() bool {
	return e.model.kind.Name != portalKind && e.model.kind.Name != documentKind
}

// bound reports a number beyond a limit.
func bound(relation string) func(*explainer, leaf) {
	return func(e *explainer, l leaf) {
		hint := ""
		low, high := l.schema["minimum"], l.schema["maximum"]
		if low != nil && high != nil {
			hint = fmt.Sprintf("%s to %s", show(low), show(high))
		}
		e.add(l, l.span(), hint, "%s must be %s %s, not %s", e.label(l.path), relation, show(l.schema[l.keyword]), l.node.Text())
	}
}

// size reports a text, list or map that is too short or too long.
func size(relation, unit string) func(*explainer, leaf) {
	return func(e *explainer, l leaf) {
		n := len(l.node.Children())
		if unit == "character" {
			n = len([]rune(l.node.Text()))
		}
		if l.asKey {
			n = len([]rune(l.path[len(l.path)-1]))
		}
		limit := show(l.schema[l.keyword])
		units := unit + "s"
		if limit == "1" {
			units = unit
		}
		name := e.label(l.path)
		if l.asKey {
			name = e.subject(l)
		}
		d := e.add(l, l.span(), "", "%s must have %s %s %s, not %d", name, relation, limit, units, n)
		if n == 0 {
			d.Message = fmt.Sprintf("%s is empty; it must have %s %s %s", name, relation, limit, units)
		}
	}
}

// repeatedItems reports each item of a list that stands there already.
func (e *explainer) repeatedItems(l leaf) {
	first := map[string]*source.Node{}
	before := len(e.mistakes)
	for _, item := range l.node.Children() {
		text, _ := json.Marshal(item.Value())
		original, repeated := first[string(text)]
		if !repeated {
			first[string(text)] = item
			continue
		}
		inner := leaf{path: append(slices.Clip(l.path), itemKey), node: item}
		d := e.add(l, valueSpan(item), "leave it out", "%s is repeated", e.subject(inner))
		d.Related = []diag.Related{{Span: original.Span(), Message: "first written here"}}
	}
	if len(e.mistakes) == before { // equal numbers in different spellings
		e.add(l, l.span(), "", "%s has an item twice", e.label(l.path))
	}
}

func (e *explainer) badContains(l leaf) {
	least, most := cmp.Or(number(l.schema["minContains"]), "1"), number(l.schema["maxContains"])
	want := "at least " + least
	if most != "" {
		want += " and at most " + most
	}
	e.add(l, l.span(), "", "%s must have %s of the items that are asked for", e.label(l.path), want)
}

func number(v any) string {
	n, _ := v.(json.Number)
	return string(n)
}

// forbidden reports a value that has the very form that is not allowed.
func (e *explainer) forbidden(l leaf) {
	if message, ok := l.schema["errorMessage"].(string); ok {
		e.add(l, l.span(), "", "%s %s", e.subject(l), message)
		return
	}
	not := childMap(l.schema, "not")
	required, _ := not["required"].([]any)
	switch {
	case len(not) == 1 && len(required) == 1:
		name, _ := required[0].(string)
		e.add(l, l.node.Field(name).KeySpan(), "leave it out", "%s may not have %q here", e.label(l.path), name)
	case len(not) == 1 && len(required) > 1:
		names := make([]string, len(required))
		for i, v := range required {
			names[i], _ = v.(string)
		}
		e.add(l, l.node.Field(names[len(names)-1]).KeySpan(), "leave one out", "%s may not have %s together", e.label(l.path), and(names))
	default:
		e.add(l, l.span(), "", "%s is not allowed", e.subject(l))
	}
}

// notAllowed reports a value where nothing is allowed.
func (e *explainer) notAllowed(l leaf) {
	if l.asKey || l.node.Name() != "" {
		d := e.add(l, l.node.KeySpan(), "leave it out", "%s is not allowed here", e.label(l.path))
		d.Code = CodeUnknownField
		return
	}
	e.add(l, l.span(), "leave it out", "%s is not allowed here", e.label(l.path))
}

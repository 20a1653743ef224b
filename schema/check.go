package schema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/source"
)

// The codes of the findings of Check.
const (
	CodeSchema          = "schema"           // a value is not what it must be, or is missing
	CodeUnknownField    = "unknown-field"    // there is no such field here
	CodeUnknownKind     = "unknown-kind"     // there is no such kind of entity
	CodeDeprecatedField = "deprecated-field" // the field still works, but is to be replaced
)

// maxItems bounds a list. Comparing the items of a list with each other takes
// the validator, for items chosen to that end, time with the square of their number.
const maxItems = 5000

// Check judges a descriptor of a kind, signpost.yaml (kind "portal") or the front
// matter of a document (kind "document"). It returns one finding for each mistake,
// sorted by place; none means valid.
func (s *Set) Check(kind string, n *source.Node) []diag.Diagnostic {
	m, ok := s.models[kind]
	if !ok {
		return []diag.Diagnostic{s.unknownKind(kind, n)}
	}
	e := &explainer{set: s, model: m, root: n}
	if m.quick(n) != valid {
		if long := longList(n); long != nil {
			return []diag.Diagnostic{finding(long.Span(), "the list has %d items; at most %d are allowed", len(long.Children()), maxItems)}
		}
		failure, err := s.validate(kind, n.Value())
		if err != nil {
			return []diag.Diagnostic{finding(n.Span(), "%s cannot be checked: %v", m.noun(), err)}
		}
		if failure != nil {
			e.explain(failure)
		}
	}
	if m.deprecates {
		e.deprecated(m.schema, n, nil)
	}
	return diag.Sort(e.findings())
}

func finding(at diag.Span, format string, args ...any) diag.Diagnostic {
	return diag.Diagnostic{Span: at, Severity: diag.Error, Code: CodeSchema, Message: fmt.Sprintf(format, args...)}
}

// unknownKind explains a kind that does not exist.
func (s *Set) unknownKind(kind string, n *source.Node) diag.Diagnostic {
	written := n.Field("kind")
	d := diag.Diagnostic{Span: written.Span(), Severity: diag.Error, Code: CodeUnknownKind}
	switch {
	case written == nil:
		d.Span = anchor(n, true)
		d.Message = "the kind is missing"
	case kind == "":
		d.Message = fmt.Sprintf("kind must be the name of a kind, not %s", found(written))
	default:
		d.Message = fmt.Sprintf("there is no kind %q", shorten(kind))
	}
	names := s.Kinds()
	d.Hint = "the kinds are " + strings.Join(names, ", ")
	if written.Kind() == source.String {
		(&explainer{}).suggest(&d, written.Span(), kind, names, sureOfValue)
	}
	return d
}

// longList returns the first list in n that has too many items, or nil.
func longList(n *source.Node) *source.Node {
	children := n.Children()
	if n.Kind() == source.List && len(children) > maxItems {
		return n
	}
	for _, c := range children {
		if c.Kind() < source.List {
			continue
		}
		if long := longList(c); long != nil {
			return long
		}
	}
	return nil
}

// deprecated finds deprecated fields in use. It looks where a schema says without
// conditions what a field is: behind references, in maps and in lists.
func (e *explainer) deprecated(schema any, n *source.Node, path []string) {
	for _, s := range unconditional(e.model.root, schema) {
		for _, c := range n.Children() {
			at := append(slices.Clip(path), c.Name())
			if n.Kind() == source.List {
				e.deprecated(s["items"], c, append(slices.Clip(path), itemKey))
				continue
			}
			sub, declared := childMap(s, "properties")[c.Name()]
			if !declared {
				sub = s["additionalProperties"]
			}
			if declared && follow(e.model.root, sub, "deprecated") == true {
				e.mistakes = append(e.mistakes, mistake{diag: e.deprecation(sub, n, c, at)})
			}
			e.deprecated(sub, c, at)
		}
	}
}

// unconditional returns a schema and those that always apply with it.
func unconditional(doc object, schema any) []object {
	var all []object
	for queue := []any{schema}; len(queue) > 0 && len(all) < maxExpanded; queue = queue[1:] {
		s, ok := queue[0].(object)
		if !ok {
			continue
		}
		all = append(all, s)
		if ref, ok := s["$ref"].(string); ok {
			target, _ := resolve(doc, ref)
			queue = append(queue, target)
		}
		list, _ := s["allOf"].([]any)
		queue = append(queue, list...)
	}
	return all
}

func (e *explainer) deprecation(schema any, parent, n *source.Node, path []string) diag.Diagnostic {
	d := diag.Diagnostic{
		Span: n.KeySpan(), Severity: diag.Warning, Code: CodeDeprecatedField,
		Message: e.label(path) + " is deprecated",
	}
	successor, _ := follow(e.model.root, schema, "x-signpost-replacedBy").(string)
	switch {
	case successor == "":
		d.Hint = "leave it out"
	case parent.Field(successor) != nil:
		d.Hint = fmt.Sprintf("leave it out: %q is there already", successor)
	default:
		d.Hint = fmt.Sprintf("write %q instead", successor)
		d.Fix = []diag.Edit{{Span: n.KeySpan(), New: plain(successor)}}
	}
	return d
}

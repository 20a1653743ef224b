package schema

import (
	"slices"
	"strconv"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/source"
)

// explainer turns the validator's account of one value into findings.
type explainer struct {
	set      *Set
	model    *model
	root     *source.Node
	mistakes []mistake

	suggestions int // how often a word was looked for
}

// mistake is a finding with what is needed to tell whether another says the same.
type mistake struct {
	keyword string
	at      string // of the value, as the validator writes it
	about   string // for keyword "required" the missing field; for an unknown one the field that was meant
	diag    diag.Diagnostic
}

// leaf is one keyword of a schema that a value does not satisfy.
type leaf struct {
	schema  object       // the schema that holds the keyword; nil if the schema is just false
	keyword string       // "" if the schema is just false
	dep     string       // for dependentRequired: the field that asks for another
	asKey   bool         // whether it is the key that is wrong, rather than the value
	at      string       // of the value, as the validator writes it
	path    []string     // of the value, as keys; itemKey stands for any index
	node    *source.Node // the value
}

// itemKey stands in a path for the index of an item.
const itemKey = "[]"

// explain finds the innermost failures and reports each.
func (e *explainer) explain(failure *jsonschema.ValidationError) {
	l := e.locate(failure)
	switch {
	case l.keyword == "anyOf" || l.keyword == "oneOf":
		e.explainChoice(failure, l)
	case len(failure.Causes) > 0 && l.keyword != "contains":
		for _, cause := range failure.Causes {
			e.explain(cause)
		}
	default:
		e.explainLeaf(l)
	}
}

// locate finds the keyword and the value that a failure is about.
func (e *explainer) locate(failure *jsonschema.ValidationError) leaf {
	l := leaf{node: e.root, at: failure.InstanceLocation}
	for _, key := range pointerKeys(failure.InstanceLocation) {
		next := l.node.At(pointer(key))
		if l.node.Kind() == source.List {
			key = itemKey
		}
		l.path, l.node = append(l.path, key), next
	}
	// The validator names the keyword by the path that it took through the schema.
	var at any = e.model.schema
	for keys := pointerKeys(failure.KeywordLocation); len(keys) > 0; {
		s, ok := at.(object)
		if !ok {
			return l
		}
		l.schema, l.keyword = s, keys[0]
		at, keys = e.step(&l, s[keys[0]], keys[1:])
	}
	if at == false && l.keyword != "additionalProperties" {
		l.schema, l.keyword = nil, "" // a schema that nothing satisfies
	}
	return l
}

// step goes from a keyword to the schema that the path leads to next. It returns
// that schema, or the value of the keyword if the path ends there, and the rest of
// the path.
func (e *explainer) step(l *leaf, value any, rest []string) (any, []string) {
	switch keyword := l.keyword; {
	case keyword == "$ref":
		ref, _ := value.(string)
		target, _ := resolve(e.model.root, ref)
		l.keyword = ""
		return target, rest
	case keyword == "minContains" || keyword == "maxContains":
		l.keyword = "contains"
		return value, rest
	case len(rest) == 0:
		return value, rest
	case keyword == "dependentRequired":
		l.dep = rest[0]
		return value, nil
	case keyword == "propertyNames":
		l.asKey = true
		return value, rest
	case keywords[keyword] == listed:
		list, _ := value.([]any)
		i, err := strconv.Atoi(rest[0])
		if err != nil || i < 0 || i >= len(list) {
			return nil, nil
		}
		l.keyword = ""
		return list[i], rest[1:]
	case keywords[keyword] == named:
		byName, _ := value.(object)
		l.keyword = ""
		return byName[rest[0]], rest[1:]
	}
	return value, rest
}

// explainChoice reports on anyOf and oneOf. Of the allowed forms it explains the
// one that was meant: that whose type fits.
func (e *explainer) explainChoice(failure *jsonschema.ValidationError, l leaf) {
	list, _ := l.schema[l.keyword].([]any)
	if message, ok := l.schema["errorMessage"].(string); ok {
		e.add(l, l.node.Span(), "", "%s %s", e.label(l.path), message)
		return
	}
	if fields, ok := requiredOnly(list); ok {
		e.explainRequiredChoice(l, fields)
		return
	}
	if len(failure.Causes) == 0 {
		e.add(l, valueSpan(l.node), "", "%s fits more than one of the forms that are allowed, and must fit only one", e.label(l.path))
		return
	}
	var best []mistake
	for _, cause := range failure.Causes {
		branch := &explainer{set: e.set, model: e.model, root: e.root}
		branch.explain(cause)
		if branch.wrongType(l.at) {
			continue
		}
		if best == nil || len(branch.mistakes) < len(best) {
			best = branch.mistakes
		}
	}
	if best != nil {
		e.mistakes = append(e.mistakes, best...)
		return
	}
	e.add(l, valueSpan(l.node), "", "%s must be %s, not %s", e.label(l.path), e.anyType(list), found(l.node))
}

// wrongType reports whether what was found wrong is the type of the value itself,
// or a single value that it would have to be.
func (e *explainer) wrongType(at string) bool {
	return slices.ContainsFunc(e.mistakes, func(m mistake) bool {
		return (m.keyword == "type" || m.keyword == "const") && m.at == at
	})
}

// anyType says what types, or single values, a list of schemas allows.
func (e *explainer) anyType(list []any) string {
	var words []string
	for _, s := range list {
		if f, ok := follow(e.model.root, s, "format").(string); ok && formats[f].want != "" {
			words = append(words, formats[f].want)
		} else if t := follow(e.model.root, s, "type"); t != nil {
			words = append(words, typeWords(t)...)
		} else if c, ok := follow(e.model.root, s, "const").(string); ok {
			words = append(words, strconv.Quote(c))
		} else if c := follow(e.model.root, s, "const"); c != nil {
			words = append(words, show(c))
		}
	}
	return or(unique(words))
}

// requiredOnly returns the fields that the schemas of a choice ask for, if that is
// all they do.
func requiredOnly(list []any) ([]string, bool) {
	var fields []string
	for _, v := range list {
		s, _ := v.(object)
		required, _ := s["required"].([]any)
		if len(s) != 1 || len(required) != 1 {
			return nil, false
		}
		name, _ := required[0].(string)
		fields = append(fields, name)
	}
	return fields, true
}

func (e *explainer) explainRequiredChoice(l leaf, fields []string) {
	var present []string
	for _, f := range fields {
		if l.node.Field(f) != nil {
			present = append(present, f)
		}
	}
	if len(present) > 1 {
		e.add(l, l.node.Field(present[1]).KeySpan(), "keep one of them", "%s has %s, and may have only one of them",
			e.label(l.path), and(present))
		return
	}
	one := "one of "
	if l.keyword == "anyOf" {
		one = "at least one of "
	}
	e.add(l, anchor(l.node, len(l.path) == 0), "", "%s must have %s%s", e.label(l.path), one, or(fields))
}

// add keeps a finding about a leaf.
func (e *explainer) add(l leaf, at diag.Span, hint, format string, args ...any) *diag.Diagnostic {
	d := finding(at, format, args...)
	d.Hint = hint
	e.mistakes = append(e.mistakes, mistake{keyword: l.keyword, at: l.at, diag: d})
	return &e.mistakes[len(e.mistakes)-1].diag
}

// about says which field the last finding is about.
func (e *explainer) about(field string) { e.mistakes[len(e.mistakes)-1].about = field }

// claim is what another finding may have said already.
type claim struct{ keyword, at, about string }

// findings returns what was found, with one finding for each mistake: it leaves
// out those that follow from another about the same value.
func (e *explainer) findings() []diag.Diagnostic {
	said := map[claim]bool{}
	for _, m := range e.mistakes {
		said[claim{m.keyword, m.at, m.about}] = true
	}
	var ds []diag.Diagnostic
	for _, m := range e.mistakes {
		follows := false
		switch m.keyword {
		case "pattern":
			follows = said[claim{"format", m.at, ""}]
		case "oneOf", "anyOf":
			follows = said[claim{"dependentRequired", m.at, ""}]
		case "required":
			follows = said[claim{"additionalProperties", m.at, m.about}]
		}
		if !follows {
			ds = append(ds, m.diag)
		}
	}
	return ds
}

// anchor is the place to show for something that is missing in a map: its key, or
// for an item of a list its first key. For an entity it is its name.
func anchor(n *source.Node, root bool) diag.Span {
	switch {
	case root && n.Field("name") != nil:
		return n.Field("name").Span()
	case root && n.Field("kind") != nil:
		return n.Field("kind").Span()
	case n.Name() != "":
		return n.KeySpan()
	case len(n.Children()) > 0 && n.Kind() == source.Map:
		return n.Children()[0].KeySpan()
	}
	return n.Span()
}

// valueSpan is the place to show for a value that is wrong as a whole: a map or
// list of many lines is shown by its key.
func valueSpan(n *source.Node) diag.Span {
	if n.Kind() >= source.List && n.Name() != "" && n.Span().Start.Line != n.Span().End.Line {
		return n.KeySpan()
	}
	return n.Span()
}

package schema

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/signpost-dev/signpost/pkg/source"
)

// verdict is what a quick check says about a value.
type verdict uint8

const (
	invalid verdict = iota
	valid
	unsure // ask the validator
)

// quick judges a value without the validator, which takes twenty times as long.
// Nearly all of a catalog is valid: quick is to know that. It knows the keywords
// that our schemas use, says unsure on any other, and is never wrong: the tests
// hold it against the JSON Schema test suite.
type quick func(n *source.Node) verdict

// quickener turns the schemas of a document into quick checks.
type quickener struct {
	root object
	refs map[string]quick // by reference; nil while it is being made
}

func always(v verdict) quick { return func(*source.Node) verdict { return v } }

// both joins checks that must all pass.
func both(checks []quick) quick {
	return func(n *source.Node) verdict {
		all := valid
		for _, check := range checks {
			switch check(n) {
			case invalid:
				return invalid
			case unsure:
				all = unsure
			}
		}
		return all
	}
}

func (q *quickener) schema(schema any) quick {
	if b, ok := schema.(bool); ok {
		if b {
			return always(valid)
		}
		return always(invalid)
	}
	s, ok := schema.(object)
	if !ok {
		return always(unsure)
	}
	var checks []quick
	for keyword, value := range s {
		check, known := q.keyword(s, keyword, value)
		if !known {
			return always(unsure)
		}
		if check != nil {
			checks = append(checks, check)
		}
	}
	if len(checks) == 1 {
		return checks[0]
	}
	return both(checks)
}

// keyword returns the check of one keyword, nil if it asks for nothing, and false
// if it is not known here.
func (q *quickener) keyword(s object, keyword string, value any) (quick, bool) {
	switch keyword {
	case "$schema":
		return nil, value == dialect // others may give keywords another meaning
	case "$comment", "$defs", "patternErrorMessage", "errorMessage", "then", "else":
		return nil, true // then and else belong to if
	case "$ref":
		return q.reference(value)
	case "type":
		return typeCheck(value), true
	case "enum":
		list, ok := value.([]any)
		return oneOfTexts(list), ok
	case "const":
		return oneOfTexts([]any{value}), true
	case "pattern":
		return patternCheck(value)
	case "format":
		return formatCheck(value)
	case "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "minProperties", "maxProperties":
		return limitCheck(keyword, value)
	case "properties", "additionalProperties":
		if keyword == "additionalProperties" && s["properties"] != nil {
			return nil, true // judged with properties
		}
		return q.members(s)
	case "propertyNames":
		return q.names(value)
	case "required":
		return requiredCheck(value), true
	case "dependentRequired":
		return dependentCheck(value)
	case "items":
		return q.items(s)
	case "uniqueItems":
		if value == true {
			return uniqueItems, true
		}
		return nil, true
	case "allOf", "anyOf", "oneOf":
		return q.combined(keyword, value)
	case "not":
		inner := q.schema(value)
		return func(n *source.Node) verdict { return negate(inner(n)) }, true
	case "if":
		return q.condition(s), true
	}
	return nil, slices.Contains(labels, keyword) || strings.HasPrefix(keyword, "x-")
}

func negate(v verdict) verdict {
	switch v {
	case valid:
		return invalid
	case invalid:
		return valid
	}
	return unsure
}

func (q *quickener) reference(value any) (quick, bool) {
	ref, _ := value.(string)
	if made, seen := q.refs[ref]; seen {
		return made, made != nil // a circle is left to the validator
	}
	target, ok := resolve(q.root, ref)
	if !ok || ref == "#" {
		return nil, false
	}
	q.refs[ref] = nil
	made := q.schema(target)
	q.refs[ref] = made
	return made, true
}

func typeCheck(value any) quick {
	list, isList := value.([]any)
	if !isList {
		list = []any{value}
	}
	var allowed [source.Map + 1]verdict
	for _, t := range list {
		switch t {
		case "null":
			allowed[source.Null] = valid
		case "boolean":
			allowed[source.Bool] = valid
		case "number":
			allowed[source.Number] = valid
		case "string":
			allowed[source.String] = valid
		case "array":
			allowed[source.List] = valid
		case "object":
			allowed[source.Map] = valid
		case "integer":
			if allowed[source.Number] == invalid {
				allowed[source.Number] = unsure // depends on the number
			}
		}
	}
	return func(n *source.Node) verdict {
		v := allowed[n.Kind()]
		if v == unsure && integer.MatchString(n.Text()) {
			return valid
		}
		return v
	}
}

// oneOfTexts is for enum and const: it is unsure about what is not text.
func oneOfTexts(list []any) quick {
	texts, others := map[string]bool{}, false
	for _, v := range list {
		if s, ok := v.(string); ok {
			texts[s] = true
		} else {
			others = true
		}
	}
	return func(n *source.Node) verdict {
		switch {
		case n.Kind() == source.String && texts[n.Text()]:
			return valid
		case n.Kind() == source.String || !others:
			return invalid
		}
		return unsure
	}
}

// onText is a check that passes whatever is not text.
func onText(check func(string) bool) quick {
	return func(n *source.Node) verdict {
		if n.Kind() == source.String && !check(n.Text()) {
			return invalid
		}
		return valid
	}
}

func patternCheck(value any) (quick, bool) {
	pattern, _ := value.(string)
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, false
	}
	return onText(re.MatchString), true
}

func formatCheck(value any) (quick, bool) {
	name, _ := value.(string)
	f, ok := formats[name]
	if !ok {
		return nil, false
	}
	return onText(func(s string) bool { return f.valid(s) }), true
}

// limitCheck is for the keywords that compare with a small whole number.
func limitCheck(keyword string, value any) (quick, bool) {
	number, _ := value.(json.Number)
	limit, err := strconv.ParseInt(string(number), 10, 64)
	if err != nil {
		return nil, false
	}
	least := strings.HasPrefix(keyword, "min")
	kind, size := measured(keyword)
	return func(n *source.Node) verdict {
		if n.Kind() != kind {
			return valid
		}
		got, ok := size(n)
		switch {
		case !ok:
			return unsure
		case least && got < limit || !least && got > limit:
			return invalid
		}
		return valid
	}, true
}

// measured says on what kind of value a limit is, and how to measure it.
func measured(keyword string) (source.Kind, func(*source.Node) (int64, bool)) {
	children := func(n *source.Node) (int64, bool) { return int64(len(n.Children())), true }
	switch keyword {
	case "minLength", "maxLength":
		return source.String, func(n *source.Node) (int64, bool) { return int64(utf8.RuneCountInString(n.Text())), true }
	case "minItems", "maxItems":
		return source.List, children
	case "minProperties", "maxProperties":
		return source.Map, children
	}
	return source.Number, func(n *source.Node) (int64, bool) {
		if !integer.MatchString(n.Text()) {
			return 0, false
		}
		i, err := strconv.ParseInt(n.Text(), 10, 64)
		return i, err == nil
	}
}

// members is for properties with additionalProperties.
func (q *quickener) members(s object) (quick, bool) {
	if s["patternProperties"] != nil {
		return nil, false
	}
	declared := map[string]quick{}
	for name, sub := range childMap(s, "properties") {
		declared[name] = q.schema(sub)
	}
	other := always(valid)
	if more, ok := s["additionalProperties"]; ok {
		other = q.schema(more)
	}
	return func(n *source.Node) verdict {
		if n.Kind() != source.Map {
			return valid
		}
		all := valid
		for _, c := range n.Children() {
			check, ok := declared[c.Name()]
			if !ok {
				check = other
			}
			switch check(c) {
			case invalid:
				return invalid
			case unsure:
				all = unsure
			}
		}
		return all
	}, true
}

// names is for propertyNames, of which it knows those that are a plain pattern.
func (q *quickener) names(value any) (quick, bool) {
	s, ok := value.(object)
	pattern, hasPattern := s["pattern"].(string)
	if !ok || !hasPattern || !only(s, labels, "type", "pattern", "patternErrorMessage") || s["type"] != nil && s["type"] != "string" {
		return nil, false
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, false
	}
	return func(n *source.Node) verdict {
		if n.Kind() != source.Map {
			return valid
		}
		for _, c := range n.Children() {
			if !re.MatchString(c.Name()) {
				return invalid
			}
		}
		return valid
	}, true
}

func requiredCheck(value any) quick {
	list, _ := value.([]any)
	return func(n *source.Node) verdict {
		if n.Kind() != source.Map {
			return valid
		}
		for _, v := range list {
			if name, _ := v.(string); n.Field(name) == nil {
				return invalid
			}
		}
		return valid
	}
}

func dependentCheck(value any) (quick, bool) {
	byField, ok := value.(object)
	checks := map[string]quick{}
	for name, list := range byField {
		checks[name] = requiredCheck(list)
	}
	return func(n *source.Node) verdict {
		if n.Kind() != source.Map {
			return valid
		}
		for _, c := range n.Children() {
			if check, ok := checks[c.Name()]; ok && check(n) == invalid {
				return invalid
			}
		}
		return valid
	}, ok
}

func (q *quickener) items(s object) (quick, bool) {
	if s["prefixItems"] != nil {
		return nil, false
	}
	item := q.schema(s["items"])
	return func(n *source.Node) verdict {
		if n.Kind() != source.List {
			return valid
		}
		all := valid
		for _, c := range n.Children() {
			switch item(c) {
			case invalid:
				return invalid
			case unsure:
				all = unsure
			}
		}
		return all
	}, true
}

// uniqueItems is unsure where an item holds a number: 1 and 1.0 are the same.
func uniqueItems(n *source.Node) verdict {
	if n.Kind() != source.List {
		return valid
	}
	type item struct {
		kind source.Kind
		text string
	}
	seen := make(map[item]bool, len(n.Children()))
	for _, c := range n.Children() {
		text := c.Text()
		if c.Kind() != source.String {
			if hasNumber(c) {
				return unsure
			}
			b, err := json.Marshal(c.Value()) // keys sorted
			if err != nil {
				return unsure
			}
			text = string(b)
		}
		if seen[item{c.Kind(), text}] {
			return invalid
		}
		seen[item{c.Kind(), text}] = true
	}
	return valid
}

func hasNumber(n *source.Node) bool {
	return n.Kind() == source.Number || slices.ContainsFunc(n.Children(), hasNumber)
}

func (q *quickener) combined(keyword string, value any) (quick, bool) {
	list, ok := value.([]any)
	checks := make([]quick, len(list))
	for i, s := range list {
		checks[i] = q.schema(s)
	}
	switch keyword {
	case "allOf":
		return both(checks), ok
	case "anyOf":
		return func(n *source.Node) verdict {
			counts := count(checks, n)
			switch {
			case counts[valid] > 0:
				return valid
			case counts[unsure] > 0:
				return unsure
			}
			return invalid
		}, ok
	}
	return func(n *source.Node) verdict {
		counts := count(checks, n)
		switch {
		case counts[unsure] > 0:
			return unsure
		case counts[valid] == 1:
			return valid
		}
		return invalid
	}, ok
}

func count(checks []quick, n *source.Node) (counts [unsure + 1]int) {
	for _, check := range checks {
		counts[check(n)]++
	}
	return counts
}

func (q *quickener) condition(s object) quick {
	test, then, otherwise := q.schema(s["if"]), always(valid), always(valid)
	if sub, ok := s["then"]; ok {
		then = q.schema(sub)
	}
	if sub, ok := s["else"]; ok {
		otherwise = q.schema(sub)
	}
	return func(n *source.Node) verdict {
		switch test(n) {
		case valid:
			return then(n)
		case invalid:
			return otherwise(n)
		}
		return unsure
	}
}

package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// object is a decoded JSON object. Numbers in it are json.Number.
type object = map[string]any

// model is the schema of one kind: as it is published, and ready to run.
type model struct {
	kind       Kind
	published  object // complete in itself: no reference leads out of it
	root       object // the one document from which all kinds of a Set run
	schema     object // the part of root for this kind
	quick      quick
	deprecates bool // whether any field in it is deprecated
}

// noun is what a value of this kind is called in a message.
func (m *model) noun() string {
	switch m.kind.Name {
	case portalKind:
		return "signpost.yaml"
	case documentKind:
		return "front matter"
	}
	return article(m.kind.Name) + " " + m.kind.Name
}

func article(noun string) string {
	if noun != "" && strings.ContainsRune("aeiouAEIOU", rune(noun[0])) {
		return "an"
	}
	return "a"
}

// validate returns nil if v satisfies the schema of a kind, the validator's account
// of what is wrong, or another error if the validator itself gave up.
func (s *Set) validate(kind string, v any) (failure *jsonschema.ValidationError, err error) {
	byKind, err := s.validators()
	if err != nil {
		return nil, err
	}
	return validate(byKind[kind], v)
}

func validate(schema *jsonschema.Schema, v any) (failure *jsonschema.ValidationError, err error) {
	defer recoverTo(&err)
	invalid := schema.Validate(v)
	if invalid == nil || errors.As(invalid, &failure) {
		return failure, nil
	}
	return nil, invalid
}

// errOutside refuses to load a schema from anywhere.
var errOutside = errors.New("a schema may refer only to parts of itself")

// newCompiler returns a compiler with our settings: formats are asserted, by our
// own functions where we have one, and nothing is ever loaded from disk or network.
func newCompiler() *jsonschema.Compiler {
	c := jsonschema.NewCompiler()
	c.Draft = jsonschema.Draft2020
	c.AssertFormat = true
	for name, f := range formats {
		c.Formats[name] = f.valid
	}
	c.LoadURL = func(string) (io.ReadCloser, error) { return nil, errOutside }
	return c
}

// compile makes the schemas at some places of a document ready to run; without
// any, the document itself. The validator panics on some schemas that it should
// refuse; that is an error like any other here.
func compile(address string, doc []byte, places ...string) (vs []*jsonschema.Schema, err error) {
	defer recoverTo(&err)
	c := newCompiler()
	if err := c.AddResource(address, bytes.NewReader(doc)); err != nil {
		return nil, err
	}
	if len(places) == 0 {
		places = []string{"#"}
	}
	for _, place := range places {
		v, err := c.Compile(address + place)
		if err != nil {
			return nil, err
		}
		vs = append(vs, v)
	}
	return vs, nil
}

func recoverTo(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("the validator broke off: %v", r)
	}
}

// encode writes JSON in the one form that is published: indented, keys sorted.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(v)
	return b.Bytes(), err
}

func decode(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return v, err
}

// pointerKeys splits a JSON pointer as the validator writes them, with the
// escapes of addresses on top of those of pointers.
func pointerKeys(pointer string) []string {
	if pointer == "" {
		return nil
	}
	keys := strings.Split(strings.TrimPrefix(pointer, "/"), "/")
	for i, k := range keys {
		if plain, err := url.PathUnescape(k); err == nil {
			k = plain
		}
		keys[i] = unescape.Replace(k)
	}
	return keys
}

var (
	unescape = strings.NewReplacer("~1", "/", "~0", "~")
	escape   = strings.NewReplacer("~", "~0", "/", "~1")
)

// pointer joins keys to a JSON pointer.
func pointer(keys ...string) string {
	var b strings.Builder
	for _, k := range keys {
		b.WriteByte('/')
		b.WriteString(escape.Replace(k))
	}
	return b.String()
}

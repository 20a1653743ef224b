package schema

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestCompileRefusesBadSchemas(t *testing.T) {
	tests := []struct{ name, schema, want string }{
		{"file", `{"$ref": "file:///etc/passwd"}`, `field f, at /schema/$ref: "file:///etc/passwd" leads out of the schema: a schema may refer only to parts of itself`},
		{"http", `{"items": {"$ref": "http://169.254.169.254/x"}}`, `field f, at /schema/items/$ref: "http://169.254.169.254/x" leads out of the schema: a schema may refer only to parts of itself`},
		{"relative", `{"$ref": "service.schema.json"}`, `field f, at /schema/$ref: "service.schema.json" leads out of the schema: a schema may refer only to parts of itself`},
		{"own id", `{"$id": "https://signpost.dev/schema/v1/service.schema.json"}`, `field f, at /schema/$id: $id may not be used here (parts of the schema go under $defs, and $ref: "#/$defs/name" leads there)`},
		{"anchor", `{"$dynamicRef": "#x"}`, `field f, at /schema/$dynamicRef: $dynamicRef may not be used here (parts of the schema go under $defs, and $ref: "#/$defs/name" leads there)`},
		{"other dialect", `{"$schema": "http://json-schema.org/draft-07/schema#"}`, `field f, at /schema/$schema: only draft 2020-12 of JSON Schema is supported (leave it out)`},
		{"nowhere", `{"$ref": "#/$defs/x"}`, `field f, at /schema/$ref: "#/$defs/x" leads nowhere`},
		{"circle", `{"$ref": "#/$defs/a", "$defs": {"a": {"items": {"$ref": "#/$defs/a"}}}}`, `field f, at /schema/$defs/a/items/$ref: "#/$defs/a" leads back to where it stands: an own schema may not refer to itself`},
		{"root circle", `{"properties": {"a": {"$ref": "#"}}}`, `field f, at /schema/properties/a/$ref: "#" leads back to where it stands: an own schema may not refer to itself`},
		{"hidden behind an unknown keyword", `{"$ref": "#/default", "default": {"$ref": "file:///etc/passwd"}}`, `field f, at /schema/$ref: "#/default" leads to what is no schema (put it under $defs)`},
		{"misspelt keyword", `{"type": "string", "minLenght": 3}`, `field f, at /schema/minLenght: "minLenght" is not a keyword of JSON Schema (draft 2020-12) (did you mean "minLength"?)`},
		{"misspelt type", `{"type": "strng"}`, `field f, at /schema/type: there is no type "strng" (did you mean "string"?)`},
		{"misspelt format", `{"format": "emial"}`, `field f, at /schema/format: there is no format "emial" (did you mean "email"?)`},
		{"pattern", `{"pattern": "("}`, "field f, at /schema/pattern: the pattern \"(\" cannot be read: missing closing )"},
		{"lookahead", `{"pattern": "(?=a)b"}`, "field f, at /schema/pattern: the pattern \"(?=a)b\" cannot be read: invalid or unsupported Perl syntax"},
		{"pattern of keys", `{"patternProperties": {"[": {}}}`, "field f, at /schema/patternProperties/[: the pattern \"[\" cannot be read: missing closing ]"},
		{"wrong value", `{"minLength": "3"}`, "field f, at /schema/minLength: expected integer, but got string"},
		{"wrong shape", `{"properties": []}`, "field f, at /schema/properties: expected object, but got array"},
		{"empty enum", `{"enum": []}`, "field f, at /schema/enum: the list is empty, so that no value would be right"},
		{"number", `{"minimum": 1e999999999}`, "field f, at /schema/minimum: the number is too large or too precise"},
		{"no map", `["string"]`, "field f, at /schema: the schema must be a map with the keywords of JSON Schema (for example type: string)"},
		{"two", `{"type": "x", "pattern": "("}`, "field f, at /schema/pattern: the pattern \"(\" cannot be read: missing closing )\nfield f, at /schema/type: there is no type \"x\" (one of array, boolean, integer, null, number, object, string)"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			v, err := decode([]byte(test.schema))
			if err != nil {
				t.Fatal(err)
			}
			_, err = Compile([]Field{{Name: "f", Schema: v}}, nil)
			var errs Errors
			if !errors.As(err, &errs) {
				t.Fatalf("got error %v, want Errors", err)
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

// A few references to references make a schema whose work doubles with each.
func TestCompileRefusesSchemasThatGrow(t *testing.T) {
	defs := object{"d0": object{"type": "string"}}
	for i := range 40 {
		ref := object{"$ref": "#/$defs/d" + string(rune('0'+i))}
		defs["d"+string(rune('1'+i))] = object{"allOf": []any{ref, ref}}
	}
	last := "#/$defs/d" + string(rune('0'+40))
	begin := time.Now()
	_, err := Compile([]Field{{Name: "f", Schema: object{"$ref": last, "$defs": defs}}}, nil)
	want := "field f, at /schema: the schema is too large: more than 2000 parts once references are followed"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestCompileRefusesWhatCannotBeDeclared(t *testing.T) {
	tests := []struct {
		name   string
		fields []Field
		kinds  []OwnKind
		want   []Error
	}{
		{
			"fields",
			[]Field{{Name: "Cost Centre"}, {Name: "a"}, {Name: "a"}, {Name: "b", Kinds: []string{"service", "sevrice"}}},
			nil,
			[]Error{
				{Field: "Cost Centre", Message: `the name "Cost Centre" must be letters and digits only, and begin with a lower-case letter`, Hint: "for example costCentre"},
				{Field: "a", Message: "it is declared twice"},
				{Field: "b", Pointer: "/kinds/1", Message: `there is no kind "sevrice"`, Hint: `did you mean "service"?`},
			},
		},
		{
			"kinds",
			nil,
			[]OwnKind{
				{Name: "service", Plural: "things"},
				{Name: "host", Plural: "search"},
				{Name: "Data", Plural: "apis"},
				{Name: "set", Plural: "set"},
				{Name: "box", Plural: "sets2", Relations: map[string]Relation{"owner": {}, "in": {To: []string{"boxx"}}, "Up": {}}},
				{Name: "box", Plural: "boxes", Schema: object{"type": "strong"}},
			},
			[]Error{
				{Kind: "service", Pointer: "/name", Message: `"service" is taken by the built-in kind service`, Hint: "choose another word"},
				{Kind: "host", Pointer: "/plural", Message: `"search" is reserved: the site or the catalog uses it for something else`, Hint: "choose another word"},
				{Kind: "Data", Pointer: "/name", Message: `"Data" must be lower-case letters, digits and hyphens, and begin with a letter`},
				{Kind: "Data", Pointer: "/plural", Message: `"apis" is taken by the built-in kind api`, Hint: "choose another word"},
				{Kind: "set", Pointer: "/plural", Message: "the plural must differ from the name", Hint: "choose another word"},
				{Kind: "box", Pointer: "/relations/Up", Message: "the name must be letters and digits only, and begin with a lower-case letter", Hint: "for example readBy"},
				{Kind: "box", Pointer: "/relations/in/to/0", Message: `there is no kind "boxx"`, Hint: `did you mean "box"?`},
				{Kind: "box", Pointer: "/relations/owner", Message: `every entity has a field "owner" already`, Hint: "choose another name"},
				{Kind: "box", Pointer: "/name", Message: `"box" is taken by the kind box`, Hint: "choose another word"},
				{Kind: "box", Pointer: "/schema/type", Message: `there is no type "strong"`, Hint: `did you mean "string"?`},
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Compile(test.fields, test.kinds)
			var errs Errors
			if !errors.As(err, &errs) {
				t.Fatalf("got error %v, want Errors", err)
			}
			var got []Error
			for _, e := range errs {
				got = append(got, *e)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCompileSurvivesStrangeData(t *testing.T) {
	for _, v := range []any{make(chan int), "text", 12, map[any]any{1: 2}, json.Number("x"), object{"properties": object{"$ref": object{"type": "string"}}}} {
		_, err := Compile([]Field{{Name: "f", Schema: v}}, nil)
		if m, ok := v.(object); ok {
			if err != nil {
				t.Errorf("%v: a property may be called $ref, but: %v", m, err)
			}
			continue
		}
		if err == nil || !strings.HasPrefix(err.Error(), "field f, at /schema") {
			t.Errorf("%v: got error %v, want one about field f", v, err)
		}
	}
}

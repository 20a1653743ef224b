package apispec

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/source"
)

// maxExample is how many bytes of an example are shown.
const maxExample = 8 << 10

// inline writes a value on one line, shortened; "" for none.
func inline(n *source.Node) string {
	switch n.Kind() {
	case source.List, source.Map:
		w := exampleWriter{limit: 200}
		w.node(n, 0)
		return shorten(w.b.String(), 200)
	case source.Null:
		return ""
	}
	return shorten(n.Text(), 200)
}

// pretty writes a value as JSON on several lines, in the order of the file. Text that is
// no JSON (XML, say) stays as it is.
func pretty(n *source.Node) string {
	if n.Kind() == source.String {
		return shorten(n.Text(), maxExample)
	}
	w := exampleWriter{indent: true, limit: maxExample}
	w.node(n, 0)
	return w.String()
}

// exampleWriter writes JSON up to a limit.
type exampleWriter struct {
	b      strings.Builder
	indent bool
	limit  int
	within []string // the named types that are being written
	other  string   // the access of fields that are left out
	tag    string   // the field of the next object that says which variant it is
	value  string   // what it says
}

func (w *exampleWriter) String() string {
	if w.b.Len() > w.limit {
		return w.b.String() + "\n… and more"
	}
	return w.b.String()
}

func (w *exampleWriter) line(depth int) {
	if w.indent {
		w.b.WriteByte('\n')
		w.b.WriteString(strings.Repeat("  ", depth))
	}
}

func (w *exampleWriter) text(s string) {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(s) == nil { // a text can always be written
		w.b.WriteString(strings.TrimSuffix(b.String(), "\n"))
	}
}

func (w *exampleWriter) key(name string) {
	w.text(name)
	w.b.WriteString(": ")
}

// members writes the parts of a list or map.
func (w *exampleWriter) members(open, end string, n, depth int, write func(i int)) {
	w.b.WriteString(open)
	for i := range n {
		if w.b.Len() > w.limit {
			return
		}
		if i > 0 {
			w.b.WriteByte(',')
			if !w.indent {
				w.b.WriteByte(' ')
			}
		}
		w.line(depth + 1)
		write(i)
	}
	if n > 0 {
		w.line(depth)
	}
	w.b.WriteString(end)
}

func (w *exampleWriter) node(n *source.Node, depth int) {
	all := n.Children()
	switch n.Kind() {
	case source.Map:
		w.members("{", "}", len(all), depth, func(i int) {
			w.key(all[i].Name())
			w.node(all[i], depth+1)
		})
	case source.List:
		w.members("[", "]", len(all), depth, func(i int) { w.node(all[i], depth+1) })
	case source.String:
		w.text(n.Text())
	case source.Null:
		w.b.WriteString("null")
	default:
		w.b.WriteString(n.Text())
	}
}

// How much of a schema an example that we make goes into.
const (
	exampleDepth  = 4
	exampleFields = 24
)

// Made makes an example of a schema; "" if there is nothing to show.
func (s *Spec) Made(x *Schema) string { return s.madeWithout(x, "") }

// madeWithout is Made without the fields that have an access, such as "read only".
func (s *Spec) madeWithout(x *Schema, other string) string {
	w := exampleWriter{indent: true, limit: maxExample, other: other}
	s.made(&w, x, "", 0, 0)
	if text := w.String(); text != "null" && text != "{}" && text != "[]" {
		return text
	}
	return ""
}

// made writes an example of a schema. written says which values a field of a name has.
func (s *Spec) made(w *exampleWriter, x *Schema, name string, depth, nested int) {
	given := "" // where a type is named, what it is there if it is not given
	for x != nil && x.Ref != "" {
		given = cmp.Or(given, x.Default)
		t := s.byID[x.Ref]
		if t == nil || nested > 2*exampleDepth {
			w.b.WriteString("null")
			return
		}
		if slices.Contains(w.within, t.ID) { // once is enough to see how it goes on
			w.b.WriteString("{}")
			return
		}
		w.within = append(w.within, t.ID)
		defer func() { w.within = w.within[:len(w.within)-1] }()
		x, nested = t.Schema, nested+1
	}
	switch {
	case x == nil:
		w.b.WriteString("null")
	case x.Example != "" && isScalar(x):
		w.scalar(x.Kind, x.Example)
	case (given != "" || x.Default != "") && isScalar(x):
		w.scalar(x.Kind, cmp.Or(given, x.Default))
	case len(x.Enum) > 0:
		i := max(slices.IndexFunc(x.Enum, func(v Value) bool { return !v.Deprecated }), 0)
		w.scalar(x.Kind, x.Enum[i].Name)
	case x.Kind == "array":
		if depth >= exampleDepth || x.Items == nil {
			w.b.WriteString("[]")
			return
		}
		w.members("[", "]", 1, depth, func(int) { s.made(w, x.Items, name, depth+1, nested) })
	case x.Kind == "map":
		if depth >= exampleDepth {
			w.b.WriteString("{}")
			return
		}
		w.members("{", "}", 1, depth, func(int) {
			w.key(cmp.Or(sampleKeys[x.Format], "key"))
			s.made(w, x.Items, "", depth+1, nested)
		})
	case x.Kind == "object" || len(x.Fields) > 0 || x.Combine == "all of":
		fields := s.AllFields(x)
		if w.other != "" {
			fields = slices.DeleteFunc(slices.Clone(fields), func(f Field) bool { return s.Described(f.Schema).Access == w.other })
		}
		fields = slices.DeleteFunc(oneOfEach(fields), func(f Field) bool { return !f.Required && w.again(f.Schema) })
		fields = fields[:min(len(fields), exampleFields)]
		if depth >= exampleDepth {
			fields = nil
		}
		tag := w.tag
		w.tag = ""
		w.members("{", "}", len(fields), depth, func(i int) {
			w.key(fields[i].Name)
			if tag != "" && fields[i].Name == tag {
				w.text(w.value)
				return
			}
			s.made(w, fields[i].Schema, fields[i].Name, depth+1, nested)
		})
	case len(x.Variants) > 0:
		if len(x.Tags) > 0 {
			w.tag, w.value = x.Tag, x.Tags[0]
		}
		s.made(w, x.Variants[0], name, depth, nested+1)
	default:
		w.plain(x, name)
	}
}

// again reports whether a value holds the type that is being written already: an example ends
// there.
func (w *exampleWriter) again(x *Schema) bool {
	for x.Items != nil {
		x = x.Items
	}
	return x.Ref != "" && slices.Contains(w.within, x.Ref)
}

// sampleKeys are the keys of maps that are no text, of protobuf, by what they are.
var sampleKeys = func() map[string]string {
	keys := map[string]string{"bool": "true"}
	for kind := range scalars {
		if strings.Contains(kind, "int") || strings.Contains(kind, "fixed") {
			keys[kind] = "1"
		}
	}
	return keys
}()

// oneOfEach leaves out fields of which another is there already.
func oneOfEach(fields []Field) []Field {
	taken := map[string]bool{}
	var kept []Field
	for _, f := range fields {
		if f.OneOf == "" || !taken[f.OneOf] {
			kept = append(kept, f)
		}
		taken[f.OneOf] = true
	}
	return kept
}

func isScalar(x *Schema) bool {
	return x.Items == nil && len(x.Fields) == 0 && x.Combine == "" && x.Kind != "object" && x.Kind != "array"
}

// scalar writes a value that is given as text.
func (w *exampleWriter) scalar(kind, text string) {
	if kind != "string" && kind != "" && json.Valid([]byte(text)) && !strings.ContainsAny(text, "{[") {
		w.b.WriteString(text)
		return
	}
	w.text(text)
}

// sampled are values for formats.
var sampled = map[string]string{
	"date-time": "2026-01-31T09:30:00Z", "date": "2026-01-31", "time": "09:30:00", "uuid": "3fa85f64-5717-4562-b3fc-2c963f66afa6",
	"email": "name@example.com", "uri": "https://example.com/", "url": "https://example.com/", "hostname": "example.com", "ipv4": "192.0.2.1",
	"byte": "U2lnbnBvc3Q=", "binary": "…", "duration": "PT15M",
}

func (w *exampleWriter) plain(x *Schema, name string) {
	if x.sample != "" {
		w.b.WriteString(x.sample)
		return
	}
	switch x.Kind {
	case "bytes":
		w.text(sampled["byte"])
	case "integer", "number", "Int", "Float", "int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32", "fixed64", "sfixed32", "sfixed64", "double", "float":
		w.b.WriteString("0")
	case "boolean", "Boolean", "bool":
		w.b.WriteString("true")
	case "":
		w.b.WriteString("null")
	default:
		if text, ok := sampled[x.Format]; ok {
			w.text(text)
			return
		}
		if name == "" {
			name = "string"
		}
		w.text(name)
	}
}

// AllFields returns the fields of an object with those of the types that it is made of. Of
// objects with thousands of fields only the first are returned.
func (s *Spec) AllFields(x *Schema) []Field {
	if x != nil && x.Ref == "" && x.Combine != "all of" {
		return x.Fields[:min(len(x.Fields), maxValues)]
	}
	c := fieldCollector{at: map[string]int{}}
	s.collect(&c, x, 0)
	c.require(c.must)
	return c.all
}

// fieldCollector collects fields by name; of two of one name the later counts.
type fieldCollector struct {
	all  []Field
	at   map[string]int
	must []string
}

// require marks fields as required.
func (c *fieldCollector) require(names []string) {
	for _, name := range names {
		if i, ok := c.at[name]; ok {
			c.all[i].Required = true
		}
	}
}

func (c *fieldCollector) add(f Field) {
	if i, ok := c.at[f.Name]; ok {
		f.Required = f.Required || c.all[i].Required
		c.all[i] = f
		return
	}
	if len(c.all) < maxValues {
		c.at[f.Name] = len(c.all)
		c.all = append(c.all, f)
	}
}

func (s *Spec) collect(c *fieldCollector, x *Schema, depth int) {
	if x == nil || depth > maxDepth || len(c.all) >= maxValues {
		return
	}
	if t := s.byID[x.Ref]; t != nil {
		s.collect(c, t.Schema, depth+1)
		return
	}
	if x.Combine == "all of" {
		for _, v := range x.Variants {
			s.collect(c, v, depth+1)
		}
	}
	for _, f := range x.Fields {
		c.add(f)
	}
	c.must = append(c.must, x.Must...)
}

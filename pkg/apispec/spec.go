package apispec

import "strings"

// Family is what language a description is written in.
type Family string

// The families.
const (
	OpenAPI  Family = "openapi"
	AsyncAPI Family = "asyncapi"
	GraphQL  Family = "graphql"
	Protobuf Family = "protobuf"
)

// Spec is a description of an interface. All lists are in the order of the file. It is
// read-only once made.
type Spec struct {
	Family      Family
	Format      string // "OpenAPI 3.1", "GraphQL", "Protocol Buffers 3"
	Title       string
	Version     string
	Description string // Markdown
	Servers     []Server
	Auth        []Auth
	Groups      []*Group
	Types       []*Type

	byID map[string]*Type
}

// Server is where the interface can be reached.
type Server struct {
	URL         string      // with its variables at their defaults
	Variables   []Parameter // what may stand in it instead
	Description string
	Protocol    string   // "kafka", of AsyncAPI; may be empty
	Auth        []string // as of an operation
}

// Auth is a way to say who is calling.
type Auth struct {
	ID          string   // by which operations name it
	Words       string   // "Bearer token (JWT)", "API key in header X-Key"
	Description string   // Markdown
	URLs        []string // where tokens are to be had, or where that is said
	Scopes      []Value  // of OAuth 2

	kind, in, name string // "http bearer", "apiKey"; where a key is put, and under which name
}

// Group is the operations that stand together: a tag, a service, a root type.
type Group struct {
	ID          string // unique in the spec; letters, digits and - . _ only
	Title       string
	Description string // Markdown
	Operations  []*Operation
}

// Operation is one thing that can be asked for or that is told.
type Operation struct {
	ID          string // anchor, unique in the spec and beginning with "op-"
	Name        string // operationId, or the name of a field or rpc; may be empty
	Method      string // "GET", "send", "query", "rpc"
	Path        string // "/payments/{id}", a channel, a field, "Ledger/Post"
	Server      string // where it is to be asked for, if that is none of those of the description; else empty
	Summary     string
	Description string // Markdown
	Deprecated  bool
	Auth        []string // one entry for each way in, in words; "none" among them says that nobody need say who calls
	Parameters  []Parameter
	Request     *Payload  // nil for none
	Responses   []Payload // in OpenAPI by status
	Bindings    []Binding // of AsyncAPI
	Command     string    // a call to copy, for a POSIX shell; may be empty
	Query       string    // GraphQL: a document to copy
	File        string    // path in the tree of the file that it stands in, if that is another one than the description's
	Line        int       // where it stands in the file, from 1; 0 if that is not known
}

// Binding is what a message system is told beside.
type Binding struct {
	Of       string // "channel", "operation", "message placed"
	Protocol string
	Settings []string // "partitions 3"
}

// calledBack reports whether the described service makes the call itself.
func (o *Operation) calledBack() bool { return o.Method == "webhook" || o.Method == "callback" }

// Title is what an operation is called in lists.
func (o *Operation) Title() string { return strings.TrimSpace(o.Method + " " + o.Path) }

// Parameter is a value that a caller gives beside the body.
type Parameter struct {
	Name        string
	In          string // path, query, header, cookie, argument
	Required    bool
	Deprecated  bool
	Description string // Markdown
	Schema      *Schema
	Example     string

	style   string // of OpenAPI: how lists and maps are written; "content" as the text that they are
	explode bool   // each part of them by itself
	media   string // as what the text is written
}

// Payload is what is sent or comes back.
type Payload struct {
	Name        string // the status ("201", "default"), or the name of a message
	Description string // Markdown
	Required    bool
	Stream      bool     // any number of them
	Notes       []string // "correlated by $message.header#/id"
	Headers     []Parameter
	Bodies      []Body
}

// Body is a payload in one media type.
type Body struct {
	Media   string // "application/json"; may be empty
	Schema  *Schema
	Example string         // as text; may be empty
	Made    bool           // the example was made from the schema
	Named   []NamedExample // if several are given: all of them, Example being the first
}

// NamedExample is one of several examples.
type NamedExample struct{ Name, Text string }

// Type is a named type.
type Type struct {
	ID          string // anchor, unique in the spec and beginning with "type-"
	Name        string
	Kind        string // "object", "enum", "message", "input", "interface", …
	Description string // Markdown
	Deprecated  bool
	Is          []string // interfaces of GraphQL that it implements
	Schema      *Schema
	File        string // as of an operation
	Line        int
}

// Schema says what a value may be. Of a reference only Ref, Description and Nullable are
// set.
type Schema struct {
	Ref         string // ID of a named type
	Kind        string // "object", "array", "map", "string", "integer", …; empty for anything
	Format      string // "uuid", "date-time"; of a map of protobuf, what its keys are, if not text
	Nullable    bool
	Deprecated  bool
	Access      string // "read only", "write only"; empty for both
	Description string // Markdown
	Default     string
	Example     string
	Limits      []string // in words: "at most 100", "pattern ^[A-Z]{3}$"
	Enum        []Value
	Fields      []Field   // of an object, in order
	Items       *Schema   // of an array, and the values of a map
	Combine     string    // "all of", "any of", "one of": how Variants are to be taken
	Variants    []*Schema // besides Fields
	Must        []string  // fields that have to be there, and that a variant describes
	Tag         string    // the field that says which variant it is
	Tags        []string  // its value for each of Variants
	sample      string    // an example in JSON, of a type that is described elsewhere
	Cut         bool      // there is more inside, which a limit has left out
}

// Value is one value of an enumeration.
type Value struct {
	Name        string
	Description string // Markdown
	Deprecated  bool
	Number      string // of protobuf; else empty
}

// Field is a member of an object.
type Field struct {
	Name     string
	Required bool
	Number   int         // of protobuf; 0 for none
	OneOf    string      // name of the protobuf group of which one field is set; may be empty
	Args     []Parameter // of a GraphQL field
	*Schema
}

// Type returns a named type by its ID, or nil.
func (s *Spec) Type(id string) *Type { return s.byID[id] }

// Operations returns all operations.
func (s *Spec) Operations() []*Operation {
	var all []*Operation
	for _, g := range s.Groups {
		all = append(all, g.Operations...)
	}
	return all
}

// addType adds a named type under an ID that is still free.
func (s *Spec) addType(t *Type) {
	if s.byID == nil {
		s.byID = map[string]*Type{}
	}
	t.ID = unique("type-"+slug(t.Name), func(id string) bool { return s.byID[id] != nil })
	s.byID[t.ID] = t
	s.Types = append(s.Types, t)
}

// Words says in a few words what a schema is, with named types by their names:
// "array of Payment", "string (uuid)".
func (s *Spec) Words(x *Schema) string { return s.words(x, 0) }

func (s *Spec) words(x *Schema, depth int) string {
	switch {
	case x == nil || depth > maxDepth:
		return "any value"
	case x.Ref != "":
		if t := s.byID[x.Ref]; t != nil {
			return t.Name
		}
		return "unknown type"
	case x.Kind == "array":
		return "array of " + s.words(x.Items, depth+1)
	case x.Kind == "map":
		words := "map of " + s.words(x.Items, depth+1)
		if x.Format != "" { // what its keys are
			words += " by " + x.Format
		}
		return words
	case x.Kind == "" && x.Combine != "" && len(x.Fields) == 0:
		if len(x.Variants) > 4 {
			return x.Combine + " " + count(len(x.Variants), "type")
		}
		names := make([]string, len(x.Variants))
		for i, v := range x.Variants {
			names[i] = s.words(v, depth+1)
		}
		joint := " or "
		if x.Combine == "all of" {
			joint = " and "
		}
		return strings.Join(names, joint)
	case x.Kind == "" && len(x.Fields) > 0:
		return "object"
	case x.Kind == "" && len(x.Enum) > 0:
		return "enum"
	case x.Kind == "" && len(x.Must) > 0:
		return "one with " + strings.Join(x.Must, " and ")
	case x.Kind == "":
		return "any value"
	case x.Format != "":
		return x.Kind + " (" + x.Format + ")"
	}
	return x.Kind
}

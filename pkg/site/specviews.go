package site

import "html/template"

// SpecView is a page about the interface of an API: api.html. A small interface has one
// page; of a large one the first has an overview, and the others groups of operations and
// types.
type SpecView struct {
	Head
	Body       template.HTML // what the description says of itself; on the first page
	Servers    []SpecServer
	Auth       []SpecAuth
	Operations []OperationGroup // what there is, in tables
	Groups     []SpecGroup      // groups of operations that have pages of their own, if there are too many to list here
	TypePages  []Link           // pages of types of a large interface
	Details    []OperationView  // operations in full
	Types      []TypeView
	Changes    []ChangesLink
	Contents   []Link // beside the text
	Pages      []Link // the parts of a large interface; the present one has no Href
	Findings   []Finding
	Edit       Link
}

// SpecServer is where an interface can be reached.
type SpecServer struct {
	URL, Description string
	Auth             []string
	Variables        []FieldView // what may stand in the URL instead
}

// SpecAuth is a way to say who is calling.
type SpecAuth struct {
	ID, Words   string
	Description template.HTML
	URLs        []string // where tokens are to be had
	Scopes      []ValueView
}

// SpecGroup is a group of operations in the overview of a large interface.
type SpecGroup struct {
	Link Link
	N    int
}

// OperationGroup is operations that stand together, as a table.
type OperationGroup struct {
	Title       string
	Description template.HTML
	Rows        []OperationRow
}

// OperationRow is one operation in a table.
type OperationRow struct {
	Method     string
	Tone       string // class of the method: read, write, change, remove, send, call
	Link       Link   // to the operation in full; its text is the path
	Summary    string
	Deprecated bool
}

// OperationView is an operation in full.
type OperationView struct {
	OperationRow
	ID          string
	Name        string // operationId; may be empty
	Title       string // what it does, or its name
	Description template.HTML
	Server      string       // where it is, if not where the others are
	Auth        []string     // ways in, of which one is enough
	Parameters  []FieldGroup // by where they stand
	Request     *PayloadView // nil for none
	Answers     string       // "What comes back", "Messages"
	Responses   []PayloadView
	Code        []CodeView // to copy, and to compare with
	Source      Link       // to the line in the repository; may be empty
}

// FieldGroup is fields with a title.
type FieldGroup struct {
	Title string
	Rows  []FieldView
}

// PayloadView is what is sent or comes back.
type PayloadView struct {
	Title       string // "Request body", a message's name; empty for a response
	Status      string // "201"
	Tone        State  // shape of the status; empty for none
	Required    bool
	Description template.HTML
	Notes       []string // "correlated by $message.header#/id"
	Headers     []FieldView
	Bodies      []BodyView
}

// BodyView is a payload in one media type.
type BodyView struct {
	Media string
	Type  []Link
	Notes []string // "at most 100 items"
	Shape
}

// Shape is what is inside of a type.
type Shape struct {
	Fields []FieldView
	Values []ValueView // of an enumeration
	More   string      // what was left out: "12 more fields"; empty for nothing
}

// ValueView is a value of an enumeration.
type ValueView struct {
	Name        string
	Description template.HTML
	Deprecated  bool
}

// FieldView is a parameter or a member of an object.
type FieldView struct {
	Name        string
	Type        []Link // parts of its type in words: "array of ", "Payment"
	Need        string // "required", "never null"; empty if it may be left out
	Deprecated  bool
	Notes       []string // "at most 100", "default 20"
	Description template.HTML
	Inner       Shape // what is nested in it, without a name of its own
}

// HasInner reports whether there is anything nested.
func (f FieldView) HasInner() bool { return len(f.Inner.Fields)+len(f.Inner.Values) > 0 }

// CodeView is code to copy, or an example to compare with.
type CodeView struct {
	Title string // "Request", "Response 201"
	Note  string // "made from the schema"; may be empty
	HTML  template.HTML
}

// TypeView is a named type in full.
type TypeView struct {
	ID, Name, Kind string
	Deprecated     bool
	Description    template.HTML
	Type           []Link // what it is, if that is no object
	Notes          []string
	Shape
	Source Link
}

// ChangesLink leads to what changed from or to another API.
type ChangesLink struct {
	Link     Link
	Breaking int
	N        int
}

// InterfaceView is what the page of an API shows of its operations.
type InterfaceView struct {
	Groups  []OperationGroup
	More    Link // to the page of all of it
	Format  string
	Changes []ChangesLink
}

// Package docs turns the Markdown files of a catalog into pages: it finds out
// what each document is and to which entity it belongs, checks its links, and
// renders it to safe HTML.
//
// The work has two passes, so that a catalog with tens of thousands of documents
// need not be held in memory. [Load] reads every file once, in a shallow way, and
// keeps what other pages need to know of it: kind, title, home, site path. Then
// [Set.Parse] and [Parsed.Render] take one document after the other, or several
// at once; of a parsed document only its small [Scan] has to be kept, for
// [Set.CheckLinks] at the end.
//
// Everything in a document is hostile. Nothing in it chooses code: there is no
// configuration, no attribute syntax and no plug-in. What it may cost is bounded
// (see limits.go), and what it may put on a page is decided by pkg/safehtml.
//
// The package does not know the catalog: what it must ask of it is [Homes].
package docs

import (
	"path"
	"strings"

	"github.com/signpost-dev/signpost/pkg/cache"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/source"
)

// Kind is what a document is for.
type Kind string

// The kinds of documents.
const (
	Runbook    Kind = "runbook"
	Playbook   Kind = "playbook"
	ADR        Kind = "adr"
	Postmortem Kind = "postmortem"
	Guide      Kind = "guide"
)

// folderKinds says what lies in a folder of a name.
var folderKinds = map[string]Kind{
	"runbooks":    Runbook,
	"playbooks":   Playbook,
	"adr":         ADR,
	"adrs":        ADR,
	"decisions":   ADR,
	"postmortems": Postmortem,
}

// Document is what other pages need to know of one Markdown file.
type Document struct {
	File  string // path in the tree
	Name  string // path from the root of the repository, as reports show it
	Kind  Kind
	Title string
	Front *source.Node // the front matter; nil if there is none
	About []Home       // the entities it belongs to, its home first; empty for an orphan
	Page  string       // site path of its page; empty for an orphan, and for one that is elsewhere

	URL  string // of a document that is elsewhere; empty for a file of the tree
	Host string // of that address: "wiki.example.com"

	Decision *Decision // of a decision record; nil for all others

	Place    int      // in the navigation of a book of MkDocs, from 1; 0 if it has none
	Sections []string // above it there, from the widest

	Silences []diag.Silence // comments in it that silence findings

	Digest cache.Digest // of its file, if anything is kept for the next run

	file     source.File
	book     *book             // nil for all but documents of MkDocs
	ownTitle string            // the title that it says itself; empty if its file's name has to do
	record   record            // what the text of a decision says of itself
	found    []diag.Diagnostic // in its head
	kept     string            // see Set.Recall

	text   []byte // of its file, if Load was told to keep it, until Read has returned it
	piece  bool   // it is text that stands in another file; see Set.Fragment
	titled bool   // the title is a heading of level 1 in the text, which the page shows already
}

// Home is an entity that documents can belong to.
type Home struct {
	Ref  string // canonical reference, such as "service:payments-api"
	Page string // site path of its page, such as "services/payments-api.html"
}

// Homes is what documents ask of the catalog. The methods are called from
// several goroutines at once and must answer alike each time.
type Homes interface {
	// Folder returns the entity that a folder of the tree itself belongs to
	// ("" is the root of the tree).
	Folder(dir string) (Home, bool)
	// Find returns the entity that a reference in the front matter of a document
	// names, and for one that does not exist the nearest that does, or "". The
	// reference is to be read as if it stood in near, which is the zero Home for
	// a document that lies in no entity's folder.
	Find(ref string, near Home) (home Home, nearest string, ok bool)
	// Mentioned returns the entity that a reference with a kind names, read as if it stood
	// in near. It is asked at every word that looks like one.
	Mentioned(ref string, near Home) (Home, bool)
	// Kinds returns the words for kinds with which references begin.
	Kinds() []string
	// Descriptor returns the page of the first entity that a file describes.
	Descriptor(file string) (page string, ok bool)
}

// kindOf decides what a document is: as its front matter says, otherwise by the
// nearest folder with a telling name. An unknown kind in the front matter is
// reported by the schema and counts as none here.
func kindOf(front *source.Node, file string) Kind {
	switch k := Kind(front.Field("kind").Text()); k {
	case Runbook, Playbook, ADR, Postmortem, Guide:
		return k
	}
	for dir := path.Dir(file); dir != "." && dir != "/"; dir = path.Dir(dir) {
		if k, ok := folderKinds[strings.ToLower(path.Base(dir))]; ok {
			return k
		}
	}
	return Guide
}

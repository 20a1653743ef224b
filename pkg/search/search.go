// Package search makes the index that finds entities and documents, and reads it.
//
// The index is a folder of small static files that a browser loads as classic
// scripts when it needs them, from any web server or from a disk:
//
//	search/index.js           the entry: kinds, constants of the ranking, names of the other files
//	search/c/0-HASH.js        columns of up to 10,000 entities; finds them and fills the lists
//	search/f/0-HASH.js        of a kind in several column files, which values stand in which
//	search/d/0-HASH.js        descriptions, channels and runbooks of 250 entities
//	search/text-HASH.js       the directory of the full-text half, loaded with the first query for text
//	search/t/0-HASH.js        terms in alphabetical order with their postings
//	search/p/0-HASH.js        titles, headings and excerpts of 64 documents
//	search/m/0-HASH.js        kind, entity and owner of 25,000 documents, loaded for filters
//
// A [Builder] takes entities and documents and yields those files. An [Index] reads
// them, as the browser does with site-templates/ts/search.ts; both rank alike,
// because scores are whole numbers and their constants travel in the entry. The
// package knows nothing of catalogs, pages or Markdown: callers hand it words.
package search

// Entity is what can be found about one entity and shown in a hit or a list.
// References are names as a reader would type them (`payments`, `infra/payments`).
type Entity struct {
	URL         string // of its page, relative to the site's root
	Kind        string
	KindTitle   string // the kind in words: "Service"
	Namespace   string // empty in the default namespace
	Name        string
	Title       string
	Aliases     []string
	Description string

	Owner      string // name of the team
	OwnerTitle string // empty if the team has no title
	OnCall     string // name of the rotation; empty if nobody is on call
	Channel    string // as people write it: "#payments"
	ChannelURL string
	Runbook    string // URL of the main runbook, absolute or relative to the site's root

	Tier      string // "1" to "4", or empty
	Lifecycle string
	Type      string
	Language  string
	System    string
	Domain    string
	Tags      []string
	Gaps      []string            // what is missing, in the words of the lists' facet: "owner", "runbook"
	Fields    map[string][]string // the organisation's own fields by name
}

// Document is a page of prose: a runbook, a decision, a guide.
type Document struct {
	URL       string // relative to the site's root; unique
	Title     string
	Kind      string // runbook, adr, …
	KindTitle string // the kind in words: "Runbook"
	Entity    string // URL of the entity that it is about; may be empty
	Owner     string // name of the team, where it is not the entity's owner
	Sections  []Section
}

// Section is a heading with the text below it, up to the next heading. The first
// section of a document may have no heading.
type Section struct {
	ID      string // anchor of the heading; empty for none
	Heading string
	Text    string // plain text
}

// The sources of a hit.
const (
	FromEntity   = "entity"
	FromDocument = "document"
)

// Hit is one answer to a query.
type Hit struct {
	Source     string // FromEntity or FromDocument
	Kind       string
	KindTitle  string
	Name       string // of the entity; empty for a document
	Title      string
	URL        string // relative to the site's root; with the matched section's anchor for a document
	Owner      string
	OwnerTitle string
	OnCall     string // rotation
	Channel    string
	Tier       string
	Lifecycle  string
	Heading    string // of the section that matched best
	Excerpt    string // beginning of that section, or the entity's description
	Score      int
}

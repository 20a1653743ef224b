package site

import (
	"html/template"
	"slices"
	"time"
)

// The structs in this file are what templates see. They are a public contract:
// whoever overrides a template relies on these names and meanings.
//
// All of them share these rules. An empty text, a nil pointer or an empty list
// means that there is nothing to show, and the template leaves its box out. Every
// Href is ready for use on the page it stands on: relative to it, or a full URL;
// an empty one makes plain text. Texts are plain text and are escaped when drawn;
// only template.HTML holds markup, and only package safehtml makes it.

// Site is what all pages share.
type Site struct {
	Title        string    // of the portal, shown in the header
	Organisation string    // longer name for page titles; may be empty
	BaseURL      string    // where the site will stand, with a trailing slash; empty if unknown
	Nav          []NavItem // only lists that have something in them
	Rotations    string    // path from the site's root of the data file "oncall" (see ShiftsOf); empty if there are no rotations
}

// NavItem is a way to one of the site's lists.
type NavItem struct {
	Title string `json:"title"`          // "Services"
	Path  string `json:"path"`           // from the site's root: "services/index.html"
	Key   string `json:"key,omitempty"`  // letter that goes there after "g": "s"; empty for none
	More  bool   `json:"more,omitempty"` // stands in the "More" menu, not in the bar
}

// Page is one file of the site, worked out but not yet drawn.
type Page struct {
	Path        string // output path, slash-separated, from the site's root
	Template    string // file in site-templates/pages: "entity.html"
	Title       string // of the document, without the portal's title
	Description string // one sentence for link previews; may be empty
	Section     string // Path of the NavItem that the page belongs to; may be empty
	Feeds       []Link // feeds (Atom) of what the page shows, with their titles
	Rooted      bool   // links its assets from the root of the host, not relative to itself: 404.html
	Data        any    // the template's own view: EntityView, TeamView, …
}

// Link is a way to a page of the site or to a place outside.
type Link struct {
	Text string
	Href string // empty for plain text
}

// Fact is a short statement: "Tier 1", "Also called pay, billing-api".
type Fact struct {
	Title  string
	Help   string // what the title means, in a sentence; may be empty
	State  State  // shape before the values; empty for none
	Values []Link // at least one
}

// State is one of the four shapes, or empty for none: good, warning, bad, unknown.
type State string

// The states. A finding of severity error is Bad, a warning Warns, an info is Noted.
const (
	Good    State = "good"
	Warns   State = "warning"
	Bad     State = "bad"
	Unknown State = "unknown"
	Noted   State = "info"
)

// Notice is something to know before reading on: deprecated, overdue, broken.
type Notice struct {
	State  State
	Title  string    // "Deprecated", "Not verified for 212 days"
	Text   string    // may be empty
	When   time.Time // day it concerns; zero for none
	Action Link      // the way onward: the successor, the line to mend
}

// Head is the title block of a page.
type Head struct {
	Kind        string // "Service", in the singular, as people call it
	Title       string
	Description string
	Crumbs      []Link // from the widest to the nearest, without the page itself
	Facts       []Fact // tier, lifecycle, type, other names: what fits in two lines
	Notices     []Notice
	Live        string // what scripts find newer facts by: see livePart; empty if live systems say nothing of it
	Readings    Link   // to the same for readers without scripts; empty likewise
}

// Blade is one arm of the fingerpost: a way to somebody or to something.
type Blade struct {
	// Answer is the question that the blade answers: owner, oncall, oncall-next (who is
	// called if nobody answers), channel, page, runbook, repo, dashboard, member, email.
	Answer string
	Label  string // "Owner", "Main runbook"
	Text   string // whom or what it leads to: "Payments", "#payments"
	Note   string // more about it: "6 people"; may be empty
	// Verified is the day on which it was last confirmed; zero if that is not known.
	Verified time.Time
	Href     string
	Main     bool // the one that helps most right now, drawn filled; at most one on a post
	// Missing is the field that would give the answer, "oncall"; empty if there is
	// one. The blade is drawn dashed; Text then says what is missing ("No on-call
	// rotation") and Href leads to the line to mend.
	Missing string
	// Wrong says that the field Missing is written, but leads nowhere; Text then says
	// why ("team:platfom does not exist").
	Wrong bool
	// Shared says that other pages show the same blade, so that it is worth keeping
	// once it is drawn.
	Shared bool
	OnCall *OnCall // of the blade that says who is on call; nil if the answer is not a rotation
	Told   Told    // which system outside says so; empty for what the catalog says
}

// IsTold reports whether a system outside says so.
func (b Blade) IsTold() bool { return b.Told != Told{} }

// OnCall is a rotation, worked out for the days to come. The browser picks the
// present shift; without scripts the page shows Name and the table of shifts. Pages
// that lie equally deep share it, so it is never changed.
type OnCall struct {
	Name   string // of the rotation: "Payments primary"
	Zone   string // IANA name of the zone in which handovers happen
	Alone  bool   // one person takes every turn, so that no shift has an end
	Shifts []Shift
}

// Rotation is a rotation as a page shows it in full.
type Rotation struct {
	*OnCall
	ID   string // anchor on the page, beginning with "sp-"
	Page string // URL that pages whoever is on call; may be empty
	// Calendar is the way to the shifts as a calendar; may be empty.
	Calendar string
	// Personal says that the shifts are those of one person, with gaps between them.
	Personal bool
	// Brief says that the rotation is another's, whose page shows more of it.
	Brief bool
}

// Shift is one turn of duty. Its times are absolute, in the rotation's zone.
type Shift struct {
	From, To time.Time
	Person   Link
	Override bool // out of turn
	Note     string
}

// Post is the fingerpost with the tables of shifts that it leads to.
type Post struct {
	Blades    []Blade
	Rotations []Rotation // shown in full under "On call"
	Levels    []Level    // who is on call by a system outside, shown in the same way
}

// Extras is what stands at the end of every page about an entity.
type Extras struct {
	Documents []DocumentGroup
	Contacts  []Contact
	Fields    []Fact // the organisation's own fields
	Links     []LinkRow
	Metadata  []Fact // labels, annotations, where it was imported from: folded
	Findings  []Finding
	Changed   *Change
	Edit      Link // "Edit service.yaml", to the entity's first line
}

// DocumentGroup is the documents of one kind.
type DocumentGroup struct {
	Title string // "Runbooks"
	ID    string // anchor, beginning with "sp-"
	Rows  []DocumentRow
	More  Link // "40 more", when there are too many to list; may be empty
}

// DocumentRow is one document in a list on an entity's page.
type DocumentRow struct {
	Link     Link
	Summary  string
	Facts    string    // "severity 2 · accepted"; may be empty
	Verified time.Time // day; zero if never
	Overdue  bool      // its review is due
	Of       Link      // to what it belongs, if not to what the page is about; may be empty
	Outside  string    // host of the wiki in which it is; empty for a page of the site
}

// DecisionLog is the decisions about a system and about what is in it.
type DecisionLog struct {
	Rows []DecisionRow // the latest first
	More Link          // to all of them, when there are too many to list; may be empty
}

// DecisionRow is one decision in a log.
type DecisionRow struct {
	Number  string // empty for none
	Link    Link
	About   Link
	State   State
	Status  string // "accepted"
	When    time.Time
	Outside string // as of DocumentRow
}

// ActionRow is something that was agreed after an incident.
type ActionRow struct {
	State State
	Word  string // "Overdue", "Open", "Done"
	Link  Link   // its title, to the ticket if there is one
	Who   Link   // may be empty
	Due   time.Time
	Of    Link // the postmortem; empty on its page
}

// Contact is a named way to somebody in a given role.
type Contact struct {
	Role    string // "Maintainer", "Security"
	Link    Link
	Note    string
	Problem string // why nobody answers there: "has left", "does not exist"; empty if somebody does
}

// LinkRow is one of an entity's links.
type LinkRow struct {
	Link        Link
	Type        string // "dashboard"
	Environment string // title of the environment it concerns; empty for all
}

// Environment is one place where an entity runs.
type Environment struct {
	Title  string
	Region string
	URL    Link
	Links  []Link
	Facts  []Fact // how it is deployed and watched

	Live    bool // live systems say what is there
	Asked   bool // the descriptor says of what to ask the version; if nothing is told, it is unknown
	Running *Deployed
	Before  *Deployed // ran before that: what to go back to
	Attempt *Deployed // the last one, if that is not what runs: going on, failed, rolled back
	Health  []HealthFact
	Drift   Link // "differs from Production", to what lies between; may be empty

	name    string // in signpost.yaml
	commit  string // of the version that runs
	watched bool   // the descriptor says what its health is to be asked of
}

// RelationSection is a section with a table of other entities, in one or more
// groups, and perhaps a drawing of the same.
type RelationSection struct {
	ID     string // anchor, beginning with "sp-"
	Title  string // "Depends on, used by"
	Groups []RelationGroup
	graph  *drawing // see Graph; nil for none
	Legend string   // caption of the drawing, and what it leaves out
	Source Link     // all of it, if the tables show a part; may be empty
}

// Columns returns the columns, after the name, in which any row has a value.
func (s RelationSection) Columns() []Column {
	var used []Column
	for _, c := range relationColumns {
		if s.has(c.Key) {
			used = append(used, c)
		}
	}
	return used
}

// WithProtocol reports whether any row has a protocol.
func (s RelationSection) WithProtocol() bool { return s.has("protocol") }

// WithCriticality reports whether any row says what happens if the other end fails.
func (s RelationSection) WithCriticality() bool { return s.has("criticality") }

func (s RelationSection) has(column string) bool {
	return slices.ContainsFunc(s.Groups, func(g RelationGroup) bool { return g.has(column) })
}

// relationColumns are the columns a relation's table may have, in order.
var relationColumns = []Column{
	{Key: "kind", Title: "Kind"},
	{Key: "owner", Title: "Owner"},
	{Key: "tier", Title: "Tier", Numeric: true},
	{Key: "protocol", Title: "Protocol"},
	{Key: "criticality", Title: "If it fails"},
}

// RelationGroup is the entities related in one way.
type RelationGroup struct {
	Title string // "Depends on"
	Rows  []RelationRow
	More  Link // "11 more", when there are too many to list; may be empty
}

func (g RelationGroup) has(column string) bool {
	return slices.ContainsFunc(g.Rows, func(r RelationRow) bool { return r.Value(column) != "" })
}

// RelationRow is an entity at the other end of a relation.
type RelationRow struct {
	RelativeCells
	Protocol    string
	Criticality string // critical, degrades, optional
}

// Relative is what a row says of the entity itself, which is the same in all tables in
// which it stands.
type Relative struct {
	Link    Link
	Kind    string // "Service"
	Owner   Link
	Tier    string // "1"; empty if not stated
	Note    string // description or role, under the name
	Missing bool   // the reference points to nothing
}

// Value returns the text of a column; empty if there is none.
func (r RelationRow) Value(column string) string {
	switch column {
	case "kind":
		return r.Kind
	case "owner":
		return r.Owner.Text
	case "tier":
		return r.Tier
	case "protocol":
		return r.Protocol
	case "criticality":
		return r.Criticality
	}
	return ""
}

// RelativeCells is an entity with the columns of the table in which it stands.
type RelativeCells struct {
	Relative
	WithKind, WithOwner, WithTier bool
}

// settle tells all rows which columns the table has.
func (s RelationSection) settle() {
	kind, owner, tier := s.has("kind"), s.has("owner"), s.has("tier")
	for _, g := range s.Groups {
		for i := range g.Rows {
			r := &g.Rows[i]
			r.WithKind, r.WithOwner, r.WithTier = kind, owner, tier
		}
	}
}

// Finding is a diagnostic, ready to show.
type Finding struct {
	State   State
	Word    string // "error", "warning", "info"
	Code    string // "owner-exists"
	Rule    string // href of the rule on the rules page
	Message string
	Hint    string
	Place   Link // "catalog/services/ledger/service.yaml:7:8", to the line
	Subject Link // the entity concerned, where the page is not about it; may be empty
}

// Change is the last commit that touched a file.
type Change struct {
	When   time.Time
	Author string
	Commit Link // short hash, to the commit if the repository's URL is known
}

// EntityView is the page of a service, library, pipeline, resource, API, system,
// domain, or of an entity of the organisation's own kinds: entity.html.
type EntityView struct {
	Head
	Post
	LiveView
	Environments []Environment
	Interface    *InterfaceView   // of an API whose description is in the catalog; nil otherwise
	Delivery     *DeliveryView    // nil if nothing is known of it
	Timeline     *TimelineSection // nil if nothing is known to have happened
	Services     *MatrixView      // of what a system contains; nil if live systems say nothing of it
	Relations    []RelationSection
	Decisions    *DecisionLog // of a system; nil for none
	Extras
}

// TeamView is the page of a team: team.html.
type TeamView struct {
	Head
	Post
	Responsibilities []string
	Members          []Member
	Owns             []RelationSection // one section; groups by tier, those without a tier last
	Relations        []RelationSection // child teams, what it is a contact for
	Health           []Count           // findings of all it owns, by severity
	Incidents        []IncidentRow     // open ones of what it owns
	Actions          []ActionRow       // open ones that it or its people do, the most urgent first
	MoreActions      Link              // to all of them; may be empty
	Delivery         *DeliveryView     // of all it owns; nil if nothing is known of it
	Timeline         *TimelineSection  // of all that it and the teams below it own
	Services         *MatrixView       // of what it and the teams below it own; nil if live systems say nothing of it
	Extras
}

// Member is a person in a team.
type Member struct {
	Person Link
	Role   string // in the team: "lead"
	Job    string // "Staff engineer"
	// Problem is why nobody is there to ask: "has left", "not in the catalog".
	Problem string
}

// PersonView is the page of a person: person.html.
type PersonView struct {
	Head
	Post             // ways to reach the person; Rotations hold only this person's shifts
	Teams     []Link // with the role in the team in the text, if any
	Relations []RelationSection
	Extras
}

// DocumentView is the page of a Markdown document: document.html.
type DocumentView struct {
	Head
	Post                   // whom to ask: owner and on call of the entity it belongs to
	Body     template.HTML // from package safehtml; begins below the title
	Actions  []ActionRow   // of a postmortem: open ones first
	Steps    string        // ids of the elements in Body that are steps, with spaces between; of a runbook
	Contents []Heading
	Unlisted int  // headings that Contents has no room for
	Previous Link // in the same list; may be empty
	Next     Link
	About    []Link // the entities it belongs to
	Findings []Finding
	Changed  *Change
	Edit     Link
}

// Heading is an entry of a document's table of contents.
type Heading struct {
	Level int // 2 or 3
	Text  string
	ID    string
}

// Count is a number with its name and the way to what was counted.
type Count struct {
	State State // shape to draw; empty for none
	Text  string
	N     int
	Href  string
}

// ListView is one page of a list of entities or documents: list.html.
type ListView struct {
	Title       string
	Description string
	Kind        string   // kind as the column file names it: "service"; "" if the list is not filtered by script
	Total       int      // rows on all pages
	Columns     []Column // after the name
	Rows        []ListRow
	Facets      []Facet
	Narrow      []Narrowing // for a list that is not filtered by script: pages with a part of it
	Chosen      Link        // how this page is narrowed, and the way back to the whole list; empty if it is whole
	First, Last int         // numbers of the first and last row on this page, from 1
	Pages       []Link      // one each, "1", "2", …; the present one has no Href; empty if there is one page only
	Previous    string      // href of the page before; empty on the first
	Next        string
	Root        string // relative way to the site's root: "../"
	New         Link   // how to add one: the new-file page of the repository; may be empty
	Ways        []Link // to the same in another form: the timeline, feeds, what runs where
	Places      bool   // the cells say what runs where
}

// Column is a column of a list.
type Column struct {
	Key     string // as the column file names it: "owner", "tier"
	Title   string
	Numeric bool // sorted by number
}

// ListRow is one entity or document in a list.
type ListRow struct {
	Link Link
	Note string // its purpose in a sentence
	Now  *WrongNow
	// Outside is the host of the wiki in which a document is; empty for pages of the site.
	Outside string
	Cells   []Cell // one for each of the list's columns
}

// Cell is one field of a row.
type Cell struct {
	Links   []Link
	When    time.Time // a day; zero if the cell is not a date
	At      time.Time // an instant; zero if the cell is none
	State   State     // shape before the text; empty for none
	Missing bool      // should be there and is not: drawn as "none", dashed
	Place   *PlaceCell
}

// Facet is a way to narrow a list.
type Facet struct {
	Key    string // as the column file names it: "owner"; "gap" for what is missing
	Title  string
	Values []FacetValue // most frequent first
}

// FacetValue is one choice of a facet.
type FacetValue struct {
	Value string // as in the column file and in the page's address
	Text  string
	State State // shape before the text; empty for none
	N     int   // how many of the whole list
}

// Narrowing is a way to narrow a list that needs no scripts: each value has a list of
// its own.
type Narrowing struct {
	ID     string // anchor, beginning with "sp-"
	Title  string // "Owner"
	Values []Narrowed
	More   Link // to all values, if only the most frequent are given; may be empty
}

// Narrowed is the list of one value.
type Narrowed struct {
	Link    Link // without an Href on the page that shows it
	N       int
	Current bool
}

// HomeView is the first page: home.html.
type HomeView struct {
	Title       string
	Description string
	Search      string       // href of the search page
	Hint        string       // what may be searched for: "A service, a team, a person"
	Counts      []Count      // what there is: 42 services, 9 teams
	Now         *Happening   // nil without live systems
	OnCall      []HomeOnCall // rotations that stand for tier 1
	Domains     []HomeDomain
	Teams       []HomeTeam // all, by title, for "your team"
	Timeline    Link       // "254 events", to the timeline of everything; empty for none
	Changes     []HomeChange
	Health      []Count  // findings by severity
	Start       []string // commands that make a first entry, shown if the catalog is empty
}

// HomeOnCall is a rotation and the entities that it answers for.
type HomeOnCall struct {
	*OnCall         // nil if a system outside has not said who it is
	Provider string // that system, "PagerDuty", with the schedule if it has told; empty for a rotation
	Who      string // whom that system has named
	Note     string // until when
	Told     Told   // as of Blade
	Href     string // to the page that shows the shifts, or that pages whoever is on call; may be empty
	For      []Link
}

// HomeDomain is a domain with its systems; the last may be "Without a domain".
type HomeDomain struct {
	Link    Link
	N       int // entities in it
	Systems []Count
}

// HomeTeam is a choice of "your team".
type HomeTeam struct {
	Ref  string // as the column file names owners: "team:payments"
	Link Link
	N    int // entities it owns
}

// HomeChange is something that changed recently.
type HomeChange struct {
	Link   Link
	Kind   string
	Change Change
}

// SearchView is the page of full search results: search.html. Without scripts it
// explains itself and shows the lists.
type SearchView struct {
	Lists []Count
}

// RulesView is the reference of all rules: rules.html.
type RulesView struct {
	Rules []Rule
}

// Rule is one rule of the check.
type Rule struct {
	Code   string
	Title  string // "An entity's owner exists"
	Doc    string // why; paragraphs are separated by a blank line
	State  State
	Word   string // its severity in this catalog: "error", "off"
	Locked bool   // the severity cannot be changed
	N      int    // findings now
}

// Paragraphs returns the rule's reasons, one paragraph each.
func (r Rule) Paragraphs() []string { return paragraphs(r.Doc) }

// HealthView is the state of the catalog and of its data: health.html.
type HealthView struct {
	Counts   []Count
	Findings []Finding
	Coverage []Coverage
	Build    []Fact // commit, time, version
	Rules    string // href of the rules page

	Providers []ProviderRow
	Unmatched Link // to what live systems and the catalog do not both know; empty for nothing
}

// Coverage is how many entities have an answer.
type Coverage struct {
	Title    string // "Services with a runbook"
	Have, Of int
	Href     string // list of those without; may be empty
}

// Percent returns the share that have it, rounded down, so that 100 means all.
func (c Coverage) Percent() int {
	if c.Of <= 0 {
		return 0
	}
	return c.Have * 100 / c.Of
}

// NotFoundView is the page for an address that does not exist: notfound.html.
// Its hrefs are rooted.
type NotFoundView struct {
	Home   string
	Search string
	Lists  []Link
}

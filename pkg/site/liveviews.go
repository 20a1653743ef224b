package site

import "time"

// The structs in this file are what templates see of live systems, by the rules of
// views.go.

// Told says which system states a fact, and how old that is. A build does not know what
// time it is when somebody reads the page, so the browser decides what is too old. If the
// fact is as old as the last reading of the system, the page does not say when that was, or
// it would have to be written anew for every reading: scripts know it from build.js and from
// the files of live.go. Of any other fact When and Stale say it.
type Told struct {
	Source  Link      // "Argo CD", to where it says so
	By      string    // the provider, if the fact is as old as its last reading
	Key     string    // of the fact in the files of live.go, beside By
	When    time.Time // when the system said so; zero if By is set
	Stale   time.Time // from when on it is too old to be relied upon; zero if By is set
	Failing time.Time // since when the system could not be read; zero if it was read last time
}

// Expires is until when the fact is to be relied upon: an instant, or by which key and
// provider scripts know it; empty if nothing is told.
func (t Told) Expires() string {
	switch {
	case t.By != "":
		return t.Key + " " + t.By
	case t.Stale.IsZero():
		return ""
	}
	return t.Stale.UTC().Format(time.RFC3339)
}

// LiveState is a state of something outside, as shape and word.
type LiveState struct {
	State State
	Word  string // "Degraded"
}

// Deployed is a version in an environment, or an attempt to put one there.
type Deployed struct {
	LiveState
	Version Link   // empty if the system names none
	Note    string // "10 % of the traffic, the rest has 2.14.2"
	When    time.Time
	By      Link // empty if the system names nobody
	Log     Link
	Told
}

// PlaceCell is what runs of a service in an environment, in brief.
type PlaceCell struct {
	Environment
	To string // href of the environments on the page of the service
}

// WrongNow is the worst of what is wrong with an entity now; nil for nothing. Of the others a
// list says nothing, so that its pages stay as they are when facts are fetched again.
type WrongNow struct {
	LiveState
	Told // without its source
}

// MatrixView is services by environments on the page of what owns or contains them.
type MatrixView struct {
	Columns []Column // environments
	Rows    []ListRow
	Legend  string
	More    Link // "12 more", to the matrix of all services; may be empty
}

// HealthFact is how something does, as one system sees it.
type HealthFact struct {
	LiveState
	Message  string
	Measures []Figure // "P99 as usual"
	Told
}

// Figure is a number that every reading may change. The page says in words what there is to
// know of it; scripts put the number there (see live.go).
type Figure struct {
	Text string
	Key  string // of the number: "k3f9a2b.0"
}

// Alarm is something that is wrong now: an open incident, an alert that fires.
type Alarm struct {
	LiveState
	Title Link
	Facts string // "severity high · Production"
	Since time.Time
	Text  string
	// Responders are those who work on an incident.
	Responders []Link
	Runbooks   []Link // that match it, the surest first
	Told
}

// ObjectiveRow is a service level objective.
type ObjectiveRow struct {
	Name   string
	Target string // "99.9 %"
	Actual Figure // "reached"
	Window string // "30 days"
	Budget LiveState
	Left   int    // percent of the error budget in tens, 0 to 100, for a drawing
	Exact  Figure // how much that is: "about 70 % left"
	Told
}

// Level is who is on call at one level of an escalation, as a system outside says.
type Level struct {
	Title string // "Level 1"
	Now   Link   // without a text: nobody
	Until time.Time
	Next  Link
	Told
}

// CodeRow is something that is known of the code.
type CodeRow struct {
	LiveState
	Title string // "Latest release"
	Text  Link   // "v2.14.3"
	Note  string
	When  time.Time
	Told
}

// LiveView is what live systems say on the page of an entity, beside its environments.
type LiveView struct {
	Alarms     []Alarm
	MoreAlarms int         // that are not listed
	Precedents []Precedent // while something is wrong: the last postmortems
	Objectives []ObjectiveRow
	Code       []CodeRow
	Past       []IncidentRow // incidents that are over, the latest
}

// Happening is what live systems say of the whole catalog, on the home page.
type Happening struct {
	Wrong     []IncidentRow // open incidents, then alerts of tier 1
	More      Link          // without a text if these are all
	Watched   bool          // there are systems that tell of incidents or alerts
	Asked     []Told        // those of them that could be read
	MoreAsked Link
	Failing   []FailingProvider
}

// FailingProvider is a live system that could not be read.
type FailingProvider struct {
	Link  Link // to the health page
	Since time.Time
}

// IncidentRow is an incident in a list on the page of something that it concerns.
type IncidentRow struct {
	LiveState
	Title    Link
	Severity string
	Opened   time.Time
	Took     string // how long it lasted; empty while it is open
	About    []Link // what it concerns, where the page is not about that
}

// ProviderRow is a live system and how well it was read: on the health page.
type ProviderRow struct {
	LiveState
	Name, Type string
	Facts      int
	Fetched    time.Time // zero: never
	Tried      time.Time
	Stale      time.Time
	Since      time.Time // of the problem
	Problem    string    // in the words of the one who met it
	Help       string    // what to do about it
	Entities   []EntityProblem
	Strangers  []string // references that lead to no entity, with the number of facts about them
}

// EntityProblem is an entity of which nothing newer is known, and why.
type EntityProblem struct {
	Entity  Link
	Problem string
	Help    string
	Since   time.Time
}

// UnmatchedView is a page of what live systems know and the catalog does not, and of
// identifiers in descriptors that nothing has there: unmatched.html.
type UnmatchedView struct {
	Total, First, Last int
	Rows               []UnmatchedRow
	Pages              []Link // as in ListView
	Previous, Next     string
	Data               string // href of the same for machines
}

// UnmatchedRow is one thing that has no other side.
type UnmatchedRow struct {
	LiveState
	Provider string
	Kind     string // "repository"
	Name     Link
	Entity   Link   // that names what is missing
	Fix      string // lines for a descriptor
}

// IncidentView is the page of an incident: incident.html.
type IncidentView struct {
	Head
	Post       // whom to ask about what it concerns first
	State      LiveState
	Open       bool          // it goes on, and its events are listed the last first
	Days       []TimelineDay // its moments, and what happened from two hours before it until its end
	More       int           // later events that are not listed
	Suspicion  string        // what is known of changes shortly before it
	Durations  []Duration
	Affected   []AffectedRow
	Responders []Link
	Postmortem Link
	Told
}

// NowView is one screen for whoever is called about a service at night: now.html. Everything
// on it is bounded; Full leads to the page that has the rest.
type NowView struct {
	Head
	Post
	Full    string // href of the service's own page
	Watched bool   // there is a snapshot of a live system, so that what is not known is to be said

	Alarms     []Alarm
	MoreAlarms Link   // without a text if all are shown
	Asked      []Told // which systems tell of incidents and alerts
	MoreAsked  Link

	Places     []Environment
	MorePlaces Link
	Sources    []Told // who tells of the places, each once

	Runbooks     []NowRunbook
	NoRunbook    bool // runbooks are used in this catalog, so that the lack of one is to be said
	Postmortems  []Precedent
	NoPostmortem bool // as NoRunbook
}

// Precedent is a postmortem of something that went wrong before.
type Precedent struct {
	Link Link
	When time.Time // day; zero if the document names none
}

// NowRunbook is a runbook to follow now.
type NowRunbook struct {
	Link Link
	For  string // "for HighErrorRate", "main runbook"
}

// Duration is how long a part of an incident took.
type Duration struct {
	Title string // "Time to acknowledge"
	Took  string // "4 minutes"; empty if it is not over, or not known
	Help  string // from when until when
}

// AffectedRow is something that an incident concerns.
type AffectedRow struct {
	Entity Link
	Kind   string
	Owner  Link
}

// TimelineView is a page of a timeline: timeline.html.
type TimelineView struct {
	Head
	Days               []TimelineDay
	Kinds              []FacetValue // with the number of events on this page; empty if there is one kind only
	Total, First, Last int
	Older              int    // events that no page lists, on the last page
	Pages              []Link // as in ListView
	Previous, Next     string
	Feeds              []Link
}

// TimelineSection is the latest events, on the page of what they are about.
type TimelineSection struct {
	Days  []TimelineDay
	Whole Link // to all of them; empty if these are all
	Feeds []Link
}

// TimelineDay is what happened on one day.
type TimelineDay struct {
	Day    time.Time // UTC
	Events []EventRow
}

// EventRow is something that has happened.
type EventRow struct {
	LiveState         // "Deployed", "Incident opened"
	Kind       string // for the filter: "deployment"; "moment" of an incident on its own page
	When       time.Time
	WholeDay   bool // the day is known, not the instant
	Title      Link
	Code       bool   // the title is a version or a commit
	Place      string // title of the environment; may be empty
	About      []Link // what it happened to, where that is not clear
	Also       bool   // and to what the page is about
	More       int    // others it happened to
	Dependency bool   // it happened to what that depends on
	By         string
	Note       string
	Log        Link
	Source     Link // the system that says so
	Before     []BeforeIncident

	outside bool // the title leads off the site
}

// BeforeIncident says how long before an incident a change was made.
type BeforeIncident struct {
	Took     string // "23 minutes"
	Incident Link   // "incident #812"; empty on the page of the incident
}

// ReadingsView says what every reading of live systems changes, for readers without
// scripts: readings.html.
type ReadingsView struct {
	Sections []ReadingsOf
}

// ReadingsOf is what it says of an entity.
type ReadingsOf struct {
	ID     string
	Entity Link
	Rows   []Reading
}

// Reading is what it says of a fact.
type Reading struct {
	Title   string
	Figures []string
	Source  Link
	When    time.Time
}

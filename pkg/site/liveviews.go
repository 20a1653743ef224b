package site

import "time"

// The structs in this file are what templates see of live systems, by the rules of
// views.go.

// Told says which system states a fact, and how old that is. A build does not know what
// time it is when somebody reads the page, so the browser decides what is too old.
type Told struct {
	Source  Link      // "Argo CD", to where it says so
	When    time.Time // when the system said so
	Stale   time.Time // from when on it is too old to be relied upon
	Failing time.Time // since when the system could not be read; zero if it was read last time
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
	By      string
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
	Stale time.Time
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
	Measures []string // "P99 210 ms, baseline 205 ms"
	Told
}

// Alarm is something that is wrong now: an open incident, an alert that fires.
type Alarm struct {
	LiveState
	Title   Link
	Facts   string // "severity high · Production"
	Since   time.Time
	Text    string
	Runbook Link
	Told
}

// ObjectiveRow is a service level objective.
type ObjectiveRow struct {
	Name           string
	Target, Actual string // "99.9 %"
	Window         string // "30 days"
	Budget         LiveState
	Left           int // percent of the error budget, 0 to 100, for a drawing
	Told
}

// Level is who is on call at one level of an escalation, as a system outside says.
type Level struct {
	Title string // "Level 1"
	Now   string // empty: nobody
	Until time.Time
	Next  string
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
	MoreAlarms int // that are not listed
	Objectives []ObjectiveRow
	Code       []CodeRow
	Past       []IncidentRow // incidents that are over, the latest
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
	Times      []IncidentTime
	Affected   []AffectedRow
	Suspects   []SuspectRow
	Responders []string
	Postmortem Link
	Told
}

// IncidentTime is a moment of an incident.
type IncidentTime struct {
	Title string // "Acknowledged"
	When  time.Time
	After string // "4 minutes after it was opened"
}

// AffectedRow is something that an incident concerns.
type AffectedRow struct {
	Entity Link
	Kind   string
	Owner  Link
}

// SuspectRow is a deployment shortly before an incident.
type SuspectRow struct {
	Deployed
	Entity      Link
	Environment string
	Before      string // "23 minutes before"
	Relation    string // "affected", "what Payments API depends on"
}

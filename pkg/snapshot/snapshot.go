// Package snapshot holds what live systems say of the entities of a catalog: which version
// runs where, whether it is well, who is on call, what has happened. Providers fetch these
// facts and a store keeps them, one file for each provider, so that a build needs no
// network and the last good facts survive a system that does not answer.
//
// The format is open: whatever writes such files takes part. It is described by
// snapshot.schema.json. The package knows nothing of catalogs, of providers or of pages;
// entities are named by their references.
package snapshot

import "time"

// Version is that of the format. A reader refuses files of a later one.
const Version = 1

// File is what is known from one provider.
type File struct {
	Version  int       `json:"version"`
	Provider string    `json:"provider"` // its name in signpost.yaml
	Type     string    `json:"type"`     // which system it is: "github"
	Tried    time.Time `json:"tried"`    // when facts were fetched last, whether that went well or not
	Fetched  time.Time `json:"fetched"`  // when that went well last; zero for never
	Problem  *Problem  `json:"problem,omitempty"`
	Facts
}

// Problem says why the last attempt brought nothing newer, of all or of one entity.
type Problem struct {
	Kind        ProblemKind `json:"kind"`
	Message     string      `json:"message"` // for people, without secrets
	Since       time.Time   `json:"since"`   // of the first of the attempts in a row that failed
	Entity      string      `json:"entity,omitempty"`
	Environment string      `json:"environment,omitempty"`
}

// ProblemKind tells failures apart, since each wants something else done.
type ProblemKind string

// The kinds of problems.
const (
	Auth       ProblemKind = "authentication" // the token is wrong or has expired
	Forbidden  ProblemKind = "permission"     // the token may not read this
	NotFound   ProblemKind = "not-found"      // or the system hides it from the token
	RateLimit  ProblemKind = "rate-limit"
	Timeout    ProblemKind = "timeout"
	Network    ProblemKind = "network"    // no connection, or it was cut
	Server     ProblemKind = "server"     // the system answers that it has failed
	Garbage    ProblemKind = "garbage"    // the answer is not what the system documents
	Incomplete ProblemKind = "incomplete" // some pages of a list are missing
	Loss       ProblemKind = "loss"       // much less than before: refused until somebody agrees
	Config     ProblemKind = "configuration"
)

// Facts are what a provider knows, by what they are about. Lists are in no order until a
// store has written them.
type Facts struct {
	Deployments  []Deployment `json:"deployments,omitempty"`
	Health       []Health     `json:"health,omitempty"`
	Releases     []Release    `json:"releases,omitempty"`
	Runs         []Run        `json:"runs,omitempty"`
	Repositories []Repository `json:"repositories,omitempty"`
	OnCall       []OnCall     `json:"onCall,omitempty"`
	Incidents    []Incident   `json:"incidents,omitempty"`
	Alerts       []Alert      `json:"alerts,omitempty"`
	Objectives   []Objective  `json:"objectives,omitempty"`
	Foreign      []Foreign    `json:"foreign,omitempty"`
	Problems     []Problem    `json:"problems,omitempty"` // of single entities; their facts are those of before
}

// About is what every fact says of itself.
type About struct {
	ID          string    `json:"id"`     // unique among the facts of its kind and provider
	Entity      string    `json:"entity"` // "service:payments-api"
	Environment string    `json:"environment,omitempty"`
	Observed    time.Time `json:"observed"`      // when the system said so
	URL         string    `json:"url,omitempty"` // where it says so, http or https
}

// DeploymentState is how a deployment goes.
type DeploymentState string

// The states of deployments.
const (
	Queued     DeploymentState = "queued"
	Running    DeploymentState = "running"
	Succeeded  DeploymentState = "succeeded"
	Failed     DeploymentState = "failed"
	Cancelled  DeploymentState = "cancelled"
	RolledBack DeploymentState = "rolled-back"
	Inactive   DeploymentState = "inactive" // another has taken its place
)

// Deployment is an attempt to run a version in an environment.
type Deployment struct {
	About
	Version  string          `json:"version,omitempty"`
	Commit   string          `json:"commit,omitempty"` // full hash
	State    DeploymentState `json:"state"`
	By       string          `json:"by,omitempty"`
	At       time.Time       `json:"at"`                 // when it began
	Ended    time.Time       `json:"ended,omitzero"`     // zero while it goes on
	Log      string          `json:"log,omitempty"`      // URL
	Rollout  int             `json:"rollout,omitempty"`  // percent of the traffic, 1 to 99; 0 for all
	Previous string          `json:"previous,omitempty"` // version before
	// Committed is when the commit was made; zero if that is not known.
	Committed time.Time `json:"committed,omitzero"`
	// Behind is how many commits of the default branch came after the commit; nil if that is
	// not known, or if the commit is not on that branch.
	Behind *int `json:"behind,omitempty"`
}

// Lead returns how long it took from the commit to the end of a deployment that went well.
// It reports false for others, and where a clock is so wrong that the end comes first.
func (d Deployment) Lead() (lead time.Duration, ok bool) {
	if d.Committed.IsZero() || d.Ended.IsZero() || d.State != Succeeded && d.State != Inactive {
		return 0, false
	}
	lead = d.Ended.Sub(d.Committed)
	return lead, lead >= 0
}

// HealthState is how something does.
type HealthState string

// The states of health. What is not known is Unknown, never Healthy.
const (
	Healthy     HealthState = "healthy"
	Progressing HealthState = "progressing"
	Degraded    HealthState = "degraded"
	Unhealthy   HealthState = "unhealthy"
	Unknown     HealthState = "unknown"
)

// Health is how an entity does in an environment.
type Health struct {
	About
	State    HealthState `json:"state"`
	Message  string      `json:"message,omitempty"`
	Measures []Measure   `json:"measures,omitempty"`
}

// Measure is one number about health, with what it usually is.
type Measure struct {
	Name     string   `json:"name"` // "P99"
	Value    float64  `json:"value"`
	Unit     string   `json:"unit,omitempty"` // "ms", "%"
	Baseline *float64 `json:"baseline,omitempty"`
}

// Release is a version that was published.
type Release struct {
	About
	Version    string    `json:"version"`
	Title      string    `json:"title,omitempty"`
	At         time.Time `json:"at"`
	By         string    `json:"by,omitempty"`
	Prerelease bool      `json:"prerelease,omitempty"`
}

// Run is the last run of a workflow on the default branch.
type Run struct {
	About
	Name   string          `json:"name"`
	State  DeploymentState `json:"state"`
	Commit string          `json:"commit,omitempty"`
	At     time.Time       `json:"at"`
}

// Repository is what is known of where the code is.
type Repository struct {
	About
	Name       string    `json:"name"` // "acme/payments-api"
	Archived   bool      `json:"archived,omitempty"`
	Branch     string    `json:"branch,omitempty"` // the default one
	Pushed     time.Time `json:"pushed,omitzero"`
	Language   string    `json:"language,omitempty"`
	Codeowners []string  `json:"codeowners,omitempty"` // owners of everything
}

// OnCall is who is called now and next, at one level of an escalation.
type OnCall struct {
	About
	Level int       `json:"level,omitempty"` // from 1; 0 where there are no levels
	Now   string    `json:"now,omitempty"`   // nobody if empty
	Until time.Time `json:"until,omitzero"`  // zero: always
	Next  string    `json:"next,omitempty"`
	Title string    `json:"title,omitempty"` // of the schedule
}

// IncidentState is how far an incident has come.
type IncidentState string

// The states of incidents.
const (
	Triggered    IncidentState = "triggered"
	Acknowledged IncidentState = "acknowledged"
	Resolved     IncidentState = "resolved"
)

// Incident is something that went wrong, for people to put right.
type Incident struct {
	About
	Number       string        `json:"number,omitempty"`
	Title        string        `json:"title"`
	State        IncidentState `json:"state"`
	Severity     string        `json:"severity,omitempty"` // in the words of the system
	Opened       time.Time     `json:"opened"`
	Detected     time.Time     `json:"detected,omitzero"` // if that is known beside Opened
	Acknowledged time.Time     `json:"acknowledged,omitzero"`
	Resolved     time.Time     `json:"resolved,omitzero"`
	Responders   []string      `json:"responders,omitempty"`
	Also         []string      `json:"also,omitempty"` // other entities that it is about
}

// AlertState is how an alert or a monitor stands.
type AlertState string

// The states of alerts.
const (
	Firing  AlertState = "firing"
	Pending AlertState = "pending"
	Quiet   AlertState = "quiet"
	NoData  AlertState = "no-data"
)

// Alert is a condition that a machine watches.
type Alert struct {
	About
	Name     string     `json:"name"`
	State    AlertState `json:"state"`
	Severity string     `json:"severity,omitempty"`
	Summary  string     `json:"summary,omitempty"`
	Since    time.Time  `json:"since,omitzero"`
	Runbook  string     `json:"runbook,omitempty"` // URL
	Silenced bool       `json:"silenced,omitempty"`
}

// Objective is a service level objective and what is left of its error budget.
type Objective struct {
	About
	Name   string  `json:"name"`
	Target float64 `json:"target"` // percent
	Actual float64 `json:"actual"` // percent
	Budget float64 `json:"budget"` // percent of the error budget that is left; below 0 when overspent
	Window string  `json:"window"` // "30d"
}

// Foreign is a thing of the live system that no entity names, or an identifier in a
// descriptor that nothing has there.
type Foreign struct {
	ID     string `json:"id"`
	Kind   string `json:"kind"` // "repository", "service", "schedule", "monitor", "application", "workspace"
	Name   string `json:"name,omitempty"`
	State  string `json:"state"`            // "active", "deprecated", "archived", "missing"
	Entity string `json:"entity,omitempty"` // that names what is missing
	URL    string `json:"url,omitempty"`
	Fix    string `json:"fix,omitempty"` // lines for a descriptor
}

// Count is how many facts there are.
func (f *Facts) Count() int {
	return len(f.Deployments) + len(f.Health) + len(f.Releases) + len(f.Runs) + len(f.Repositories) +
		len(f.OnCall) + len(f.Incidents) + len(f.Alerts) + len(f.Objectives)
}

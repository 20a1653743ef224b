package pagerduty

import (
	"fmt"
	"time"
)

// reference is how PagerDuty names one thing within another ("Reference" in its API
// documentation). Summary is its name.
type reference struct {
	ID      string `json:"id"`
	Type    string `json:"type"` // "user_reference", "schedule_reference", …
	Summary string `json:"summary"`
	URL     string `json:"html_url"`
}

// service is an item of "List services".
type service struct {
	reference
	Name   string    `json:"name"`
	Status string    `json:"status"` // active, warning, critical, maintenance, disabled
	Policy reference `json:"escalation_policy"`
}

// policy is an item of "List escalation policies". Its rules are the levels, in order.
type policy struct {
	reference
	Name  string `json:"name"`
	Rules []struct {
		Targets []reference `json:"targets"`
	} `json:"escalation_rules"`
}

// schedule is an item of "List schedules", and with Final that of "Get a schedule".
type schedule struct {
	reference
	Name  string `json:"name"`
	Final *struct {
		Entries []struct {
			Start time.Time `json:"start"`
			End   time.Time `json:"end"`
			User  reference `json:"user"`
		} `json:"rendered_schedule_entries"`
	} `json:"final_schedule"`
}

// onCall is an item of "List all of the on-calls": one person for one turn.
type onCall struct {
	Policy   reference  `json:"escalation_policy"`
	Level    int        `json:"escalation_level"` // from 1
	Schedule *reference `json:"schedule"`         // null for a person whom the policy names itself
	User     reference  `json:"user"`
	Start    time.Time  `json:"start"` // null for somebody who always is
	End      time.Time  `json:"end"`
}

// key tells on-calls apart.
func (c onCall) key() string {
	schedule := ""
	if c.Schedule != nil {
		schedule = c.Schedule.ID
	}
	return fmt.Sprintf("%q %d %q %q %s %s", c.Policy.ID, c.Level, schedule, c.User.ID, c.Start, c.End)
}

// incident is an item of "List incidents".
type incident struct {
	reference
	Number        int64       `json:"incident_number"`
	Title         string      `json:"title"`
	Status        string      `json:"status"` // triggered, acknowledged, resolved
	Urgency       string      `json:"urgency"`
	Priority      *reference  `json:"priority"`
	Created       time.Time   `json:"created_at"`
	StatusChanged time.Time   `json:"last_status_change_at"`
	Resolved      time.Time   `json:"resolved_at"`
	Service       reference   `json:"service"`
	Impacted      []reference `json:"impacted_services"`
	ChangedBy     reference   `json:"last_status_change_by"`
	Assignments   []struct {
		Assignee reference `json:"assignee"`
	} `json:"assignments"`
	Acknowledgements []struct {
		At           time.Time `json:"at"`
		Acknowledger reference `json:"acknowledger"`
	} `json:"acknowledgements"`
}

// logEntry is an item of "List log entries for an incident".
type logEntry struct {
	ID      string    `json:"id"`
	Type    string    `json:"type"` // "acknowledge_log_entry", …
	Created time.Time `json:"created_at"`
	Agent   reference `json:"agent"`
}

func (r reference) id() string { return r.ID }

package opsgenie

import (
	"encoding/json"
	"time"
)

// schedule is an item of "List schedules" (Schedule API).
type schedule struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Enabled   *bool  `json:"enabled"`
	OwnerTeam struct {
		ID string `json:"id"`
	} `json:"ownerTeam"`
}

// service is an item of "List services" (Service API, Opsgenie only).
type service struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Team  string `json:"teamId"`
	Links links  `json:"links"`
}

type links struct {
	Web string `json:"web"`
}

// onCalls answers "Get on calls" and "Get next on calls" (Who is on call API) with flat=true.
// The two systems use different names for the same lists.
type onCalls struct {
	Recipients        []participant `json:"onCallRecipients"`
	Users             []participant `json:"onCallUsers"`
	Participants      []participant `json:"onCallParticipants"`
	NextRecipients    []participant `json:"exactNextOnCallRecipients"`
	NextUsers         []participant `json:"exactNextOnCallUsers"`
	NextParticipants  []participant `json:"exactNextOnCallParticipants"`
	LaterRecipients   []participant `json:"nextOnCallRecipients"`
	LaterUsers        []participant `json:"nextOnCallUsers"`
	LaterParticipants []participant `json:"nextOnCallParticipants"`
}

// participant is somebody on call: an object, or only a text where the answer is flat.
type participant struct {
	ID     string        `json:"id"`
	Name   string        `json:"name"`
	Type   string        `json:"type"`
	Nested []participant `json:"onCallParticipants"` // of a team or an escalation
}

func (p *participant) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &p.ID)
	}
	type plain participant // without this method
	return json.Unmarshal(data, (*plain)(p))
}

// timeline answers "Get schedule timeline": who is planned when, by rotation.
type timeline struct {
	Final *struct {
		Rotations []struct {
			Periods []struct {
				Start time.Time `json:"startDate"`
				End   time.Time `json:"endDate"`
			} `json:"periods"`
		} `json:"rotations"`
	} `json:"finalTimeline"`
}

// incident is an item of "List incidents" (Incident API) or of "List alerts" (Alert API).
type incident struct {
	ID           string    `json:"id"`
	TinyID       string    `json:"tinyId"`
	Message      string    `json:"message"`
	Status       string    `json:"status"` // open, resolved, closed
	Acknowledged bool      `json:"acknowledged"`
	Priority     string    `json:"priority"` // P1 to P5
	Owner        string    `json:"owner"`    // e-mail address or account
	Created      time.Time `json:"createdAt"`
	Updated      time.Time `json:"updatedAt"`
	ImpactStart  time.Time `json:"impactStartDate"`
	Services     []string  `json:"impactedServices"`
	Links        links     `json:"links"`
	Report       struct {
		AckTime        int64  `json:"ackTime"`   // ms after creation
		CloseTime      int64  `json:"closeTime"` // ms after creation
		AcknowledgedBy string `json:"acknowledgedBy"`
		ClosedBy       string `json:"closedBy"`
	} `json:"report"`
}

func (s schedule) id() string { return s.ID }
func (s service) id() string  { return s.ID }

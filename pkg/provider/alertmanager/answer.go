package alertmanager

import "time"

// alert is one of those that GET /api/v2/alerts answers.
// https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml (gettableAlert)
type alert struct {
	Fingerprint  string            `json:"fingerprint"` // of its labels
	Labels       map[string]string `json:"labels"`
	Annotations  map[string]string `json:"annotations"`
	StartsAt     time.Time         `json:"startsAt"`
	UpdatedAt    time.Time         `json:"updatedAt"`
	GeneratorURL string            `json:"generatorURL"`
	Status       struct {
		State       string   `json:"state"` // "unprocessed", "active" or "suppressed"
		SilencedBy  []string `json:"silencedBy"`
		InhibitedBy []string `json:"inhibitedBy"`
	} `json:"status"`
}

package argocd

import "time"

// list is the answer to GET /api/v1/applications.
// https://cd.apps.argoproj.io/swagger-ui (ApplicationService_List)
type list struct {
	Metadata *struct{}     `json:"metadata"` // there in every answer of Argo CD
	Items    []application `json:"items"`
}

type application struct {
	Metadata struct {
		Name      string `json:"name"`
		Namespace string `json:"namespace"`
	} `json:"metadata"`
	Spec struct {
		Source  source   `json:"source"`
		Sources []source `json:"sources"`
	} `json:"spec"`
	Status struct {
		Sync struct {
			Status    string   `json:"status"` // "Synced", "OutOfSync" or "Unknown"
			Revision  string   `json:"revision"`
			Revisions []string `json:"revisions"` // with several sources
		} `json:"sync"`
		Health struct {
			Status  string `json:"status"`
			Message string `json:"message"`
		} `json:"health"`
		Operation *operation `json:"operationState"` // the last; nil if there was none
		Summary   struct {
			Images []string `json:"images"`
		} `json:"summary"`
		Reconciled time.Time  `json:"reconciledAt"`
		Resources  []resource `json:"resources"`
	} `json:"status"`
}

type source struct {
	Chart          string `json:"chart"`
	TargetRevision string `json:"targetRevision"`
}

type operation struct {
	Phase     string    `json:"phase"`
	Started   time.Time `json:"startedAt"`
	Finished  time.Time `json:"finishedAt"`
	Operation struct {
		By struct {
			Username  string `json:"username"`
			Automated bool   `json:"automated"`
		} `json:"initiatedBy"`
	} `json:"operation"`
	Result struct {
		Revision  string   `json:"revision"`
		Revisions []string `json:"revisions"`
	} `json:"syncResult"`
}

package terraform

import "time"

// page is one page of the workspaces of an organization, with the last run of each. It is
// a JSON:API document.
// https://developer.hashicorp.com/terraform/cloud-docs/api-docs/workspaces#list-workspaces
type page struct {
	Data     []workspace `json:"data"`
	Included []run       `json:"included"` // other types have no status
	Meta     *struct {
		Pagination struct {
			Current int  `json:"current-page"`
			Next    *int `json:"next-page"` // null on the last page
		} `json:"pagination"`
	} `json:"meta"`
}

type workspace struct {
	ID         string `json:"id"`
	Attributes struct {
		Name string `json:"name"`
	} `json:"attributes"`
	Relationships struct {
		Run struct {
			Data *struct {
				ID string `json:"id"`
			} `json:"data"` // null if there was none yet
		} `json:"current-run"`
	} `json:"relationships"`
}

// https://developer.hashicorp.com/terraform/cloud-docs/api-docs/run
type run struct {
	ID         string `json:"id"`
	Type       string `json:"type"` // "runs"
	Attributes struct {
		Status  string    `json:"status"`
		Created time.Time `json:"created-at"`
	} `json:"attributes"`
}

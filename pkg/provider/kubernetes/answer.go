package kubernetes

import (
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider/fact"
)

// list is a page of Deployments or StatefulSets.
// https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/
type list struct {
	Kind     string `json:"kind"`
	Metadata struct {
		Continue string `json:"continue"` // of the next page
	} `json:"metadata"`
	Items []workload `json:"items"`
}

// workload is a Deployment or a StatefulSet: what they share is named alike.
type workload struct {
	kind     string // "deployment" or "statefulset"
	Metadata struct {
		Name        string            `json:"name"`
		Namespace   string            `json:"namespace"`
		Labels      map[string]string `json:"labels"`
		Annotations map[string]string `json:"annotations"`
		Generation  int64             `json:"generation"`
		Created     time.Time         `json:"creationTimestamp"`
	} `json:"metadata"`
	Spec struct {
		Replicas *int `json:"replicas"` // nil for 1
		Paused   bool `json:"paused"`
		Template struct {
			Spec struct {
				Containers []container `json:"containers"`
			} `json:"spec"`
		} `json:"template"`
		Strategy struct {
			Type    string `json:"type"`
			Rolling struct {
				Partition int `json:"partition"` // so many of a StatefulSet stay at the old version
			} `json:"rollingUpdate"`
		} `json:"updateStrategy"`
	} `json:"spec"`
	Status struct {
		Observed        int64       `json:"observedGeneration"`
		Replicas        int         `json:"replicas"`
		Ready           int         `json:"readyReplicas"`
		Available       *int        `json:"availableReplicas"` // left out for 0, and by old StatefulSets
		Updated         int         `json:"updatedReplicas"`
		CurrentRevision string      `json:"currentRevision"`
		UpdateRevision  string      `json:"updateRevision"`
		Conditions      []condition `json:"conditions"`
	} `json:"status"`
}

type container struct {
	Name  string `json:"name"`
	Image string `json:"image"`
}

type condition struct {
	Type    string    `json:"type"`
	Status  string    `json:"status"`
	Reason  string    `json:"reason"`
	Message string    `json:"message"`
	Updated time.Time `json:"lastUpdateTime"`
}

// wanted is how many replicas there should be.
func (w *workload) wanted() int {
	if w.Spec.Replicas == nil {
		return 1
	}
	return *w.Spec.Replicas
}

// there is how many replicas do their work.
func (w *workload) there() int {
	if w.kind == statefulSet {
		return w.Status.Ready
	}
	if w.Status.Available == nil {
		return 0
	}
	return *w.Status.Available
}

// progress returns the condition of a Deployment that says how its rollout goes.
func (w *workload) progress() condition {
	for _, c := range w.Status.Conditions {
		if c.Type == "Progressing" {
			return c
		}
	}
	return condition{}
}

// id is unique in a cluster.
func (w *workload) id() string {
	return fact.Name(strings.Join([]string{w.Metadata.Namespace, w.kind, w.Metadata.Name}, "/"))
}

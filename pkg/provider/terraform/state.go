package terraform

import "github.com/signpost-dev/signpost/pkg/snapshot"

// states are those of runs. A plan that waits for somebody's word has not been applied and
// is queued; one that had nothing to change has succeeded.
// https://developer.hashicorp.com/terraform/cloud-docs/api-docs/run#run-states
var states = map[string]snapshot.DeploymentState{
	"pending":      snapshot.Queued,
	"plan_queued":  snapshot.Queued,
	"queuing":      snapshot.Queued,
	"apply_queued": snapshot.Queued,

	"queuing_apply":               snapshot.Queued,
	"planned":                     snapshot.Queued,
	"planned_and_saved":           snapshot.Queued,
	"cost_estimated":              snapshot.Queued,
	"policy_checked":              snapshot.Queued,
	"policy_override":             snapshot.Queued,
	"post_plan_completed":         snapshot.Queued,
	"post_plan_awaiting_decision": snapshot.Queued,

	"fetching":            snapshot.Running,
	"fetching_completed":  snapshot.Running,
	"pre_plan_running":    snapshot.Running,
	"pre_plan_completed":  snapshot.Running,
	"planning":            snapshot.Running,
	"cost_estimating":     snapshot.Running,
	"policy_checking":     snapshot.Running,
	"post_plan_running":   snapshot.Running,
	"confirmed":           snapshot.Running,
	"pre_apply_running":   snapshot.Running,
	"pre_apply_completed": snapshot.Running,
	"applying":            snapshot.Running,
	"post_apply_running":  snapshot.Running,

	"applied":              snapshot.Succeeded,
	"post_apply_completed": snapshot.Succeeded,
	"planned_and_finished": snapshot.Succeeded,

	"errored":            snapshot.Failed,
	"policy_soft_failed": snapshot.Failed,

	"discarded":      snapshot.Cancelled,
	"canceled":       snapshot.Cancelled,
	"force_canceled": snapshot.Cancelled,
}

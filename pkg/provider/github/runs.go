package github

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// keepRun is how long a run is taken over that is at none of the last commits any more, as
// that of a workflow which runs for few files. A workflow that is gone goes then, too.
const keepRun = 30 * 24 * time.Hour

// runsOf returns the last run of each workflow on the default branch.
func (w *wanted) runsOf(s provider.Subject, r provider.Request) ([]snapshot.Run, error) {
	last := map[string]snapshot.Run{}
	for _, old := range r.Before.Runs {
		if old.Entity == s.Entity && r.Now.Sub(old.At) < keepRun {
			last[old.ID] = old
		}
	}
	if w.got.DefaultBranchRef == nil {
		return nil, nil
	}
	for _, c := range w.got.DefaultBranchRef.Target.History.Nodes {
		for _, suite := range c.CheckSuites.Nodes {
			run, ok, err := w.runOf(s, c.OID, suite, r.Now)
			if err != nil {
				return nil, err
			}
			if old, known := last[run.ID]; ok && (!known || !run.At.Before(old.At)) {
				last[run.ID] = run
			}
		}
	}
	return slices.Collect(maps.Values(last)), nil
}

// runOf is the run that a check suite is of, if it is one of GitHub Actions, on the default
// branch, that did run.
func (w *wanted) runOf(s provider.Subject, commit string, suite suite, now time.Time) (snapshot.Run, bool, error) {
	run := suite.WorkflowRun
	if run == nil || suite.Branch != nil && suite.Branch.Name != w.branch() || suite.Conclusion == "SKIPPED" {
		return snapshot.Run{}, false, nil
	}
	state, err := runState(suite)
	if err != nil {
		return snapshot.Run{}, false, &provider.Error{Kind: snapshot.Garbage, Message: fmt.Sprintf("%s: run %d: %v", w.full(), run.DatabaseID, err)}
	}
	return snapshot.Run{
		About: about(s, run.Workflow.DatabaseID, now, run.URL), Name: run.Workflow.Name, State: state, Commit: commit, At: run.CreatedAt,
	}, true, nil
}

// runState translates CheckStatusState and CheckConclusionState.
func runState(s suite) (snapshot.DeploymentState, error) {
	switch s.Status {
	case "REQUESTED", "QUEUED", "WAITING", "PENDING":
		return snapshot.Queued, nil
	case "IN_PROGRESS":
		return snapshot.Running, nil
	case "COMPLETED":
	default:
		return "", fmt.Errorf("the status %q is none that GitHub documents", s.Status)
	}
	switch s.Conclusion {
	case "SUCCESS", "NEUTRAL":
		return snapshot.Succeeded, nil
	case "FAILURE", "TIMED_OUT", "STARTUP_FAILURE":
		return snapshot.Failed, nil
	case "CANCELLED", "STALE":
		return snapshot.Cancelled, nil
	case "ACTION_REQUIRED":
		return snapshot.Queued, nil
	}
	return "", fmt.Errorf("the conclusion %q is none that GitHub documents", s.Conclusion)
}

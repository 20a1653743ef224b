// Package snapshottest changes facts as tests need them.
package snapshottest

import (
	"time"

	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// Later moves a file and all its facts: they are as read a while later.
func Later(f *snapshot.File, after time.Duration) {
	f.Fetched, f.Tried = f.Fetched.Add(after), f.Tried.Add(after)
	later(f.Deployments, after)
	later(f.Health, after)
	later(f.Releases, after)
	later(f.Runs, after)
	later(f.Repositories, after)
	later(f.OnCall, after)
	later(f.Incidents, after)
	later(f.Alerts, after)
	later(f.Objectives, after)
}

func later[T any, P snapshot.Fact[T]](all []T, after time.Duration) {
	for i := range all {
		common := P(&all[i]).Common()
		common.Observed = common.Observed.Add(after)
	}
}

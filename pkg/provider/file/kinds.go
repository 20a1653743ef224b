package file

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// kind is one of the lists of snapshot.Facts.
type kind struct {
	of     reflect.Type                        // of one of them
	states []any                               // that it may have; nil for any
	other  string                              // what a state becomes that is none of these; without it, it is an error
	bare   bool                                // it has neither identifier nor time of its own
	add    func(*snapshot.Facts, []byte) error // appends one from JSON
}

// kinds are all of them, by their names in JSON.
var kinds = map[string]kind{
	"deployments":  of(func(f *snapshot.Facts) *[]snapshot.Deployment { return &f.Deployments }, steps, ""),
	"health":       of(func(f *snapshot.Facts) *[]snapshot.Health { return &f.Health }, healths, string(snapshot.Unknown)),
	"releases":     of(func(f *snapshot.Facts) *[]snapshot.Release { return &f.Releases }, nil, ""),
	"runs":         of(func(f *snapshot.Facts) *[]snapshot.Run { return &f.Runs }, steps, ""),
	"repositories": of(func(f *snapshot.Facts) *[]snapshot.Repository { return &f.Repositories }, nil, ""),
	"onCall":       of(func(f *snapshot.Facts) *[]snapshot.OnCall { return &f.OnCall }, nil, ""),
	"incidents":    of(func(f *snapshot.Facts) *[]snapshot.Incident { return &f.Incidents }, incidents, ""),
	"alerts":       of(func(f *snapshot.Facts) *[]snapshot.Alert { return &f.Alerts }, alerts, string(snapshot.NoData)),
	"objectives":   of(func(f *snapshot.Facts) *[]snapshot.Objective { return &f.Objectives }, nil, ""),
	"foreign":      bare(of(func(f *snapshot.Facts) *[]snapshot.Foreign { return &f.Foreign }, nil, "")),
	"problems":     bare(of(func(f *snapshot.Facts) *[]snapshot.Problem { return &f.Problems }, nil, "")),
}

var (
	steps     = words(snapshot.Queued, snapshot.Running, snapshot.Succeeded, snapshot.Failed, snapshot.Cancelled, snapshot.RolledBack, snapshot.Inactive)
	healths   = words(snapshot.Healthy, snapshot.Progressing, snapshot.Degraded, snapshot.Unhealthy, snapshot.Unknown)
	incidents = words(snapshot.Triggered, snapshot.Acknowledged, snapshot.Resolved)
	alerts    = words(snapshot.Firing, snapshot.Pending, snapshot.Quiet, snapshot.NoData)
)

func words[T ~string](all ...T) []any {
	texts := make([]any, len(all))
	for i, w := range all {
		texts[i] = string(w)
	}
	return texts
}

func of[T any](list func(*snapshot.Facts) *[]T, states []any, other string) kind {
	return kind{of: reflect.TypeFor[T](), states: states, other: other, add: func(f *snapshot.Facts, data []byte) error {
		var one T
		d := json.NewDecoder(bytes.NewReader(data))
		d.DisallowUnknownFields()
		if err := d.Decode(&one); err != nil {
			return err
		}
		all := list(f)
		*all = append(*all, one)
		return nil
	}}
}

func bare(k kind) kind {
	k.bare = true
	return k
}

func kindNames() string { return strings.Join(slices.Sorted(maps.Keys(kinds)), ", ") }

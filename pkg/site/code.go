package site

import (
	"cmp"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// mostRuns is how many workflows a page names.
const mostRuns = 6

// code is what is known of where the code is, what of it was published, and how its
// workflows went.
func (l *planner) code(e *portal.Entity) []CodeRow {
	var rows []CodeRow
	for _, r := range e.Live.Repositories {
		rows = append(rows, repositoryRow(r))
	}
	if all := e.Live.Releases; len(all) > 0 {
		full := slices.IndexFunc(all, func(r portal.Told[snapshot.Release]) bool { return !r.Fact.Prerelease })
		rows = append(rows, releaseRow(all[max(full, 0)]))
	}
	for i, r := range e.Live.Runs {
		if i == mostRuns {
			break
		}
		row := CodeRow{
			LiveState: stateOf(deploymentStates, r.Fact.State), Title: r.Fact.Name, When: r.Fact.At.UTC(), Told: told(r.By, r.Fact.About),
			Text: Link{Text: shortCommit(r.Fact.Commit), Href: l.CodeURL(e, r.Fact.Commit)},
		}
		switch r.Fact.State {
		case snapshot.Succeeded:
			row.Word = "Passed"
		case snapshot.Running:
			row.Word = "Running"
		}
		rows = append(rows, row)
	}
	return rows
}

func repositoryRow(r portal.Told[snapshot.Repository]) CodeRow {
	row := CodeRow{Title: "Repository", Text: Link{Text: r.Fact.Name, Href: outside(r.Fact.URL)}, Told: told(r.By, r.Fact.About)}
	row.Source.Href = ""
	if r.Fact.Archived {
		row.LiveState = LiveState{Warns, "Archived"}
	}
	var notes []string
	if r.Fact.Language != "" {
		notes = append(notes, r.Fact.Language)
	}
	if r.Fact.Branch != "" {
		notes = append(notes, "branch "+r.Fact.Branch)
	}
	if len(r.Fact.Codeowners) > 0 {
		notes = append(notes, "owned by "+strings.Join(r.Fact.Codeowners, ", "))
	}
	if !r.Fact.Pushed.IsZero() {
		row.When = r.Fact.Pushed.UTC()
		notes = append(notes, "pushed")
	}
	row.Note = strings.Join(notes, " · ")
	return row
}

func releaseRow(r portal.Told[snapshot.Release]) CodeRow {
	row := CodeRow{
		Title: "Latest release", Text: Link{Text: cmp.Or(r.Fact.Version, r.Fact.Title), Href: outside(r.Fact.URL)},
		When: r.Fact.At.UTC(), Told: told(r.By, r.Fact.About),
	}
	row.Source.Href = ""
	if r.Fact.Prerelease {
		row.LiveState = LiveState{Noted, "Prerelease"}
	}
	if r.Fact.By != "" {
		row.Note = "by " + r.Fact.By
	}
	return row
}

package github

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// facts adds what is known of a repository, for each subject that asks.
func (w *wanted) facts(facts *snapshot.Facts, r provider.Request) {
	for _, s := range w.subjects {
		err := w.err
		if err == nil && s.Purpose == provider.Deployments {
			err = w.deploymentsOf(s, facts, r.Now)
		} else if err == nil {
			err = w.codeOf(s, facts, r)
		}
		if err != nil {
			facts.Problems = append(facts.Problems, provider.OfSubject(s, err))
		}
	}
}

// about makes the part that all facts share. Several entities may lie in one repository, so
// identifiers name the entity too.
func about(s provider.Subject, id any, now time.Time, link string) snapshot.About {
	return snapshot.About{ID: fmt.Sprintf("%v/%s", id, s.Entity), Entity: s.Entity, Environment: s.Environment, Observed: now, URL: fact.Link(link)}
}

// deploymentsOf adds the last deployments to an environment, the newest first.
func (w *wanted) deploymentsOf(s provider.Subject, facts *snapshot.Facts, now time.Time) error {
	environment := environmentOf(s)
	var all []snapshot.Deployment
	for _, d := range w.got.deployments[environment] {
		state, err := stateOf(d)
		if err != nil {
			return &provider.Error{Kind: snapshot.Garbage, Message: fmt.Sprintf("%s: deployment %d to %s: %v", w.full(), d.DatabaseID, environment, err)}
		}
		told := snapshot.Deployment{
			About:   about(s, d.DatabaseID, now, w.got.URL+"/deployments/"+url.PathEscape(environment)),
			Version: w.versionOf(d), Commit: d.CommitOID, State: state, At: d.CreatedAt,
		}
		if d.Creator != nil {
			told.By = d.Creator.Login
		}
		if behind, known := w.behind[d.CommitOID]; known {
			told.Behind = &behind
		}
		if d.Commit != nil {
			told.Committed = d.Commit.CommittedDate
		}
		if d.LatestStatus != nil {
			told.Log = fact.Link(d.LatestStatus.LogURL)
			if state != snapshot.Queued && state != snapshot.Running {
				told.Ended = d.LatestStatus.CreatedAt
			}
		}
		all = append(all, told)
	}
	facts.Deployments = append(facts.Deployments, inTurn(all)...)
	return nil
}

// inTurn says of each deployment what was there before, and that only the newest that
// succeeded is still there: GitHub leaves that to whoever deploys.
func inTurn(all []snapshot.Deployment) []snapshot.Deployment {
	slices.SortStableFunc(all, func(a, b snapshot.Deployment) int { return b.At.Compare(a.At) })
	succeeded := false
	for i := range all {
		if all[i].State == snapshot.Succeeded && succeeded {
			all[i].State = snapshot.Inactive
		}
		succeeded = succeeded || all[i].State == snapshot.Succeeded
	}
	ran := func(d snapshot.Deployment) bool {
		return d.State == snapshot.Succeeded || d.State == snapshot.Inactive
	}
	for i := range all {
		if before := slices.IndexFunc(all[i+1:], ran); before >= 0 {
			all[i].Previous = all[i+1+before].Version
		}
	}
	return all
}

// stateOf is the state of a deployment: DeploymentStatusState of its latest status, or
// DeploymentState.
func stateOf(d deployment) (snapshot.DeploymentState, error) {
	state := d.State
	if d.LatestStatus != nil {
		state = d.LatestStatus.State
	}
	switch state {
	case "PENDING", "QUEUED", "WAITING":
		return snapshot.Queued, nil
	case "IN_PROGRESS":
		return snapshot.Running, nil
	case "SUCCESS", "ACTIVE":
		return snapshot.Succeeded, nil
	case "FAILURE", "ERROR":
		return snapshot.Failed, nil
	case "ABANDONED":
		return snapshot.Cancelled, nil
	case "INACTIVE", "DESTROYED":
		return snapshot.Inactive, nil
	}
	return "", fmt.Errorf("the state %q is none that GitHub documents", state)
}

// versionOf is the release of the commit, else what was deployed by name, if that stays the
// same: a branch does not.
func (w *wanted) versionOf(d deployment) string {
	for _, r := range w.got.Releases.Nodes {
		if r.TagCommit != nil && r.TagCommit.OID == d.CommitOID {
			return r.TagName
		}
	}
	if d.Ref != nil && d.Ref.Name != "" && d.Ref.Name != w.branch() {
		return d.Ref.Name
	}
	return d.CommitOID[:min(7, len(d.CommitOID))]
}

func (w *wanted) branch() string {
	if b := w.got.DefaultBranchRef; b != nil { // an empty repository has none
		return b.Name
	}
	return ""
}

// codeOf adds what concerns the code: the repository, its releases and runs.
func (w *wanted) codeOf(s provider.Subject, facts *snapshot.Facts, r provider.Request) error {
	told := snapshot.Repository{
		About: about(s, strings.ToLower(w.full()), r.Now, w.got.URL), Name: w.got.NameWithOwner, Archived: w.got.IsArchived,
		Branch: w.branch(), Pushed: w.got.PushedAt, Codeowners: w.owners(),
	}
	if w.got.PrimaryLanguage != nil {
		told.Language = w.got.PrimaryLanguage.Name
	}
	runs, err := w.runsOf(s, r)
	if err != nil {
		return err
	}
	facts.Repositories = append(facts.Repositories, told)
	facts.Runs = append(facts.Runs, runs...)
	for _, rel := range w.got.Releases.Nodes {
		if rel.IsDraft {
			continue // not published
		}
		told := snapshot.Release{
			About: about(s, rel.DatabaseID, r.Now, rel.URL), Version: rel.TagName, Title: rel.Name, Prerelease: rel.IsPrerelease,
			At: cmp.Or(rel.PublishedAt, rel.CreatedAt),
		}
		if rel.Author != nil {
			told.By = rel.Author.Login
		}
		facts.Releases = append(facts.Releases, told)
	}
	return nil
}

// owners are those of everything: of the last rule in CODEOWNERS for all files. The first of
// the three places that has the file counts.
func (w *wanted) owners() []string {
	for _, file := range []*struct{ Text string }{w.got.Owners1, w.got.Owners2, w.got.Owners3} {
		if file == nil {
			continue
		}
		var owners []string
		for line := range strings.Lines(file.Text) {
			line, _, _ = strings.Cut(line, "#")
			words := strings.Fields(line)
			if len(words) > 0 && slices.Contains([]string{"*", "**", "/**"}, words[0]) {
				owners = words[1:]
			}
		}
		return owners
	}
	return nil
}

package github

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/signpost-dev/signpost/pkg/parallel"
	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// comparison is how a commit lies to the default branch (GraphQL, Comparison).
type comparison struct{ AheadBy, BehindBy int }

// compare asks how far behind the default branch that is which runs in the environments of a
// repository, where that is not one commit: so a page can say by how much they differ. That
// is asked for on top: if GitHub does not answer, pages say that they differ and lead to the
// comparison.
func (g *gitHub) compare(ctx context.Context, all []*wanted) {
	var differing []*wanted
	for _, w := range all {
		if w.err == nil && w.branch() != "" && len(w.running()) > 1 {
			differing = append(differing, w)
		}
	}
	batches := slices.Collect(slices.Chunk(differing, perBatch))
	_ = parallel.EachOf(ctx, provider.Connections, len(batches), func(i int) error {
		var r reply
		if _, err := g.client.Post(ctx, g.graphql, comparisonsOf(batches[i]), &r); err != nil {
			return err // the others would hear the same
		}
		for i, w := range batches[i] {
			w.compared(r.Data[fmt.Sprintf("r%d", i)])
		}
		return nil
	})
}

// running are the commits that run in any environment, each once.
func (w *wanted) running() []string {
	var commits []string
	for _, e := range w.environments {
		for _, d := range w.got.deployments[e] {
			state, _ := stateOf(d)
			if state == snapshot.Succeeded {
				if d.CommitOID != "" && !slices.Contains(commits, d.CommitOID) {
					commits = append(commits, d.CommitOID)
				}
				break
			}
		}
	}
	return commits
}

// comparisonsOf asks of a batch of repositories: r0, r1, … for comparisons c0, c1, … of the
// default branch with each of their commits.
func comparisonsOf(batch []*wanted) question {
	var a asking
	for i, w := range batch {
		a.variable(fmt.Sprintf("o%d", i), w.owner)
		a.variable(fmt.Sprintf("n%d", i), w.name)
		fmt.Fprintf(&a.body, "  r%d: repository(owner: $o%d, name: $n%d) { defaultBranchRef {", i, i, i)
		for j, commit := range w.running() {
			a.variable(fmt.Sprintf("c%d_%d", i, j), commit)
			fmt.Fprintf(&a.body, " c%d: compare(headRef: $c%d_%d) { aheadBy behindBy }", j, i, j)
		}
		a.body.WriteString(" } }\n")
	}
	return a.question()
}

// compared keeps how far behind the default branch commits are that lie on it.
func (w *wanted) compared(data json.RawMessage) {
	var r *struct{ DefaultBranchRef map[string]*comparison }
	if err := json.Unmarshal(data, &r); err != nil || r == nil {
		return
	}
	w.behind = map[string]int{}
	for i, commit := range w.running() {
		if c := r.DefaultBranchRef[fmt.Sprintf("c%d", i)]; c != nil && c.AheadBy == 0 && c.BehindBy >= 0 {
			w.behind[commit] = c.BehindBy
		}
	}
}

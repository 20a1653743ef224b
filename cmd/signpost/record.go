package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// recorded is the provider under which facts stand that scripts have told.
const recorded = "recorded"

type recordOptions struct {
	path, store            string
	branch                 branchOptions
	entity, environment    string
	version, commit, state string
	by, log, url           string
	at                     nowFlag
	ended, committed       nowFlag
	rollout                int
}

func newRecord(e env) *cobra.Command {
	c := &cobra.Command{
		Use:   "record",
		Short: "Note one fact, from a script or another CI system",
		Args:  usageOf(cobra.NoArgs),
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newRecordDeployment(e))
	return c
}

func newRecordDeployment(e env) *cobra.Command {
	var o recordOptions
	c := &cobra.Command{
		Use:   "deployment [PATH] --entity REF --environment NAME --version VERSION",
		Short: "Note that a version is deployed, or that it failed",
		Long: `Deployment notes one deployment in the folder that build reads, so that a pipeline of any
CI system needs one line. Noting the same one again (same entity, environment, version
and commit) changes its state.`,
		Example: "signpost record deployment --entity service:payments-api --environment production --version 2.14.3 --by amara",
		Args:    atMost(1),
		RunE: func(c *cobra.Command, args []string) error {
			o.path = operand(args, 0, ".")
			return runRecordDeployment(c.Context(), e, o)
		},
	}
	f := c.Flags()
	addSnapshots(f, &o.store)
	o.branch.addTo(f)
	f.StringVar(&o.entity, "entity", "", "what is deployed, such as service:payments-api (required)")
	f.StringVar(&o.environment, "environment", "", "where (required)")
	f.StringVar(&o.version, "version", "", "which version (this or --commit is required)")
	f.StringVar(&o.commit, "commit", "", "of which commit, in full")
	f.Var(&o.committed, "committed", "when that commit was made, for the lead time; git log -1 --format=%cI says it")
	f.StringVar(&o.state, "state", string(snapshot.Succeeded), "queued, running, succeeded, failed, cancelled, rolled-back or inactive")
	f.StringVar(&o.by, "by", "", "who has deployed it")
	f.StringVar(&o.log, "log", "", "the address of the log")
	f.StringVar(&o.url, "url", "", "the address of the deployment")
	f.IntVar(&o.rollout, "rollout", 0, "the share of the traffic in percent, while it is not all")
	f.Var(&o.at, "at", "when it began (default now)")
	f.Var(&o.ended, "ended", "when it ended (default now, unless it is queued or running)")
	return c
}

func runRecordDeployment(ctx context.Context, e env, o recordOptions) error {
	switch {
	case o.entity == "":
		return usageError{errors.New("--entity is missing: say what is deployed, such as service:payments-api")}
	case o.environment == "":
		return usageError{errors.New("--environment is missing: say where it is deployed")}
	case o.version == "" && o.commit == "":
		return usageError{errors.New("--version or --commit is missing: say what is deployed")}
	}
	w, err := openWorkspace(ctx, o.path, time.Now())
	if err != nil {
		return err
	}
	defer w.Close()
	entity, err := w.entity(o.entity)
	if err != nil {
		return err
	}
	d := o.deployment(entity, time.Now().UTC().Truncate(time.Second))
	dir := w.storeFor(o.store)
	if err := o.branch.keeping(ctx, w, dir, d.Observed, func() error { return noteDeployment(dir, d, !o.at.IsZero()) }); err != nil {
		return err
	}
	fmt.Fprintf(e.stderr, "noted: %s %s in %s %s\n", d.Entity, strings.TrimSpace(d.Version+" "+d.Commit), d.Environment, d.State)
	return nil
}

// noteDeployment adds a deployment to those of scripts. began says that its beginning was
// given; otherwise it is that of an earlier note, while the deployment went on.
func noteDeployment(dir string, d snapshot.Deployment, began bool) error {
	store, err := snapshot.Create(dir)
	if err != nil {
		return err
	}
	defer store.Close()
	file, err := store.ReadOne(recorded)
	if err != nil {
		return err
	}
	facts := file.Facts
	for _, old := range facts.Deployments {
		if old.ID == d.ID && (old.State == snapshot.Queued || old.State == snapshot.Running) {
			d = goesOn(old, d, began)
		}
	}
	facts.Deployments = append(earlier(facts.Deployments, d), d)
	file.Type = recorded
	if err := store.Write(snapshot.Merge(file, d.Observed, snapshot.Fetched{Facts: facts}, true)); err != nil {
		return err
	}
	return store.Remember(d.Observed)
}

// entity returns the reference of an entity of the catalog.
func (w *workspace) entity(ref string) (string, error) {
	if w.catalog == nil {
		return "", errors.New("signpost.yaml cannot be used; mend it first")
	}
	r := catalog.Reference{Kinds: deployable}
	r.Text = ref
	found, why := w.catalog.Resolve(ref, deployable, "")
	if found != nil {
		return found.Ref.String(), nil
	}
	if near := w.catalog.Near(&r); near != "" {
		why = fmt.Sprintf("did you mean %s?", near)
	}
	return "", usageError{fmt.Errorf("the catalog has no %s; %s", ref, why)}
}

// deployable are the kinds whose name stands for one of them if no kind is said.
var deployable = []string{"service", "library", "pipeline", "api", "resource"}

func (o recordOptions) deployment(entity string, now time.Time) snapshot.Deployment {
	d := snapshot.Deployment{
		About:   snapshot.About{Entity: entity, Environment: o.environment, Observed: now, URL: o.url},
		Version: o.version, Commit: o.commit, State: snapshot.DeploymentState(o.state), By: o.by, Log: o.log, Rollout: o.rollout,
		At: now,
	}
	if !o.at.IsZero() {
		d.At = o.at.UTC()
	}
	if !o.committed.IsZero() {
		d.Committed = o.committed.UTC()
	}
	switch {
	case !o.ended.IsZero():
		d.Ended = o.ended.UTC()
	case d.State != snapshot.Queued && d.State != snapshot.Running:
		d.Ended = now
	}
	sum := sha256.Sum256([]byte(strings.Join([]string{entity, o.environment, o.version, o.commit}, "\x00")))
	d.ID = hex.EncodeToString(sum[:8])
	return d
}

// goesOn is a deployment with what an earlier note of the same has said and the new one leaves out.
func goesOn(old, d snapshot.Deployment, began bool) snapshot.Deployment {
	if !began {
		d.At = old.At
	}
	if d.Committed.IsZero() {
		d.Committed = old.Committed
	}
	d.By, d.Log, d.URL = cmp.Or(d.By, old.By), cmp.Or(d.Log, old.Log), cmp.Or(d.URL, old.URL)
	return d
}

// earlier are the deployments but for an earlier note of the same. What ran in the environment before runs there no longer, if the new one does.
func earlier(all []snapshot.Deployment, d snapshot.Deployment) []snapshot.Deployment {
	var others []snapshot.Deployment
	for _, old := range all {
		if old.ID == d.ID {
			continue
		}
		if old.Entity == d.Entity && old.Environment == d.Environment && old.State == snapshot.Succeeded && d.State == snapshot.Succeeded {
			old.State = snapshot.Inactive
		}
		others = append(others, old)
	}
	return others
}

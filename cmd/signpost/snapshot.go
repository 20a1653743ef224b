package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// mostPatience is how long one provider may take in all.
const mostPatience = 10 * time.Minute

type snapshotOptions struct {
	path       string
	store      string
	branch     branchOptions
	names      []string
	acceptLoss []string
	strict     bool
	now        nowFlag
}

func newSnapshot(e env) *cobra.Command {
	var o snapshotOptions
	c := &cobra.Command{
		Use:   "snapshot [PATH]",
		Short: "Fetch what live systems say of the catalog",
		Long: `Snapshot asks the providers that signpost.yaml sets up what they know of the catalog at
PATH (default: here), side by side, and keeps it in a folder that build reads. Secrets
come from the environment. What a provider could not fetch stays as it was, with its age
and the reason. Where more than a quarter of what a provider knew is gone at once, all of
it stays until --accept-loss names the provider.

With --branch the folder is kept on a branch of its own, as one commit without a past, so
that a CI machine that starts empty finds what the one before has left.`,
		Args: atMost(1),
		RunE: func(c *cobra.Command, args []string) error {
			o.path = operand(args, 0, ".")
			return runSnapshot(c.Context(), e, o)
		},
	}
	addSnapshots(c.Flags(), &o.store)
	o.branch.addTo(c.Flags())
	c.Flags().StringSliceVar(&o.names, "provider", nil, "ask only these providers")
	c.Flags().StringSliceVar(&o.acceptLoss, "accept-loss", nil, "believe these providers that much is gone")
	c.Flags().BoolVar(&o.strict, "strict", false, "exit with status 3 if a provider failed")
	addNow(c.Flags(), &o.now)
	return c
}

// errDegraded ends a strict snapshot of which something is missing.
var errDegraded = errors.New("not every provider could be read")

func runSnapshot(ctx context.Context, e env, o snapshotOptions) error {
	now := o.now.instant().UTC().Truncate(time.Second)
	w, err := openWorkspace(ctx, o.path, now)
	if err != nil {
		return err
	}
	defer w.Close()
	if w.catalog == nil || len(w.config.Providers) == 0 && slices.ContainsFunc(w.found, ofConfig) {
		w.print(e, slices.DeleteFunc(slices.Clone(w.found), func(d diag.Diagnostic) bool { return !ofConfig(d) }))
		return errors.New("signpost.yaml cannot be used; mend it first")
	}
	chosen, err := choose(w.config.Providers, o)
	if err != nil {
		return err
	}
	if len(chosen) == 0 {
		fmt.Fprintln(e.stderr, "signpost.yaml sets up no providers, so there is nothing to fetch")
		return nil
	}
	var files []snapshot.File
	dir := w.storeFor(o.store)
	err = o.branch.keeping(ctx, w, dir, now, func() error {
		store, err := snapshot.Create(dir)
		if err != nil {
			return err
		}
		defer store.Close()
		if files, err = fetchAll(ctx, e, w, store, chosen, now, o.acceptLoss); err != nil {
			return err
		}
		return store.Remember(now)
	})
	if err != nil {
		return err
	}
	report(e.stdout, files)
	if o.strict && slices.ContainsFunc(files, degraded) {
		return errDegraded
	}
	return nil
}

// ofConfig reports whether a finding is about signpost.yaml. Providers that are set up wrongly
// are left out with all others, which must not look as if there were none.
func ofConfig(d diag.Diagnostic) bool {
	return d.Code == catalog.CodeConfigInvalid || path.Base(d.Span.File) == catalog.ConfigFile
}

// choose returns the providers to ask.
func choose(all []catalog.ProviderSetting, o snapshotOptions) ([]catalog.ProviderSetting, error) {
	var names []string
	for _, p := range all {
		names = append(names, p.Name.Text)
	}
	for _, name := range append(slices.Clone(o.names), o.acceptLoss...) {
		if !slices.Contains(names, name) {
			return nil, usageError{fmt.Errorf("signpost.yaml sets up no provider %q; it sets up %s", name, strings.Join(names, ", "))}
		}
	}
	return slices.DeleteFunc(slices.Clone(all), func(p catalog.ProviderSetting) bool {
		return len(o.names) > 0 && !slices.Contains(o.names, p.Name.Text)
	}), nil
}

// fetchAll asks providers side by side, and keeps what each says as soon as it is there.
func fetchAll(ctx context.Context, e env, w *workspace, store *snapshot.Store, chosen []catalog.ProviderSetting, now time.Time, accept []string) ([]snapshot.File, error) {
	files := make([]snapshot.File, len(chosen))
	errs := make([]error, len(chosen))
	var group sync.WaitGroup
	var said sync.Mutex
	for i, p := range chosen {
		group.Go(func() {
			began := time.Now()
			files[i], errs[i] = fetchOne(ctx, e, w, store, p, now, slices.Contains(accept, p.Name.Text))
			said.Lock()
			defer said.Unlock()
			if errs[i] == nil {
				fmt.Fprintf(e.stderr, "%s: %s in %s\n", p.Name.Text, outcome(files[i]), brief(time.Since(began)))
			}
		})
	}
	group.Wait()
	return files, errors.Join(errs...)
}

func fetchOne(ctx context.Context, e env, w *workspace, store *snapshot.Store, p catalog.ProviderSetting, now time.Time, accept bool) (snapshot.File, error) {
	before, err := store.ReadOne(p.Name.Text)
	if err != nil {
		return before, err
	}
	before.Type = p.Type
	ctx, cancel := context.WithTimeout(ctx, mostPatience)
	defer cancel()
	var fetched snapshot.Fetched
	facts, err := fetch(ctx, w, p, provider.Request{Subjects: subjects(w.catalog, p), Now: now, Before: before.Facts}, e.getenv)
	if fetched.Facts = facts; err == nil {
		err = facts.Validate()
	}
	fetched.Err = provider.ProblemOf(err)
	after := snapshot.Merge(before, now, fetched, accept)
	return after, store.Write(after)
}

func fetch(ctx context.Context, w *workspace, p catalog.ProviderSetting, r provider.Request, getenv func(string) string) (snapshot.Facts, error) {
	make, ok := providers[p.Type]
	if !ok {
		return snapshot.Facts{}, &provider.Error{Kind: snapshot.Config, Message: fmt.Sprintf("there is no type of provider %q", p.Type)}
	}
	system, err := make(settings(p, w.dir, getenv))
	if err != nil {
		return snapshot.Facts{}, err
	}
	return system.Fetch(ctx, r)
}

// degraded reports whether a provider, or something of it, could not be read.
func degraded(f snapshot.File) bool { return f.Problem != nil || len(f.Problems) > 0 }

// outcome says in a few words how a provider did.
func outcome(f snapshot.File) string {
	facts := countOf(f.Count(), "fact", "facts")
	switch {
	case f.Problem != nil && f.Fetched.IsZero():
		return fmt.Sprintf("failed (%s): %s", f.Problem.Kind, f.Problem.Message)
	case f.Problem != nil:
		return fmt.Sprintf("failed (%s): %s; the %s of %s stay", f.Problem.Kind, f.Problem.Message, facts, f.Fetched.Format(time.RFC3339))
	case len(f.Problems) > 0:
		return fmt.Sprintf("%s; %s could not be read", facts, countOf(len(f.Problems), "entity", "entities"))
	}
	return facts
}

// report writes what is known now, a line for each provider and for what failed in it.
func report(w io.Writer, files []snapshot.File) {
	for _, f := range files {
		state := "fresh"
		if f.Problem != nil {
			state = "stale"
		}
		fmt.Fprintf(w, "%-20s %-6s %s\n", f.Provider, state, outcome(f))
		for _, p := range f.Problems {
			fmt.Fprintf(w, "    %s %s (%s since %s): %s\n", p.Entity, p.Environment, p.Kind, p.Since.Format(time.RFC3339), p.Message)
		}
	}
}

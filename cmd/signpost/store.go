package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/pflag"

	"github.com/signpost-dev/signpost/pkg/machinebranch"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// addSnapshots adds the flag that says where facts about live systems are.
func addSnapshots(flags *pflag.FlagSet, dir *string) {
	flags.StringVar(dir, "snapshots", "", "the folder with what live systems have said (default .signpost/snapshots of the repository, else snapshots of the catalog)")
}

// branchOptions say on which branch of which remote the store is kept.
type branchOptions struct{ name, remote string }

func (o *branchOptions) addTo(flags *pflag.FlagSet) {
	flags.StringVar(&o.name, "branch", "", "a branch that only machines write: take the store from it first, and put it back there")
	flags.StringVar(&o.remote, "remote", "origin", "the remote that has the branch")
}

// mostPushes is how often the store is put back on its branch if others do so meanwhile.
const mostPushes = 5

// keeping runs work on a store, which it takes from its branch before and puts back there
// after that, if there is one. Where another machine has written the branch meanwhile,
// all is done again on what that has left.
func (o branchOptions) keeping(ctx context.Context, w *workspace, dir string, at time.Time, work func() error) error {
	if o.name == "" {
		return work()
	}
	if w.gitRoot == "" {
		return usageError{fmt.Errorf("--branch needs a Git repository, and %s is in none", w.dir)}
	}
	b := machinebranch.Branch{Repository: w.gitRoot, Remote: o.remote, Name: o.name}
	for try := 1; ; try++ {
		tip, err := b.Fetch(ctx, dir)
		if err != nil {
			return fmt.Errorf("taking the store from the branch %s: %w", o.name, err)
		}
		if err := work(); err != nil {
			return err
		}
		err = b.Push(ctx, dir, tip, "Snapshot", at)
		if err == nil {
			return nil
		}
		if !errors.Is(err, machinebranch.ErrMoved) || try == mostPushes {
			return fmt.Errorf("putting the store on the branch %s: %w", o.name, err)
		}
	}
}

// storeFor returns the folder to write snapshots into.
func (w *workspace) storeFor(flag string) string {
	if flag != "" {
		return flag
	}
	top := w.gitRoot
	if top == "" {
		top = w.dir
	}
	return filepath.Join(top, ".signpost", "snapshots")
}

// storeOf returns the folder to read snapshots from. The repository's own comes first;
// those that a catalog brings along, as examples do, second.
func (w *workspace) storeOf(flag string) string {
	own := w.storeFor(flag)
	if flag != "" {
		return own
	}
	if _, err := os.Stat(own); err == nil {
		return own
	}
	return filepath.Join(w.dir, "snapshots")
}

// sizeOf returns how many bytes the files of a folder have; 0 if it is not there.
func sizeOf(dir string) (bytes int64) {
	entries, _ := os.ReadDir(dir) // whoever reads it says what is wrong with it
	for _, e := range entries {
		if info, err := e.Info(); err == nil && info.Mode().IsRegular() {
			bytes += info.Size()
		}
	}
	return bytes
}

// live is what live systems have said, and what happened before.
type live struct {
	snapshots []snapshot.File
	history   []snapshot.Month
}

// live reads the snapshot store.
func (w *workspace) live(flag string) (l live, err error) {
	if l.snapshots, err = w.snapshots(flag); err != nil {
		return l, err
	}
	store, err := snapshot.Open(w.storeOf(flag))
	if err != nil {
		return l, err
	}
	defer store.Close()
	l.history, err = store.History()
	return l, err
}

// snapshots reads what the snapshot store has of the present, without the history.
func (w *workspace) snapshots(flag string) ([]snapshot.File, error) {
	store, err := snapshot.Open(w.storeOf(flag))
	if err != nil {
		return nil, err
	}
	defer store.Close()
	return store.Read()
}

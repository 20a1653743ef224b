package main

import (
	"os"
	"path/filepath"

	"github.com/spf13/pflag"

	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// addSnapshots adds the flag that says where facts about live systems are.
func addSnapshots(flags *pflag.FlagSet, dir *string) {
	flags.StringVar(dir, "snapshots", "", "the folder with what live systems have said (default .signpost/snapshots of the repository, else snapshots of the catalog)")
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

// snapshots reads what live systems have said.
func (w *workspace) snapshots(flag string) ([]snapshot.File, error) {
	store, err := snapshot.Open(w.storeOf(flag))
	if err != nil {
		return nil, err
	}
	defer store.Close()
	return store.Read()
}

// Package file reads facts from a file of the catalog, for systems that no provider knows:
// whatever can write JSON, YAML or CSV takes part.
//
// Settings: path (required; below the root of the catalog), kind (of CSV).
//
// A file that ends in .json holds the facts of a snapshot: {"deployments": [{"entity":
// "service:payments-api", "environment": "production", "version": "1.4.2", "state":
// "succeeded", "at": "2026-11-20T10:00:00Z"}]}; one that ends in .yaml or .yml holds the same in
// YAML, and is named under ignore in signpost.yaml, since other YAML of a catalog is its
// descriptors. One that ends in .csv holds one kind of
// them, say deployments; its first row names the columns as JSON names them. Lists are
// separated by semicolons; measures of health fit into JSON only.
//
// Without id, a fact is identified by what it says of itself. Without observed, the file
// says it now.
//
// Subjects are not needed: a file may hold facts of every entity.
package file

import (
	"context"
	"fmt"
	"path"
	"strings"

	"github.com/signpost-dev/signpost/pkg/beneath"
	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/connect"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// mostBytes is how large a file may be: as large as a snapshot.
const mostBytes = 64 << 20

type file struct {
	root, path string
	kind       string // of CSV
}

// New makes the provider. The file is read by Fetch.
func New(s provider.Settings) (provider.Provider, error) {
	f := &file{s.Root, s.With["path"], s.With["kind"]}
	if f.path == "" {
		return nil, connect.Wrong("the provider %s needs path, a .json, .yaml or .csv file of the catalog, in signpost.yaml", s.Name)
	}
	switch path.Ext(f.path) {
	case ".json", ".yaml", ".yml":
	case ".csv":
		if _, ok := kinds[f.kind]; !ok {
			return nil, connect.Wrong("the provider %s needs kind in signpost.yaml to read %s: one of %s", s.Name, f.path, kindNames())
		}
	default:
		return nil, connect.Wrong("the provider %s reads .json, .yaml and .csv files, and %s is none of them", s.Name, f.path)
	}
	return f, nil
}

// Fetch reads the file. One wrong fact is an error of the whole: who writes the file can
// put it right, and half of it would look like a loss.
func (f *file) Fetch(_ context.Context, r provider.Request) (snapshot.Facts, error) {
	data, err := f.read()
	if err != nil {
		return snapshot.Facts{}, err
	}
	into := &reading{now: r.Now, seen: map[string]string{}}
	switch path.Ext(f.path) {
	case ".csv":
		err = into.csv(f.kind, data)
	case ".json":
		err = into.json(data)
	default:
		err = into.yaml(f.path, data)
	}
	if err != nil {
		return snapshot.Facts{}, &provider.Error{Kind: snapshot.Garbage, Asked: f.path, Message: err.Error()}
	}
	return into.facts, nil
}

// read returns the content of the file; no path and no link leads out of the catalog.
func (f *file) read() ([]byte, error) {
	wrong := func(err error) error {
		return connect.Wrong("reading %s of the catalog: %v", f.path, err)
	}
	dir, err := beneath.Open(f.root)
	if err != nil {
		return nil, wrong(err)
	}
	defer dir.Close()
	data, size, err := dir.ReadFile(f.path, mostBytes)
	if err == nil && size > mostBytes {
		err = fmt.Errorf("it has %d bytes, and may have %d", size, mostBytes)
	}
	if err != nil {
		return nil, wrong(err)
	}
	return []byte(strings.TrimPrefix(string(data), "\uFEFF")), nil
}

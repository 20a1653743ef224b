// Package backstage turns a Backstage catalog into a catalog repository.
//
// It reads every entity below a folder, follows Location targets and $text
// references without ever leaving that folder or asking the network, converts
// what it finds and writes descriptors, with the sources kept beside them.
//
// Nothing is lost in silence. What has a home in our format moves there; what has
// none stands under `preserved` of its descriptor, as it was written; and the
// Report names whatever was narrowed, renamed, left unresolved or refused. Faults
// of the source, such as an owner that does not exist, are carried over, so that
// checking the result finds them. The one exception are secrets: they are written
// nowhere, not even into the copies of the sources.
//
// The package knows the schemas of our format and asks them what fits; it does not
// judge a catalog as a whole, prints nothing and knows no flag.
package backstage

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/schema"
)

// Options are what an import may be told.
type Options struct {
	Title string // of the portal; empty: from the name of the source folder
}

// Import reads the Backstage catalog at src, a file or a folder, and writes a
// catalog repository at out, which must be absent, empty, or hold nothing but what
// an earlier import has put there. The repository appears whole or not at all.
//
// What is wrong with the source is in the Report; the error is for what could not
// be read or written at all, and is a *NothingError if there was no entity.
func Import(ctx context.Context, src, out string, o Options) (*Report, error) {
	target, err := openTarget(out)
	if err != nil {
		return nil, err
	}
	r, err := openReader(src, target.dir)
	if err != nil {
		return nil, err
	}
	defer r.close()
	if err := r.readAll(ctx); err != nil {
		return nil, err
	}
	if len(r.entities) == 0 {
		return nil, &NothingError{Source: src, Report: r.report.finish()}
	}
	set, err := schema.Compile(nil, nil)
	if err != nil {
		return nil, fmt.Errorf("compiling the schemas: %w", err)
	}
	c := newConversion(r, newGate(set))
	if o.Title == "" {
		o.Title = r.title()
	}
	files := c.files(o.Title)
	report := r.report.finish()
	if len(report.Imported) == 0 {
		return nil, &NothingError{Source: src, Report: report}
	}
	return report, target.write(files)
}

// NothingError says that a source has no entity that could be imported; its
// Report says what was seen instead.
type NothingError struct {
	Source string
	Report *Report
}

func (e *NothingError) Error() string {
	return fmt.Sprintf("%s holds no Backstage entity that could be imported: name the folder in which its catalog-info.yaml files lie", e.Source)
}

var wordy = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9 ._-]*$`)

// title makes a name for the portal from that of the source folder.
func (r *reader) title() string {
	dir, err := filepath.Abs(r.tree.Dir())
	if err != nil || !wordy.MatchString(filepath.Base(dir)) {
		return "Catalog"
	}
	return catalog.Sentence(filepath.Base(dir))
}

// splitSource returns the folder that may be read, and the one file in it that
// was named, if it was a file.
func splitSource(src string) (dir, file string, err error) {
	info, err := os.Stat(src)
	if err != nil {
		return "", "", fmt.Errorf("reading the source: %w", err)
	}
	if info.IsDir() {
		return src, "", nil
	}
	return filepath.Dir(src), filepath.Base(src), nil
}

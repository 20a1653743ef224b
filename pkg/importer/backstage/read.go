package backstage

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/source"
)

// mostBytes bounds what is read in all, files that placeholders name included
// once for every time that they are named.
const mostBytes = 512 << 20

// entity is one document of a Backstage catalog. root, metadata and spec hold
// what has found no home yet.
type entity struct {
	file     string // relative to the source
	document int    // among the documents of the file, from 0
	line     int

	apiVersion string
	kind       string // in lower case: "component"
	kindText   string // as written
	namespace  string // as written; empty for the default one
	name       string // as written

	root, metadata, spec object
	directives           object // placeholders that were filled in, by their places

	descriptor
}

// ref is the reference by which Backstage knows the entity, as people write it.
func (e *entity) ref() string {
	if e.namespace == "" {
		return e.kind + ":" + e.name
	}
	return e.kind + ":" + e.namespace + "/" + e.name
}

// reader collects the entities of a source.
type reader struct {
	tree     *source.Tree
	only     string // the one file that was asked for; empty: all
	avoid    string // folder that is not looked at, since it is written to
	report   *Report
	secrets  *secrets
	entities []*entity
	copies   map[string][]byte // files that entities came from, without secrets
	queue    []string          // files to be read
	seen     map[string]bool   // files that are or were in the queue
	failed   map[string]error  // files that could not be read
	empty    map[string]bool   // files in which nothing is of Backstage
	wanted   []target          // by Locations
	listing  []string          // all files of the source, once they were asked for
	budget   int64             // bytes that may still be read
}

// target is a file to which a Location leads.
type target struct {
	path     string
	from     *entity
	optional bool
}

func openReader(src, out string) (*reader, error) {
	dir, file, err := splitSource(src)
	if err != nil {
		return nil, err
	}
	tree, err := source.Open(dir)
	if err != nil {
		return nil, err
	}
	report := &Report{Format: "backstage"}
	return &reader{
		tree: tree, only: file, avoid: inside(dir, out), report: report, secrets: &secrets{report: report},
		copies: map[string][]byte{}, seen: map[string]bool{}, failed: map[string]error{}, empty: map[string]bool{}, budget: mostBytes,
	}, nil
}

func (r *reader) close() { _ = r.tree.Close() } // read only

// inside returns the path of a folder below another, or "" if it lies elsewhere.
func inside(dir, folder string) string {
	real, err := filepath.Abs(dir)
	if err != nil {
		return ""
	}
	if real, err = filepath.EvalSymlinks(real); err != nil {
		return ""
	}
	rel, err := filepath.Rel(real, folder)
	if err != nil || !filepath.IsLocal(rel) || rel == "." {
		return ""
	}
	return filepath.ToSlash(rel)
}

// readAll reads the file that was asked for, or every YAML file of the folder,
// and whatever Locations lead to.
func (r *reader) readAll(ctx context.Context) error {
	if r.only != "" {
		r.enqueue(r.only)
	} else if err := r.enqueueAll(ctx); err != nil {
		return err
	}
	for len(r.queue) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		next := r.queue[0]
		r.queue = r.queue[1:]
		if err := r.readFile(ctx, next); err != nil {
			return err
		}
	}
	if err := r.failed[r.only]; err != nil {
		return err
	}
	r.settleTargets()
	slices.SortFunc(r.entities, func(a, b *entity) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.document, b.document))
	})
	r.count()
	return nil
}

func (r *reader) count() {
	found := map[string]int{}
	for _, e := range r.entities {
		found[e.kindText]++
	}
	r.report.Entities = len(r.entities)
	r.report.Found = counts(found)
}

func (r *reader) enqueue(name string) {
	if !r.seen[name] {
		r.seen[name] = true
		r.queue = append(r.queue, name)
	}
}

// want puts the target of a Location into the queue.
func (r *reader) want(t target) {
	r.wanted = append(r.wanted, t)
	r.enqueue(t.path)
}

// settleTargets says which targets of Locations led nowhere, and which files hold
// nothing of Backstage: where a Location asked for one, something is wrong with it.
func (r *reader) settleTargets() {
	for _, t := range r.wanted {
		if r.empty[t.path] {
			r.failed[t.path] = r.whyEmpty(t.path)
			delete(r.empty, t.path)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.empty)) {
		r.report.note(Skipped, name, 0, "", holdsNothing)
	}
	for _, t := range r.wanted {
		err := r.failed[t.path]
		if err == nil {
			r.report.Targets++
			continue
		}
		code := Unresolved
		if t.optional {
			code = Skipped
		}
		r.report.note(code, t.from.file, t.from.line, t.from.ref(), "target %q: %s", t.path, plain(err))
	}
}

const holdsNothing = "holds no Backstage entity"

// whyEmpty looks into a file in which nothing is of Backstage. One that is no YAML
// may well have been meant to be.
func (r *reader) whyEmpty(name string) error {
	data, err := r.read(name)
	if err != nil {
		return err
	}
	_, found := source.Decode(name, data, source.ImportLimits)
	for _, d := range found {
		if d.Unread && !isSkeleton(data) {
			r.report.note(Unreadable, name, d.Span.Start.Line, "", "%s", d.Message)
			return errors.New("it cannot be read")
		}
	}
	return errors.New("it " + holdsNothing)
}

func (r *reader) enqueueAll(ctx context.Context) error {
	files, err := r.list(ctx)
	if err != nil {
		return err
	}
	earlier := earlierImports(files)
	for _, f := range files {
		switch {
		case source.TypeOf(f) != source.YAML:
		case slices.ContainsFunc(earlier, func(folder string) bool { return strings.HasPrefix(f, folder) }):
			r.report.note(Skipped, f, 0, "", "belongs to an earlier import")
		default:
			r.enqueue(f)
		}
	}
	return nil
}

// earlierImports returns the folders in which an import has kept its sources:
// read once more, every entity would be there twice.
func earlierImports(files []string) []string {
	var folders []string
	for _, f := range files {
		if root, ok := strings.CutSuffix(f, manifestFile); ok && (root == "" || strings.HasSuffix(root, "/")) {
			folders = append(folders, root+importedFolder+"/")
		}
	}
	return folders
}

// list returns the paths of all files of the source, sorted.
func (r *reader) list(ctx context.Context) ([]string, error) {
	if r.listing != nil {
		return r.listing, nil
	}
	files, found, err := r.tree.Files(ctx, func(p string, dir bool) bool {
		base := path.Base(p)
		return dir && (base == ".git" || base == "node_modules" || p == r.avoid)
	})
	if err != nil {
		return nil, err
	}
	for _, d := range found {
		code := Skipped
		if d.Code == "source-unreadable" {
			code = Unreadable
		}
		r.report.note(code, d.Span.File, 0, "", "%s", d.Message)
	}
	r.listing = make([]string, 0, len(files))
	for _, f := range files {
		r.listing = append(r.listing, f.Path)
	}
	return r.listing, nil
}

// read returns the content of a file without its secrets.
func (r *reader) read(name string) ([]byte, error) {
	data, err := r.tree.Read(name, min(source.ImportLimits.Bytes, r.budget))
	if limit := (*source.LimitError)(nil); errors.As(err, &limit) && limit.Limit < source.ImportLimits.Bytes {
		return nil, errTooMuch
	}
	if err != nil {
		return nil, err
	}
	r.budget -= int64(len(data)) + 1
	return r.secrets.clean(name, data), nil
}

var errTooMuch = fmt.Errorf("the source is larger than %d MiB in all; import it in parts", mostBytes>>20)

// readFile reads the entities of a file.
func (r *reader) readFile(ctx context.Context, name string) error {
	data, err := r.read(name)
	switch {
	case errors.Is(err, errTooMuch):
		return err
	case err != nil:
		r.failed[name] = err
		if !errors.Is(err, fs.ErrNotExist) {
			r.report.note(Unreadable, name, 0, "", "%s", plain(err))
		}
		return nil
	}
	r.report.Files++
	if !bytes.Contains(data, []byte("backstage.io/")) {
		r.empty[name] = true // why, is told once it is known who asked for it
		return nil
	}
	return r.decode(ctx, name, data)
}

// plain is an error without the path that stands beside it anyway.
func plain(err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		return "there is no such file"
	}
	if at := errors.Unwrap(err); at != nil {
		return at.Error()
	}
	return err.Error()
}

// decode takes the entities out of a file, and keeps a copy of it.
func (r *reader) decode(ctx context.Context, name string, data []byte) error {
	docs, found := source.Decode(name, data, source.ImportLimits)
	if len(docs) == 0 && isSkeleton(data) {
		r.report.note(Skipped, name, 0, "", "is no YAML: it looks like the skeleton of a scaffolder template")
		return nil
	}
	if len(docs) == 0 && len(found) == 0 {
		r.report.note(Skipped, name, 0, "", "holds no Backstage entity")
	}
	whole := true
	for _, d := range found {
		if d.Severity == diag.Error {
			whole = false
			r.report.note(Unreadable, name, d.Span.Start.Line, "", "%s", d.Message)
		}
	}
	var spans []diag.Span
	var kept bool
	for _, doc := range docs {
		tree, secret := r.secrets.strip(doc.Root)
		spans = append(spans, secret...)
		if e := r.entity(name, doc, tree); e != nil {
			kept = true
			if err := r.settle(ctx, e); err != nil {
				return err
			}
		}
	}
	if kept {
		r.keepCopy(name, data, spans, whole)
	}
	return nil
}

// keepCopy keeps a file without its secrets. One that could not be read whole
// could not be searched for them.
func (r *reader) keepCopy(name string, data []byte, spans []diag.Span, whole bool) {
	if !whole {
		r.report.note(Unreadable, name, 0, "", "the file is not kept: what could not be read may hold secrets")
		return
	}
	copied, err := cut(data, spans)
	if err != nil {
		r.report.note(Secret, name, 0, "", "the file is not kept: %s", err)
		return
	}
	r.copies[name] = copied
}

// isSkeleton reports whether a file is written in a template language.
func isSkeleton(data []byte) bool {
	return bytes.Contains(data, []byte("{{")) || bytes.Contains(data, []byte("{%"))
}

// entity makes an entity of a document, or returns nil if it is none.
func (r *reader) entity(file string, doc *source.Document, tree any) *entity {
	root, _ := tree.(object)
	version, _ := text(root.get("apiVersion"))
	line := doc.Span.Start.Line
	group, _, _ := strings.Cut(version, "/")
	if group != "backstage.io" && !strings.HasSuffix(group, ".backstage.io") {
		r.report.note(Skipped, file, line, "", "the document is not a Backstage entity")
		return nil
	}
	e := &entity{file: file, document: doc.Index, line: line, apiVersion: version, root: root}
	e.kindText, _ = text(e.root.take("kind"))
	e.kind = strings.ToLower(e.kindText)
	e.root.take("apiVersion")
	e.metadata = e.section("metadata")
	e.spec = e.section("spec")
	e.name, _ = text(e.metadata.take("name"))
	e.namespace, _ = text(e.metadata.take("namespace"))
	if strings.EqualFold(e.namespace, "default") {
		e.namespace = ""
	}
	return e
}

// section takes a map out of the document; what is none stays there.
func (e *entity) section(key string) object {
	if o, ok := e.root.get(key).(object); ok {
		e.root.take(key)
		return o
	}
	return nil
}

// settle takes an entity in: Locations are followed, placeholders filled in.
func (r *reader) settle(ctx context.Context, e *entity) error {
	if strings.Contains(e.name, "{{") || strings.Contains(e.name, "{%") {
		r.report.note(Skipped, e.file, e.line, "", "the name is a variable: this is the skeleton of a scaffolder template")
		return nil
	}
	r.entities = append(r.entities, e)
	if e.kind == "location" {
		return r.follow(ctx, e)
	}
	if homes[e.kind] == "" {
		return nil
	}
	return r.fillIn(e)
}

// copied returns the paths of the kept files, sorted.
func (r *reader) copied() []string { return slices.Sorted(maps.Keys(r.copies)) }

package catalog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/signpost-dev/signpost/pkg/cache"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/parallel"
	"github.com/signpost-dev/signpost/pkg/source"
)

// APIGroup is what the apiVersion of every descriptor begins with.
const APIGroup = "signpost.dev/"

// Folders at the catalog root that hold something other than descriptors.
var reservedFolders = []string{"actions", "templates", "onboarding", "scorecards", "requests", "snapshots", "imported"}

// ofMkDocs are the files by which MkDocs knows a folder of documents. They stand beside
// descriptors, and package docs reads them.
var ofMkDocs = []string{"mkdocs.yml", "mkdocs.yaml"}

// ReadConfig reads signpost.yaml. Findings leave the config usable as far as it
// could be read, so that one mistake in it hides no other; the error is for a file
// that is not there or cannot be read.
func ReadConfig(tree *source.Tree) (*Config, []diag.Diagnostic, error) {
	data, err := tree.Read(ConfigFile, source.DescriptorLimits.Bytes)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("%s has no %s: name the folder of a catalog, or make one with `signpost init DIR`", tree.Dir(), ConfigFile)
	}
	if err != nil {
		return nil, nil, err
	}
	name := tree.Name(ConfigFile)
	docs, found := source.Decode(name, data, source.DescriptorLimits)
	if len(docs) == 0 {
		if len(found) == 0 {
			found = append(found, wholeFile(name, CodeConfigInvalid, "%s is empty; it needs at least apiVersion and title", ConfigFile))
		}
		return &Config{Chat: map[string]string{}}, found, nil
	}
	if len(docs) > 1 {
		found = append(found, diag.Diagnostic{
			Span: docs[1].Span, Severity: diag.Error, Code: CodeConfigInvalid,
			Message: ConfigFile + " must hold one document; this is a second one",
		})
	}
	config, wrong := readConfig(docs[0].Root)
	return config, append(found, wrong...), nil
}

// Skip reports whether a path of the tree is none of the catalog's business:
// folders of tools, and what `ignore` in signpost.yaml names.
func (c *Config) Skip(name string, dir bool) bool {
	base := path.Base(name)
	if base != "." && strings.HasPrefix(base, ".") || base == "node_modules" {
		return true
	}
	if dir && slices.Contains(reservedFolders, name) {
		return true
	}
	return slices.ContainsFunc(c.Ignore, func(glob string) bool {
		matched, err := doublestar.Match(strings.TrimSuffix(glob, "/"), name)
		return err == nil && matched
	})
}

// Load reads the descriptors among the files of a tree, with a config that is
// usable. Whatever is wrong with
// them is in the findings; the error is for what is no fault of theirs.
func Load(ctx context.Context, tree *source.Tree, config *Config, files []source.File) (*Catalog, []diag.Diagnostic, error) {
	return load(ctx, tree, config, files, nil)
}

// load is Load with what may be known of a file already.
func load(ctx context.Context, tree *source.Tree, config *Config, files []source.File, known func(path string) (readFile, bool)) (*Catalog, []diag.Diagnostic, error) {
	c := &Catalog{
		Config: config, ConfigName: tree.Name(ConfigFile), Schema: config.schema, Kinds: builtinKinds(),
		byAlias: map[Ref]*Entity{}, misnamed: map[Ref]*Entity{},
	}
	c.Kinds = append(c.Kinds, config.Kinds...)
	if err := c.readAll(ctx, tree, files, known); err != nil {
		return nil, nil, err
	}
	var found []diag.Diagnostic
	for _, f := range c.read {
		found = append(found, f.found...)
		c.Entities = append(c.Entities, f.entities...)
		c.Silences = append(c.Silences, f.silences...)
		c.Discovered += f.discovered
		if f.discovered > 0 {
			c.Files++
		}
	}
	c.index()
	c.settleFolders(c.read)
	c.link()
	found = append(found, c.linkRotations()...)
	return c, found, nil
}

// readFile is what one file yielded.
type readFile struct {
	path       string
	entities   []*Entity
	discovered int // documents that are entities or should have been
	found      []diag.Diagnostic
	silences   []diag.Silence
}

// readAll reads the descriptors among files, but for those that are known.
func (c *Catalog) readAll(ctx context.Context, tree *source.Tree, files []source.File, known func(path string) (readFile, bool)) error {
	descriptors := slices.DeleteFunc(slices.Clone(files), func(f source.File) bool {
		return f.Type != source.YAML || f.Path == ConfigFile || slices.Contains(ofMkDocs, path.Base(f.Path))
	})
	c.read = make([]readFile, len(descriptors))
	return parallel.Each(ctx, len(descriptors), func(i int) error {
		if known != nil {
			if r, ok := known(descriptors[i].Path); ok {
				c.read[i] = r
				return nil
			}
		}
		c.read[i] = c.readDescriptor(tree, descriptors[i])
		return nil
	})
}

// readDescriptor reads one YAML file. Each way in which it can fail to be a
// descriptor is a finding, so that nothing is skipped in silence.
func (c *Catalog) readDescriptor(tree *source.Tree, f source.File) readFile {
	r := readFile{path: f.Path}
	name := tree.Name(f.Path)
	if kept, ok := tree.Recall(keptDescriptors, f, source.SpecLimits.Bytes); ok && c.recall(&r, &kept, name) {
		return r
	}
	data, err := tree.Read(f.Path, source.SpecLimits.Bytes)
	if err != nil {
		r.discovered = 1
		r.found = append(r.found, unread(name, err))
		return r
	}
	if isSpecification(data) {
		return r
	}
	r.silences = diag.Silences(name, data)
	docs, found := source.Decode(name, data, source.DescriptorLimits)
	r.found = found
	if len(docs) == 0 {
		r.discovered = 1
		if len(found) == 0 {
			r.found = append(r.found, wholeFile(name, CodeEmptyDescriptor, "the file is empty; describe an entity in it or delete it"))
		}
		return r
	}
	r.discovered = len(docs)
	if len(found) > 0 {
		r.discovered++ // what the finding stopped us from reading
	}
	if !slices.ContainsFunc(docs, isDescriptor) {
		// One mistake, however many documents: the file is somebody else's.
		if len(found) == 0 {
			r.found = append(r.found, notADescriptor(docs[0]))
		}
		return r
	}
	for _, doc := range docs {
		entity, found := c.readDocument(doc, f.Path)
		r.found = append(r.found, found...)
		if entity != nil {
			r.entities = append(r.entities, entity)
		}
	}
	if !tree.Remembers() {
		return r
	}
	digest := cache.DigestOf(data)
	for _, e := range r.entities {
		e.Digest = digest
	}
	if len(r.found) == 0 && len(r.silences) == 0 {
		tree.Keep(keptDescriptors, f, digest, keep(docs))
	}
	return r
}

// isDescriptor reports whether a document means to be one of ours.
func isDescriptor(doc *source.Document) bool {
	return doc.Root.Kind() == source.Map && strings.HasPrefix(doc.Root.Field("apiVersion").Text(), APIGroup)
}

func (c *Catalog) readDocument(doc *source.Document, path string) (*Entity, []diag.Diagnostic) {
	if !isDescriptor(doc) {
		return nil, []diag.Diagnostic{notADescriptor(doc)}
	}
	root := doc.Root
	kindNode := root.Field("kind")
	kind := c.Kind(strings.ToLower(kindNode.Text()))
	if kind == nil && c.Config.broken[strings.ToLower(kindNode.Text())] {
		return nil, nil // its declaration is what is to be mended
	}
	if kindNode != nil && kind == nil {
		return nil, []diag.Diagnostic{c.unknownKind(kindNode)}
	}
	if kind == nil {
		return nil, []diag.Diagnostic{{
			Span: doc.Span, Severity: diag.Error, Code: "schema",
			Message: "kind is missing", Hint: "add `kind:` (service, team, person, …)",
		}}
	}
	found := c.Schema.Check(kind.Name, root)
	if root.Field("name").Text() == "" {
		return nil, found
	}
	return decodeEntity(root, kind, path, c.Config), found
}

func (c *Catalog) unknownKind(n *source.Node) diag.Diagnostic {
	d := diag.Diagnostic{
		Span: n.Span(), Severity: diag.Error, Code: CodeUnknownKind,
		Message: fmt.Sprintf("there is no kind %q", n.Text()),
	}
	var names []string
	for _, k := range c.Kinds {
		names = append(names, k.Name)
	}
	if near, ok := diag.Nearest(n.Text(), names); ok {
		d.Hint = fmt.Sprintf("did you mean %q?", near)
		if diag.SameLetters(n.Text(), near) {
			d.Fix = []diag.Edit{{Span: n.Span(), New: near}}
		}
	} else {
		d.Hint = "the kinds are " + strings.Join(names, ", ") + "; your own are declared under `kinds` in " + ConfigFile
	}
	return d
}

func notADescriptor(doc *source.Document) diag.Diagnostic {
	d := diag.Diagnostic{
		Span: diag.Span{File: doc.Span.File, Start: doc.Span.Start, End: doc.Span.Start}, Severity: diag.Error, Code: CodeNotADescriptor,
		Message: "this is not a descriptor: it has no `apiVersion: " + APIGroup + "v1`",
		Hint:    "name it under `ignore` in " + ConfigFile + " if it is meant for something else",
	}
	if version := doc.Root.Field("apiVersion"); version != nil {
		d.Span = shown(version)
		d.Message = fmt.Sprintf("apiVersion must be %q, not %q", APIGroup+"v1", version.Text())
		if version.Kind() != source.String {
			d.Message = fmt.Sprintf("apiVersion must be the text %q", APIGroup+"v1")
		}
		if strings.HasPrefix(version.Text(), "backstage.io/") {
			d.Hint = "turn Backstage catalogs into descriptors with `signpost import backstage`"
		}
	}
	return d
}

// specification matches the key by which an API specification says what it is.
var specification = regexp.MustCompile(`(?m)^["']?(openapi|swagger|asyncapi)["']?[ \t]*:`)

// descriptor matches the key by which a descriptor does, and usually begins with it.
var (
	descriptor      = regexp.MustCompile(`(?m)^apiVersion[ \t]*:`)
	usualDescriptor = []byte("apiVersion:")
)

// isSpecification tells API specifications, which lie beside descriptors in YAML
// too, from descriptors, without parsing what may be 16 MiB.
func isSpecification(data []byte) bool {
	if bytes.HasPrefix(data, usualDescriptor) {
		return false
	}
	head := data[:min(len(data), 4096)]
	// A descriptor may follow as a second document, and must not be passed over.
	return specification.Match(head) && !descriptor.Match(data)
}

// unread is the finding for a file that could not be read.
func unread(name string, err error) diag.Diagnostic {
	large := (*source.LimitError)(nil)
	if !errors.As(err, &large) {
		return wholeFile(name, "source-unreadable", "cannot read the file: %v", err)
	}
	// What is in it cannot be told, so both limits are named.
	d := wholeFile(name, "source-limit", "the file has %s; a descriptor may have 1 MiB, an API specification 16 MiB", large.Bytes())
	d.Hint = "split it into several files, or name it under `ignore` in " + ConfigFile
	return d
}

func wholeFile(name, code, format string, args ...any) diag.Diagnostic {
	return diag.Diagnostic{
		Span: diag.Span{File: name}, Severity: diag.Error, Code: code, Message: fmt.Sprintf(format, args...),
	}
}

// index makes entities findable by name and alias. Of two with one name the
// first stays, and the pair is kept for a rule to report. One whose name cannot be
// a name gets no place: its page would lie outside the site, or over another.
func (c *Catalog) index() {
	slices.SortFunc(c.Entities, byOrder)
	c.byRef = make(map[Ref]*Entity, len(c.Entities))
	kept := c.Entities[:0]
	for _, e := range c.Entities {
		if !e.wellNamed() {
			c.misnamed[e.Ref] = e
			c.Unlisted = append(c.Unlisted, e)
			continue
		}
		if first := c.byRef[e.Ref]; first != nil {
			c.Dropped++
			c.Unlisted = append(c.Unlisted, e)
			c.Duplicates = append(c.Duplicates, Duplicate{
				Name: e.Name, First: first.Name, Entity: e, Other: first, What: e.Kind.Name,
			})
			continue
		}
		c.byRef[e.Ref] = e
		kept = append(kept, e)
	}
	clear(c.Entities[len(kept):])
	c.Entities = kept
	for _, e := range c.Entities {
		for _, a := range e.Aliases {
			c.indexAlias(e, a)
		}
	}
}

func (c *Catalog) indexAlias(e *Entity, alias Value) {
	key := Ref{Kind: e.Ref.Kind, Namespace: e.Ref.Namespace, Name: strings.ToLower(alias.Text)}
	other, first := c.byRef[key], Value{}
	if other != nil {
		first = other.Name
	} else if other = c.byAlias[key]; other != nil {
		for _, a := range other.Aliases {
			if strings.EqualFold(a.Text, alias.Text) {
				first = a
				break
			}
		}
	}
	if other == nil {
		c.byAlias[key] = e
		return
	}
	c.Duplicates = append(c.Duplicates, Duplicate{Name: alias, First: first, Entity: e, Other: other, What: "alias"})
}

// settleFolders decides to which entity each folder belongs: to the first entity
// of the one descriptor file in it, or where there are several of the file named
// after the kind or the folder; and teams/payments/ to that of teams/payments.yaml.
func (c *Catalog) settleFolders(read []readFile) {
	c.folders, c.byFile = make(map[string]*Entity, len(read)), make(map[string]*Entity, len(read))
	inFolder := make(map[string][]*Entity, len(read))
	for _, f := range read {
		first := c.firstOf(f)
		if first == nil {
			continue
		}
		c.byFile[f.path] = first
		dir := path.Dir(f.path)
		inFolder[dir] = append(inFolder[dir], first)
	}
	for dir, entities := range inFolder {
		if e := headOf(dir, entities); e != nil && dir != "." {
			c.folders[dir] = e
		}
	}
	for _, f := range read {
		folder := strings.TrimSuffix(f.path, path.Ext(f.path))
		if e := c.byFile[f.path]; e != nil && c.folders[folder] == nil {
			c.folders[folder] = e
		}
	}
	c.settleMissing(read, inFolder)
}

// firstOf returns the first entity of a file that has a place in the catalog, or
// nil. A duplicate is taken for the entity whose name it has.
func (c *Catalog) firstOf(f readFile) *Entity {
	for _, e := range f.entities {
		if placed := c.byRef[e.Ref]; placed != nil && e.wellNamed() {
			return placed
		}
	}
	return nil
}

// settleMissing notes the folders that would belong to the entity of a file, if
// the file had brought one: that its documents belong to nothing is no mistake of theirs.
func (c *Catalog) settleMissing(read []readFile, inFolder map[string][]*Entity) {
	c.missing = map[string]bool{}
	for _, f := range read {
		if f.discovered == 0 || c.byFile[f.path] != nil {
			continue
		}
		dir, stem := path.Dir(f.path), strings.TrimSuffix(f.path, path.Ext(f.path))
		c.missing[stem] = true
		if name := path.Base(stem); len(inFolder[dir]) == 0 || c.Kind(name) != nil || name == path.Base(dir) {
			c.missing[dir] = true
		}
	}
}

func headOf(dir string, entities []*Entity) *Entity {
	if len(entities) == 1 {
		return entities[0]
	}
	var head *Entity
	for _, e := range entities {
		stem := strings.TrimSuffix(path.Base(e.Path), path.Ext(e.Path))
		if stem == e.Kind.Name || stem == path.Base(dir) {
			if head != nil {
				return nil
			}
			head = e
		}
	}
	return head
}

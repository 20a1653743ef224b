package apispec

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/signpost-dev/signpost/pkg/cache"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/parallel"
	"github.com/signpost-dev/signpost/pkg/source"
)

// Set is the descriptions of a catalog. Their outlines are there, and each is read in full
// when a page of it is drawn. It is read-only once loaded, and its methods may be called at
// the same time; those on nil know nothing.
type Set struct {
	listed
	outlines map[string]*Outline
	order    []string

	mu     sync.Mutex
	recent []*inFull // the last that were asked for, the latest first
}

// listed is a tree of which only the files are read that belong to the catalog: what is
// left out of that may change unseen.
type listed struct {
	*source.Tree
	files []source.File // sorted
}

func (l listed) find(file string) (source.File, bool) {
	i, ok := slices.BinarySearchFunc(l.files, file, func(f source.File, path string) int { return strings.Compare(f.Path, path) })
	if !ok {
		return source.File{}, false
	}
	return l.files[i], true
}

// Read returns what a file of the catalog holds.
func (l listed) Read(file string, limit int64) ([]byte, error) {
	if _, ok := l.find(file); !ok {
		return nil, fmt.Errorf("there is no file %s among those of the catalog: %w", l.Name(file), fs.ErrNotExist)
	}
	return l.Tree.Read(file, limit)
}

// inFull is a description that has been read.
type inFull struct {
	file string
	read func() *Spec
	size int
}

// maxInFull is how many bytes of files, as they were written, are kept read in full.
const maxInFull = 32 << 20

// keptOutline is the kind of records of descriptions.
const keptOutline = "api-spec:"

// Load reads the descriptions in files of a tree, given by their paths; what an earlier run
// has kept of one that has not changed is as good. files are those of the tree, as
// [source.Tree.Files] returns them. The error is that of ctx.
func Load(ctx context.Context, tree *source.Tree, files []source.File, definitions []string) (*Set, error) {
	return load(ctx, tree, files, definitions, func(string) *Outline { return nil })
}

// Again is Load after some files have been saved: only what is made of them is read.
func (s *Set) Again(ctx context.Context, files []source.File, definitions []string, saved map[string]bool) (*Set, error) {
	return load(ctx, s.Tree, files, definitions, func(file string) *Outline {
		o := s.outlines[file]
		if o == nil || slices.ContainsFunc(o.Used, func(u Used) bool { return saved[u.File] }) || len(o.Used) == 0 {
			return nil
		}
		return o
	})
}

func load(ctx context.Context, tree *source.Tree, files []source.File, definitions []string, known func(file string) *Outline) (*Set, error) {
	s := &Set{listed: listed{tree, files}, outlines: map[string]*Outline{}}
	s.order = slices.Compact(slices.Sorted(slices.Values(definitions)))
	outlines := make([]*Outline, len(s.order))
	err := parallel.Each(ctx, len(s.order), func(i int) error {
		file := s.order[i]
		f, found := s.find(file)
		if outlines[i] = known(file); outlines[i] != nil {
			return nil
		}
		if found {
			if outlines[i] = s.recall(f); outlines[i] != nil {
				return nil
			}
		}
		r := newReader(s.listed, file)
		spec := r.read()
		outlines[i] = outlineOf(file, spec, r.used, diag.Sort(r.found))
		outlines[i].Silences = r.silences
		s.remember(file, r.used, func() *Spec { return spec })
		if found {
			s.keep(f, outlines[i])
		}
		return nil
	})
	for i, file := range s.order {
		s.outlines[file] = outlines[i]
	}
	return s, err
}

// recall returns what an earlier run has kept of a file, if the others that it is made of
// hold what they held, too.
func (s *Set) recall(f source.File) *Outline {
	kept, ok := s.Tree.Recall(keptOutline, f, source.SpecLimits.Bytes)
	if !ok {
		return nil
	}
	o := &Outline{}
	if json.Unmarshal([]byte(kept.Data), o) != nil || o.File != f.Path {
		return nil
	}
	for _, u := range o.Used {
		if u.File == f.Path {
			continue
		}
		var now cache.Digest
		if data, err := s.Read(u.File, source.SpecLimits.Bytes); err == nil {
			now = cache.DigestOf(data)
		}
		if now != u.Digest {
			return nil
		}
	}
	return o
}

func (s *Set) keep(f source.File, o *Outline) {
	if !s.Tree.Remembers() || len(o.Used) == 0 {
		return
	}
	if data, err := json.Marshal(o); err == nil { // plain data
		s.Tree.Keep(keptOutline, f, o.Used[0].Digest, data)
	}
}

// Outline returns the outline of the description in a file; nil if it is none of the set.
func (s *Set) Outline(file string) *Outline {
	if s == nil {
		return nil
	}
	return s.outlines[file]
}

// Findings are what is wrong in all descriptions.
func (s *Set) Findings() []diag.Diagnostic {
	if s == nil {
		return nil
	}
	var all []diag.Diagnostic
	for _, file := range s.order {
		all = append(all, s.outlines[file].Found...)
	}
	return all
}

// Silences are the comments in all descriptions that silence findings.
func (s *Set) Silences() []diag.Silence {
	if s == nil {
		return nil
	}
	var all []diag.Silence
	seen := map[diag.Span]bool{} // files may be parts of several
	for _, file := range s.order {
		for _, silence := range s.outlines[file].Silences {
			if !seen[silence.Span] {
				seen[silence.Span] = true
				all = append(all, silence)
			}
		}
	}
	return all
}

// IsPart reports whether descriptions are made of a file, given by its name in reports.
func (s *Set) IsPart(name string) bool {
	for _, o := range s.outlines {
		if slices.ContainsFunc(o.Used, func(u Used) bool { return s.Name(u.File) == name }) {
			return true
		}
	}
	return false
}

// Spec returns the description in a file, read in full; nil if there is nothing to show.
// The last few are kept, since pages of one are drawn one after the other.
func (s *Set) Spec(file string) *Spec {
	o := s.Outline(file)
	if !o.Shown() {
		return nil
	}
	s.mu.Lock()
	i := slices.IndexFunc(s.recent, func(r *inFull) bool { return r.file == file })
	var r *inFull
	if i >= 0 {
		r = s.recent[i]
		s.recent = slices.Insert(slices.Delete(s.recent, i, i+1), 0, r)
	}
	s.mu.Unlock()
	if r == nil {
		r = s.remember(file, o.Used, sync.OnceValue(func() *Spec {
			spec, _, _ := Read(s.listed, file)
			return spec
		}))
	}
	return r.read()
}

// remember keeps a description in full, and lets go of those that were not asked for lately.
func (s *Set) remember(file string, used []Used, read func() *Spec) *inFull {
	r := &inFull{file: file, read: read}
	for _, u := range used {
		r.size += u.Size
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.IndexFunc(s.recent, func(r *inFull) bool { return r.file == file }); i >= 0 {
		return s.recent[i] // another page was quicker
	}
	s.recent = slices.Insert(s.recent, 0, r)
	total := 0
	for i, r := range s.recent {
		if total += r.size; total > maxInFull && i > 0 {
			s.recent = s.recent[:i:i]
			break
		}
	}
	return r
}

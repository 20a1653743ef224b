package catalog

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/schema"
)

// Codes of the findings that loading a catalog can bring, beside those of the
// packages that it reads with.
const (
	CodeNotADescriptor  = "not-a-descriptor"
	CodeUnknownKind     = "unknown-kind"
	CodeRotationInvalid = "rotation-invalid"
	CodeConfigInvalid   = "config-invalid"
	CodeEmptyDescriptor = "empty-descriptor"
)

// Catalog is everything that the descriptors say. It is read-only.
type Catalog struct {
	Config     *Config
	ConfigName string         // signpost.yaml as reports name it
	Schema     *schema.Set    // with the organisation's own fields and kinds
	Kinds      []*Kind        // built in, then own, in the order shown
	Entities   []*Entity      // by kind, namespace and name
	Unlisted   []*Entity      // descriptors that are none of these: their name is taken, or cannot be one
	Duplicates []Duplicate    // names that occur more than once
	Rotations  []*Rotation    // by name
	Silences   []diag.Silence // comments in descriptors that silence findings
	Files      int            // descriptor files that were read
	Discovered int            // entities that were found, those that could not be read included

	Dropped int // entities whose name another has already

	byRef    map[Ref]*Entity
	misnamed map[Ref]*Entity // whose name cannot be one
	byAlias  map[Ref]*Entity // Ref.Name is the alias in lower case
	folders  map[string]*Entity
	missing  map[string]bool // folders that would belong to an entity, if its descriptor could be used
	byFile   map[string]*Entity
	read     []readFile // what each file said, by path
}

// Duplicate is a name or alias that stands for more than one entity.
type Duplicate struct {
	Name          Value // the later place
	First         Value // the earlier one
	Entity, Other *Entity
	What          string // "service", "alias", "rotation"
}

// Get returns the entity of a Ref, or nil.
func (c *Catalog) Get(r Ref) *Entity { return c.byRef[r] }

// Kind returns a kind by its name, or nil.
func (c *Catalog) Kind(name string) *Kind {
	i := slices.IndexFunc(c.Kinds, func(k *Kind) bool { return k.Name == name })
	if i < 0 {
		return nil
	}
	return c.Kinds[i]
}

// Described yields every entity that a descriptor describes: those of the catalog,
// then the unlisted ones. What an entity says of itself is to be right even if it
// has no place in the catalog; others know nothing of it.
func (c *Catalog) Described() iter.Seq[*Entity] {
	return func(yield func(*Entity) bool) {
		for _, all := range [][]*Entity{c.Entities, c.Unlisted} {
			for _, e := range all {
				if !yield(e) {
					return
				}
			}
		}
	}
}

// OfKind returns the entities of a kind, by namespace and name.
func (c *Catalog) OfKind(name string) []*Entity {
	kind := c.Kind(name)
	if kind == nil {
		return nil
	}
	lo, _ := slices.BinarySearchFunc(c.Entities, kind.Order, func(e *Entity, order int) int {
		return cmp.Compare(e.Kind.Order, order)
	})
	hi, _ := slices.BinarySearchFunc(c.Entities, kind.Order+1, func(e *Entity, order int) int {
		return cmp.Compare(e.Kind.Order, order)
	})
	return c.Entities[lo:hi]
}

// Rotation returns a rotation by its name, or nil.
func (c *Catalog) Rotation(name string) *Rotation {
	i, found := slices.BinarySearchFunc(c.Rotations, strings.ToLower(name), func(r *Rotation, name string) int {
		return cmp.Compare(strings.ToLower(r.Name.Text), name)
	})
	if !found {
		return nil
	}
	return c.Rotations[i]
}

// OfFolder returns the entity to which a folder of the tree belongs, the folder
// itself and not one above it, or nil.
func (c *Catalog) OfFolder(dir string) *Entity { return c.folders[dir] }

// OfFile returns the first entity that a descriptor file describes, or nil.
func (c *Catalog) OfFile(path string) *Entity { return c.byFile[path] }

// Misses reports whether a folder of the tree would belong to an entity, if the
// descriptor in it could be read and had a name that it may have.
func (c *Catalog) Misses(dir string) bool { return c.missing[dir] }

func byOrder(a, b *Entity) int {
	return cmp.Or(
		cmp.Compare(a.Kind.Order, b.Kind.Order),
		cmp.Compare(a.Ref.Namespace, b.Ref.Namespace),
		cmp.Compare(a.Ref.Name, b.Ref.Name),
		cmp.Compare(a.Path, b.Path),
		cmp.Compare(a.Span.Start.Line, b.Span.Start.Line),
	)
}

func sortedUnique(entities []*Entity) []*Entity {
	slices.SortFunc(entities, byOrder)
	return slices.Compact(entities)
}

// References returns every reference that an entity makes, its rotations included.
func (e *Entity) References() []*Reference {
	all := make([]*Reference, 0, len(e.Relations))
	for _, r := range e.Relations {
		all = append(all, &r.Reference)
	}
	if e.Team != nil {
		for _, r := range e.Team.Rotations {
			all = append(all, r.people()...)
		}
	}
	return all
}

// spanOf says where an entity stands, for findings about the whole of it: at
// its name, or if it has none at its beginning.
func (e *Entity) Place() diag.Span {
	if e.Name.Written() {
		return e.Name.Span
	}
	return diag.Span{File: e.Span.File, Start: e.Span.Start, End: e.Span.Start}
}

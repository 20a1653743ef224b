package catalog

import (
	"context"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/source"
)

// Again is Load after some files have been saved: only those are read and judged by their
// schema. What the others say is taken from the present catalog, which stays as it is,
// since somebody may still be reading it. signpost.yaml must be none of the saved, for it
// decides what every descriptor says.
func (c *Catalog) Again(ctx context.Context, tree *source.Tree, files []source.File, saved map[string]bool) (*Catalog, []diag.Diagnostic, error) {
	return load(ctx, tree, c.Config, files, func(path string) (readFile, bool) {
		at, ok := slices.BinarySearchFunc(c.read, path, func(r readFile, path string) int { return strings.Compare(r.path, path) })
		if !ok || saved[path] {
			return readFile{}, false
		}
		return c.read[at].unlinked(), true
	})
}

// unlinked is what a file says, without what has become of it among others.
func (r readFile) unlinked() readFile {
	r.entities = slices.Clone(r.entities)
	for i, e := range r.entities {
		r.entities[i] = e.unlinked()
	}
	return r
}

// unlinked returns an entity as its descriptor describes it: a copy whose references
// lead nowhere yet.
func (e *Entity) unlinked() *Entity {
	fresh := *e
	fresh.Inverse = nil
	relations := make([]Relation, len(e.Relations))
	fresh.Relations = make([]*Relation, len(e.Relations))
	for i, r := range e.Relations {
		relations[i] = *r
		relations[i].Reference = *r.unlinked()
		relations[i].From = &fresh
		fresh.Relations[i] = &relations[i]
	}
	if e.OnCall != nil {
		onCall := *e.OnCall
		onCall.Plan = nil
		fresh.OnCall = &onCall
	}
	if e.Team != nil {
		team := *e.Team
		team.Rotations = slices.Clone(team.Rotations)
		for i, r := range team.Rotations {
			team.Rotations[i] = r.unlinked(&fresh)
		}
		fresh.Team = &team
	}
	return &fresh
}

func (r *Reference) unlinked() *Reference {
	if r == nil {
		return nil
	}
	return &Reference{Value: r.Value, Field: r.Field, Kinds: r.Kinds, anyKind: r.anyKind}
}

func (r *Rotation) unlinked(team *Entity) *Rotation {
	fresh := *r
	fresh.Team, fresh.plan = team, nil
	fresh.Participants = slices.Clone(r.Participants)
	for i, p := range r.Participants {
		fresh.Participants[i] = p.unlinked()
	}
	fresh.Overrides = slices.Clone(r.Overrides)
	for i, o := range r.Overrides {
		override := *o
		override.Person = o.Person.unlinked()
		fresh.Overrides[i] = &override
	}
	return &fresh
}

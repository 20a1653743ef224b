package site

import "github.com/signpost-dev/signpost/pkg/portal"

type comparison struct{ path string }

func (l *planner) comparisons(e *portal.Entity) []comparison                { return nil }
func (l *planner) changesPage(e *portal.Entity, c comparison) Page          { return Page{} }
func (l *planner) changesLinks(from string, e *portal.Entity) []ChangesLink { return nil }

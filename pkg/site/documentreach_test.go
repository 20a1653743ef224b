package site

import (
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/signpost-dev/signpost/pkg/cache"
	"github.com/signpost-dev/signpost/pkg/portal"
)

// apart is a catalog in which nothing leads from one service to the other, so that pages
// depend on the other's documents by what those say alone.
const apart = bare + `-- people.yaml --
apiVersion: signpost.dev/v1
kind: person
name: ada
title: Ada
memberOf: [far]
-- far.yaml --
apiVersion: signpost.dev/v1
kind: team
name: far
-- far/playbooks/p.md --
---
about: [team:far]
everyone: true
---
# Play
-- one/service.yaml --
apiVersion: signpost.dev/v1
kind: service
name: one
owner: core
tier: 1
documents: [{title: Wiki, lastVerified: 2026-01-01, url: "https://wiki.example/1"}]
-- one/adr/0001-a.md --
# 1. A

## Status

Accepted
-- two/service.yaml --
apiVersion: signpost.dev/v1
kind: service
name: two
owner: other
-- other.yaml --
apiVersion: signpost.dev/v1
kind: team
name: other
-- two/adr/0001-b.md --
# 1. B

## Status

Accepted
-- two/postmortems/p.md --
---
actions:
  - {title: Do it, owner: "person:ada", due: 2027-01-01}
---
# P
`

// portalWithDigests is portalOf with the digests that a build which remembers has.
func portalWithDigests(t *testing.T, archive string) *portal.Portal {
	p := portalOf(t, archive)
	digests := map[string]cache.Digest{}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		digests[f.Name] = cache.DigestOf(f.Data)
	}
	for _, d := range p.Documents {
		d.Digest = digests[d.File]
	}
	for _, e := range p.Catalog.Entities {
		e.Digest = digests[e.Path]
	}
	return p
}

// TestDocumentsReachTheirPages changes what one document says. Every page that comes out
// differently has to have said that it might.
func TestDocumentsReachTheirPages(t *testing.T) {
	before, reachedBefore := drawnPages(t, portalWithDigests(t, apart))
	for name, change := range map[string]struct {
		from, to string
		pages    []string // that must come out differently
	}{
		"a decision of another service supersedes": {
			"# 1. B\n\n## Status\n\nAccepted", "# 1. B\n\n## Status\n\nSupersedes [1](../../one/adr/0001-a.md)",
			[]string{"services/one.html", "services/one/adr/0001-a.html", "adrs/index.html"},
		},
		"an action of somebody far away is done": {
			"due: 2027-01-01}", "due: 2027-01-01, done: true}",
			[]string{"teams/far.html", "services/two/postmortems/p.html"},
		},
		"whoever does an action is renamed": {
			"title: Ada", "title: Ada L.",
			[]string{"teams/far.html", "services/two/postmortems/p.html", "postmortems/-/actions/index.html"},
		},
		"a playbook for everyone is retitled": {
			"# Play", "# Replay", []string{"services/one.html", "services/two.html", "now/one.html"},
		},
		"a playbook is no longer for everyone": {
			"everyone: true", "everyone: false", []string{"services/one.html", "now/one.html"},
		},
		"a page of a wiki is verified": {
			"lastVerified: 2026-01-01", "lastVerified: 2026-02-02", []string{"services/one.html", "guides/index.html"},
		},
	} {
		if !strings.Contains(apart, change.from) {
			t.Fatalf("%s: nothing to change", name)
		}
		after, reached := drawnPages(t, portalWithDigests(t, strings.Replace(apart, change.from, change.to, 1)))
		for page, html := range after {
			if _, was := before[page]; was && html != before[page] && reached[page] == reachedBefore[page] {
				t.Errorf("%s: %s comes out differently and has not said so", name, page)
			}
		}
		for _, page := range change.pages {
			if after[page] == before[page] && after[page] != "" {
				t.Errorf("%s: %s comes out the same", name, page)
			}
		}
	}
}

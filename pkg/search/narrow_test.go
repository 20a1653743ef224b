package search

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// choice is what a reader of a list chose: values by facet.
type choice map[string][]string

// narrowed is what a choice leaves: names, and rows that each value would leave, by facet.
type narrowed struct {
	Names   []string
	Counts  map[string]map[string]int
	Without map[string]int
}

// narrowInPage narrows in the browser as lists do.
const narrowInPage = `(async (facets, choice) => {
	const c = await sp.open();
	const told = [];
	const whole = c.loaded.size === c.entry.shards.length;
	const left = await sp.narrow(c, "service", facets, new Map(Object.entries(choice).map(([k, v]) => [k, new Set(v)])), undefined, (done, of) => told.push(of - done));
	if (whole ? told.length > 0 : told.some((rest, i) => rest !== told.length - 1 - i)) throw new Error("the progress said that there were still to come " + told);
	const only = Object.keys(choice).length === 1 ? Object.keys(choice)[0] : "";
	if (left.counts.has(only)) throw new Error("counts of the only facet that is chosen");
	return {
		Names: left.rows.map((row) => c.names[row]),
		Counts: Object.fromEntries([...left.counts].map(([k, v]) => [k, Object.fromEntries(v)])),
		Without: Object.fromEntries(Object.keys(choice).map((k) => [k, left.without.get(k)])),
	};
})`

var narrowFacets = []string{"owner", "tier", "lifecycle", "language", "gap", "costCentre"}

// narrowInGo looks at every service.
func narrowInGo(services []Entity, facets map[string]func(*Entity) []string, chosen choice) narrowed {
	n := narrowed{Names: []string{}, Counts: map[string]map[string]int{}, Without: map[string]int{}}
	has := func(e *Entity, facet string) bool {
		return slices.ContainsFunc(facets[facet](e), func(v string) bool { return slices.Contains(chosen[facet], v) })
	}
	matches := func(e *Entity, except string) bool {
		for facet := range chosen {
			if facet != except && !has(e, facet) {
				return false
			}
		}
		return true
	}
	for facet := range chosen {
		n.Without[facet] = 0
	}
	for _, facet := range narrowFacets {
		if _, is := chosen[facet]; !is || len(chosen) > 1 {
			n.Counts[facet] = map[string]int{}
		}
	}
	for i := range services {
		e := &services[i]
		if matches(e, "") {
			n.Names = append(n.Names, e.Name)
		}
		for facet := range chosen {
			if matches(e, facet) {
				n.Without[facet]++
			}
		}
		for facet, counts := range n.Counts {
			for _, v := range facets[facet](e) {
				if v != "" && matches(e, facet) {
					counts[v]++
				}
			}
		}
	}
	return n
}

// A list narrowed from some shards is what it would be with all of them loaded, and
// shards that cannot hold what was chosen are not loaded.
func TestBrowserNarrowsFromSomeShards(t *testing.T) {
	o := newOrganisation(500)
	entities := o.entities(6_000)
	b := Builder{rowsPerShard: 500}
	for _, e := range entities {
		b.AddEntity(e)
	}
	site := addPage(t, collect(t, &b))
	sortEntities(entities)
	services := entities[:6_000]
	facets := facetsOf(nil)
	facets["costCentre"] = func(e *Entity) []string { return e.Fields["costCentre"] }
	rare := services[4_321]
	for _, test := range []struct {
		chosen choice
		fewer  bool // shards than there are
	}{
		{choice{}, false},
		{choice{"tier": {"1"}}, false},
		{choice{"owner": {rare.Owner}}, true},
		{choice{"owner": {rare.Owner}, "costCentre": rare.Fields["costCentre"]}, true},
		{choice{"owner": {rare.Owner}, "costCentre": rare.Fields["costCentre"], "tier": {"4"}, "gap": {"runbook"}}, true},
		{choice{"owner": {rare.Owner, services[17].Owner}, "lifecycle": {"production"}}, false},
		{choice{"owner": {"nobody"}}, false},
	} {
		var mu sync.Mutex
		shards := map[string]bool{}
		ctx := newTab(t, serve(t, site, func(path string) {
			mu.Lock()
			defer mu.Unlock()
			if strings.HasPrefix(path, "search/c/") {
				shards[path] = true
			}
		}))
		want := narrowInGo(services, facets, test.chosen)
		got := call[narrowed](t, ctx, narrowInPage, narrowFacets, test.chosen)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v (-Go +browser):\n%s", test.chosen, diff)
		}
		mu.Lock()
		t.Logf("%v leaves %d services and loads %d of 12 shards", test.chosen, len(want.Names), len(shards))
		if test.fewer != (len(shards) < 12) {
			t.Errorf("%v loads %q", test.chosen, slices.Sorted(maps.Keys(shards)))
		}
		mu.Unlock()
		// With the other shards loaded, too, the answer is the same.
		call[bool](t, ctx, "(async () => { await sp.columns(); return true; })")
		if diff := cmp.Diff(want, call[narrowed](t, ctx, narrowInPage, narrowFacets, test.chosen)); diff != "" {
			t.Errorf("%v, with all shards loaded (-Go +browser):\n%s", test.chosen, diff)
		}
	}
}

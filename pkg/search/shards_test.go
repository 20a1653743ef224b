package search

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// With more entities than a column file holds, the browser still answers as Go does,
// and shows what the likely shards hold before the others have come.
func TestBrowserShards(t *testing.T) {
	o := newOrganisation(500)
	entities := o.entities(24_500)
	var b Builder
	for _, e := range entities {
		b.AddEntity(e)
	}
	o.documents(500, entities, func(d Document) { b.AddDocument(d) })
	site := addPage(t, collect(t, &b))
	x := open(t, site)
	if len(x.entry.Shards) != 3 {
		t.Fatalf("%d shards, want 3", len(x.entry.Shards))
	}
	var questions []question
	for i := range 30 {
		name := entities[i*801].Name
		for _, q := range []string{
			name, name[:4], name[:2] + name[3:], "owner:" + o.teams[i] + " " + name[:3], o.teams[i], "kind:team " + o.teams[i][:2],
			strings.ReplaceAll(name, "-", " "), "tier:1 lang:rust", "xx" + name,
		} {
			questions = append(questions, question{Query: q}, question{Query: q, Document: true})
		}
	}
	var mu sync.Mutex
	var seen []string
	ctx := newTab(t, serve(t, site, func(path string) {
		mu.Lock()
		defer mu.Unlock()
		if strings.HasPrefix(path, "search/c/") {
			seen = append(seen, path)
		}
	}))
	slices.SortFunc(entities, func(a, b Entity) int { return strings.Compare(a.Kind+a.Name, b.Kind+b.Name) })
	name := entities[20_000].Name
	partial := call[[]string](t, ctx, `(async (q) => { let early = []; await sp.search(q, { partial: (hits) => { early = hits.map((h) => h.name); } }); return early; })`, name)
	if len(partial) == 0 || partial[0] != name {
		t.Errorf("before all shards came, %q gave %q", name, partial)
	}
	mu.Lock()
	if len(seen) != 3 || !strings.HasPrefix(seen[0], "search/c/2-") && !strings.HasPrefix(seen[0], "search/c/1-") {
		t.Errorf("shards were loaded in the order %q, want the likely one first and each once", seen)
	}
	mu.Unlock()
	got := call[[][]string](t, ctx, "sp.answers", questions)
	compareAnswers(t, questions, goAnswers(t, x, questions), got)
	checkGivesWay(t, ctx, "xx"+name)
	checkStops(t, ctx, "xx"+name)
}

// checkGivesWay searches with a clock on which every look takes a millisecond, so that it
// does not matter how fast the machine is, and counts how often other tasks have their turn.
func checkGivesWay(t *testing.T, ctx context.Context, query string) {
	t.Helper()
	for search, query := range map[string]string{"search": query, "searchDocuments": query + " tier:1", "nearest": query} {
		turns := call[int](t, ctx, `(async (search, query) => {
			let now = performance.now(), turns = 0, over = false;
			const { port1, port2 } = new MessageChannel();
			port1.onmessage = () => { turns++; if (!over) port2.postMessage(0); };
			performance.now = () => ++now;
			port2.postMessage(0);
			await sp[search](query);
			over = true;
			await new Promise((done) => setTimeout(done, 50)); // the task is over for slices.ts, too, before its clock goes back
			delete performance.now;
			return turns;
		})`, search, query)
		if turns < 2 {
			t.Errorf("%s(%q) among 25,000 entities gives way to other tasks %d times, want 2 or more", search, query, turns)
		}
	}
}

// checkStops takes a query back while it is being answered.
func checkStops(t *testing.T, ctx context.Context, query string) {
	t.Helper()
	got := call[string](t, ctx, `(async (query) => {
		let now = performance.now(), looks = 0;
		performance.now = () => (looks++, ++now);
		await sp.search(query);
		const whole = looks;
		looks = 0;
		const typing = new AbortController();
		setTimeout(() => typing.abort());
		const end = await sp.search(query, { signal: typing.signal }).then(() => "answered", (e) => e.name);
		await new Promise((done) => setTimeout(done, 50));
		delete performance.now;
		return end + (looks < whole ? ", at once" : ", at the end");
	})`, query)
	if got != "AbortError, at once" {
		t.Errorf("a search that nobody waits for any more: got %q", got)
	}
}

// The lists read the same columns: every value of every entity, and the details.
func TestBrowserColumns(t *testing.T) {
	f := readFixture(t)
	site := addPage(t, f.build(t))
	ctx := newTab(t, serve(t, site, nil))
	got := call[[]Entity](t, ctx, `(async () => {
		const c = await sp.columns();
		const rows = Array.from({ length: c.rows }, (_, i) => i);
		const more = await sp.details(rows);
		return rows.map((row) => ({
			URL: c.url(row), Kind: c.value("kind", row), KindTitle: c.kindTitles.get(c.value("kind", row)), Namespace: c.value("namespace", row),
			Name: c.names[row], Title: c.ownTitle(row), Aliases: c.aliases(row), Description: more[row].description,
			Owner: c.value("owner", row), OwnerTitle: c.ownerTitles.get(c.value("owner", row)), OnCall: more[row].oncall,
			Channel: more[row].channel, ChannelURL: more[row].channelURL, Runbook: more[row].runbook,
			Tier: c.value("tier", row), Lifecycle: c.value("lifecycle", row), Type: c.value("type", row), Language: c.value("language", row),
			System: c.value("system", row), Domain: c.value("domain", row), Tags: c.values("tag", row), Gaps: c.values("gap", row),
			Fields: Object.fromEntries(c.entry.fields.map((f) => [f, c.values("." + f, row)])),
		}));
	})`)
	sortEntities(f.Entities)
	for i := range f.Entities {
		clean(&f.Entities[i])
		clean(&got[i])
	}
	if diff := cmp.Diff(f.Entities, got); diff != "" {
		t.Errorf("(-added +in the browser):\n%s", diff)
	}
}

// clean makes nothing of empty lists.
func clean(e *Entity) {
	for _, list := range []*[]string{&e.Aliases, &e.Tags, &e.Gaps} {
		if len(*list) == 0 {
			*list = nil
		}
	}
	fields := map[string][]string{}
	for name, values := range e.Fields {
		if len(values) > 0 {
			fields[name] = values
		}
	}
	e.Fields = fields
}

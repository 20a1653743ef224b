package provider_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

const (
	subjects = 10
	perPage  = 2
	listed   = subjects / perPage // requests for the list
	normal   = listed + subjects  // and one for each subject
	token    = "canary-4f1c9e7ab2d8-of-the-fault-matrix"
)

// now is when the matrix fetches. The facts of before are of the day before.
var now = time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)

// TestFaults runs every fault of the shared list against a provider, at the first, a middle
// and the last request, through real connections on loopback, and then merges.
func TestFaults(t *testing.T) {
	dir := os.Getenv("SIGNPOST_TESTDATA")
	if dir == "" {
		t.Skip("SKIPPED: SIGNPOST_TESTDATA is not set, so NO FAULT of a live system was tried")
	}
	data, err := os.ReadFile(filepath.Join(dir, "hostile/providers/faults.json"))
	if err != nil {
		t.Fatalf("SIGNPOST_TESTDATA is set, but: %v", err)
	}
	var all []struct{ Name, How, Expect string }
	if err := json.Unmarshal(data, &all); err != nil || len(all) == 0 {
		t.Fatalf("faults.json holds %d faults: %v", len(all), err)
	}
	for _, f := range all {
		if _, ok := faults[f.Name]; !ok {
			t.Errorf("the fault %q (%s) is not implemented here; it must lead to: %s", f.Name, f.How, f.Expect)
		}
	}
	for _, f := range all {
		for at, place := range []string{"first", "middle", "last"} {
			if fault, ok := faults[f.Name]; ok {
				t.Run(f.Name+"/"+place, func(t *testing.T) {
					t.Parallel()
					newCell(t, f.Name, fault, fault.on.requests()[at]).run()
				})
			}
		}
	}
}

// cell is one fault at one request.
type cell struct {
	*testing.T
	fault fault
	at    int // which request it begins at, from 1
	live  *live
	dir   string // of the snapshot and the cache

	mu    sync.Mutex
	slept []time.Duration
}

func newCell(t *testing.T, name string, f fault, at int) *cell {
	c := &cell{T: t, fault: f, at: at, dir: t.TempDir()}
	c.live = newLive(t, name, f, at)
	return c
}

func (c *cell) run() {
	before := c.before()
	c.live.begin()
	start := time.Now()
	facts, err := c.fetch(token)
	if spent := time.Since(start); spent > 20*time.Second {
		c.Errorf("took %s: something sleeps by the real clock", spent)
	}
	after := snapshot.Merge(before, now, snapshot.Fetched{Facts: facts, Err: provider.ProblemOf(err)}, false)
	c.Logf("%d requests, slept %v, error %v, problems %v", c.live.requests(), c.slept, err, facts.Problems)
	c.checkFacts(before, after)
	c.checkProblem(after, err)
	c.checkManners()
	c.checkSecret(after, err)
	if c.fault.also != nil {
		c.fault.also(c, before, after)
	}
}

// before fetches while all is well, and makes it what was known the day before.
func (c *cell) before() snapshot.File {
	old := token
	if c.fault.rotated {
		old = "an-older-token-that-is-not-valid-any-more"
	}
	facts, err := c.fetch(old)
	if err != nil || len(facts.Problems) > 0 || len(facts.Health) != subjects {
		c.Fatalf("without faults: %d facts, %v, %v", len(facts.Health), facts.Problems, err)
	}
	if n := c.live.requests(); n != normal {
		c.Fatalf("without faults it takes %d requests; want %d", n, normal)
	}
	empty := snapshot.File{Version: 1, Provider: "live", Type: "test"}
	return snapshot.Merge(empty, now.Add(-24*time.Hour), snapshot.Fetched{Facts: facts}, false)
}

func (c *cell) fetch(token string) (snapshot.Facts, error) {
	timeout := 30 * time.Second
	if c.fault.hangs {
		timeout = 300 * time.Millisecond
	}
	options := provider.Options{
		Base: c.live.url, Private: true, Transport: c.live, Timeout: timeout, Pages: 3 * listed, Sleep: c.sleep,
		Authorize: bearer(token), Secrets: []string{token},
	}
	if c.fault.cached {
		options.Cache = filepath.Join(c.dir, "cache")
	}
	client, err := provider.NewClient(options)
	if err != nil {
		c.Fatal(err)
	}
	return (&tester{client: client}).Fetch(c.Context(), provider.Request{Subjects: asked(), Now: now})
}

func (c *cell) sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.slept = append(c.slept, d)
	return ctx.Err()
}

// checkFacts holds each fact to be new, or what it was to the byte, as the fault allows.
func (c *cell) checkFacts(before, after snapshot.File) {
	if len(after.Health) != subjects {
		c.Errorf("there are %d facts; want %d: none may be lost", len(after.Health), subjects)
		return
	}
	failed := map[string]bool{}
	for _, p := range after.Problems {
		failed[p.Entity] = true
	}
	stale := 0
	for i, h := range after.Health {
		isOld := cmp.Equal(text(c.T, h), text(c.T, before.Health[i]))
		if isOld {
			stale++
		} else if after.Problem != nil || failed[h.Entity] {
			c.Errorf("%s failed, and is not what it was:\n%s", h.Entity, text(c.T, h))
		}
		if isOld && after.Problem == nil && !failed[h.Entity] && !c.fault.lies {
			c.Errorf("%s is as before, but nothing says that this is old", h.Entity)
		}
	}
	if want := c.wantStale(); stale != want {
		c.Errorf("%d facts are those of before; want %d", stale, want)
	}
}

// wantStale is how many facts the fault keeps from being new.
func (c *cell) wantStale() int {
	switch {
	case c.fault.kind == "" && !c.fault.lies:
		return 0
	case c.fault.lies && c.at <= listed:
		return 0 // the list holds nothing that has changed
	case c.at <= listed || c.fault.kind == snapshot.Loss:
		return subjects
	case c.fault.scope == rest:
		return normal - c.at + 1
	case c.fault.scope == two:
		return 2
	}
	return 1
}

// checkProblem wants the kind that says what to do, at the whole or at the entity.
func (c *cell) checkProblem(after snapshot.File, err error) {
	want := c.fault.kind
	if c.at > 1 && c.at <= listed && want != "" && want != snapshot.Auth && want != snapshot.RateLimit && want != snapshot.Loss {
		want = snapshot.Incomplete
	}
	var got []snapshot.Problem
	if after.Problem != nil {
		got = append(got, *after.Problem)
	}
	got = append(got, after.Problems...)
	if len(got) == 0 && want != "" {
		c.Errorf("nobody is told; want %s", want)
	}
	for _, p := range got {
		if p.Kind != want {
			c.Errorf("the problem is of kind %s; want %q: %s", p.Kind, want, p.Message)
		}
		if p.Since.IsZero() || len(p.Message) < 20 {
			c.Errorf("the problem says too little: %+v", p)
		}
	}
	if e := (*provider.Error)(nil); err != nil && !errors.As(err, &e) {
		c.Errorf("the error is a %T: %v", err, err)
	}
}

// checkManners counts requests, looks at waits, and at who has seen the token.
func (c *cell) checkManners() {
	if n := c.live.requests(); n > 3*normal {
		c.Errorf("%d requests; want at most %d", n, 3*normal)
	}
	var total time.Duration
	for _, d := range c.slept {
		total += d
	}
	if limit := time.Minute; total > limit*time.Duration(max(1, c.wantStale())) {
		c.Errorf("waits %s in all", total)
	}
	for _, seen := range c.live.strangers() {
		c.Errorf("another host was asked, and got: %s", seen)
	}
}

// checkSecret looks for the token in whatever is left behind, plain and encoded.
func (c *cell) checkSecret(after snapshot.File, err error) {
	store, e := snapshot.Create(filepath.Join(c.dir, "snapshots"))
	if e != nil {
		c.Fatal(e)
	}
	defer store.Close()
	if e := store.Write(after); e != nil {
		c.Fatal(e)
	}
	left := map[string][]byte{"the error": fmt.Append(nil, err)}
	e = filepath.WalkDir(c.dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			left[name], err = os.ReadFile(name)
		}
		return err
	})
	if e != nil {
		c.Fatal(e)
	}
	for where, what := range left {
		for _, form := range []string{token, url.QueryEscape(token + "/+"), base64.StdEncoding.EncodeToString([]byte(token))[:40]} {
			if bytes.Contains(what, []byte(form)) {
				c.Errorf("the token is in %s", where)
			}
		}
	}
	if said := fmt.Sprint(err, after.Problems); strings.Contains(said, "key=") || strings.Contains(said, "page=") {
		c.Errorf("a query is shown: %s", said)
	}
}

func text(t *testing.T, v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// asked are the subjects.
func asked() []provider.Subject {
	var all []provider.Subject
	for n := range subjects {
		name := nameOf(n)
		all = append(all, provider.Subject{Entity: "service:" + name, Purpose: provider.Health, With: map[string]string{"name": name}})
	}
	return all
}

func nameOf(n int) string { return fmt.Sprintf("svc-%02d", n) }

// tester is a provider as they all are: a list, and a question for each subject.
type tester struct{ client *provider.Client }

type item struct {
	ID     string           `json:"id"`
	Name   string           `json:"name"`
	State  string           `json:"state"`
	Rank   float64          `json:"rank"`
	Text   string           `json:"text"`
	At     time.Time        `json:"at"`
	URL    string           `json:"html_url"`
	Errors []map[string]any `json:"errors"`
}

// check refuses what the system does not document.
func (i item) check() error {
	switch {
	case len(i.Errors) > 0:
		return fmt.Errorf("the system tells of errors beside its data: %v", i.Errors)
	case i.ID == "" || i.Name == "":
		return errors.New("an item has neither identifier nor name")
	case i.State != "healthy":
		return fmt.Errorf("the state %q is none that we know", i.State)
	}
	return nil
}

func (p *tester) Fetch(ctx context.Context, r provider.Request) (snapshot.Facts, error) {
	var facts snapshot.Facts
	ids, err := p.list(ctx)
	if err != nil {
		return facts, err
	}
	for _, s := range r.Subjects {
		id, ok := ids[s.With["name"]]
		if !ok {
			continue
		}
		h, err := p.one(ctx, s, id)
		if err != nil {
			facts.Problems = append(facts.Problems, provider.OfSubject(s, err))
			continue
		}
		facts.Health = append(facts.Health, h)
	}
	return facts, nil
}

func (p *tester) list(ctx context.Context) (map[string]string, error) {
	ids := map[string]string{}
	err := p.client.EachPage(ctx, "/items", url.Values{"page": {"1"}}, func(page json.RawMessage) error {
		var items []item
		if err := json.Unmarshal(page, &items); err != nil {
			return err
		}
		for _, i := range items {
			if err := i.check(); err != nil {
				return err
			}
			if ids[i.Name] != "" {
				return fmt.Errorf("%s is listed twice: the list changed while we read it", i.Name)
			}
			ids[i.Name] = i.ID
		}
		return nil
	})
	return ids, err
}

func (p *tester) one(ctx context.Context, s provider.Subject, id string) (snapshot.Health, error) {
	var i item
	if _, err := p.client.Get(ctx, "/items/"+id, url.Values{"key": {"of-the-query"}}, &i); err != nil {
		return snapshot.Health{}, err
	}
	err := i.check()
	if err == nil && i.Name != s.With["name"] {
		err = fmt.Errorf("the answer is about %q", i.Name)
	}
	if err != nil {
		return snapshot.Health{}, &provider.Error{Kind: snapshot.Garbage, Asked: "GET /items/" + id, Message: err.Error()}
	}
	return snapshot.Health{
		About: snapshot.About{ID: i.ID, Entity: s.Entity, Observed: i.At, URL: fact.Link(i.URL)},
		State: snapshot.HealthState(i.State), Message: i.Text,
	}, nil
}

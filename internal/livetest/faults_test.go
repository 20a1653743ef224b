package livetest

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/providertest"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// token is the secret of every system. An earlier one was valid the day before.
const (
	token        = "canary-4f1c9e7ab2d8-of-the-fault-matrix"
	earlierToken = "canary-00aa11bb22cc-that-is-not-valid-any-more"
)

// now is when the matrix fetches. The facts of before are of the day before.
var now = time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)

// TestMain lets many cells run at once: most wait for a system that does not answer.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "24"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// TestFaults runs every fault of the shared list against every provider, at the first, a
// middle and the last request, through real connections on loopback, and then merges.
func TestFaults(t *testing.T) {
	var all []struct{ Name, How, Expect string }
	file := filepath.Join(providertest.Data(t, "hostile/providers"), "faults.json")
	if err := json.Unmarshal(providertest.Read(t, file), &all); err != nil || len(all) == 0 {
		t.Fatalf("faults.json holds %d faults: %v", len(all), err)
	}
	for _, f := range all {
		if _, ok := faults[f.Name]; !ok {
			t.Errorf("the fault %q (%s) is not implemented here; it must lead to: %s", f.Name, f.How, f.Expect)
		}
	}
	for _, s := range systems() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			h := newHost(t, s)
			for _, f := range all {
				fault := faults[f.Name]
				fault.name = f.Name
				requests := h.requests(fault)
				if len(requests) == 0 {
					if s.exempt[f.Name] == "" {
						t.Errorf("%s does not apply to any request, and nothing says why", f.Name)
					}
					continue
				}
				for at, place := range []string{"first", "middle", "last"} {
					t.Run(f.Name+"/"+place, func(t *testing.T) {
						t.Parallel()
						request := []string{requests[0], requests[len(requests)/2], requests[len(requests)-1]}[at]
						newCell(t, h, f.Name, fault, request, at).run()
					})
				}
			}
		})
	}
}

// cell is one fault at one request.
type cell struct {
	*testing.T
	*host
	name     string
	fault    fault
	request  string // that it begins at
	place    int    // 0, 1 or 2
	expected outcome
	way      *way
	dir      string // of the snapshot and the cache

	mu    sync.Mutex
	slept []time.Duration
}

func newCell(t *testing.T, h *host, name string, f fault, request string, place int) *cell {
	c := &cell{T: t, host: h, name: name, fault: f, request: request, place: place, dir: t.TempDir()}
	c.expected = h.system.outcome(name, f, request)
	c.way = newWay(h, c)
	return c
}

func (c *cell) run() {
	before := c.before
	if c.fault.cached { // fill the cache
		if _, err := c.fetch(c.way.yesterday(), earlier(c.fault)); err != nil {
			c.Fatal(err)
		}
	}
	start := time.Now()
	facts, err := c.fetch(c.way, token)
	if spent := time.Since(start); spent > time.Minute+10*c.patience {
		c.Errorf("took %s: something sleeps by the real clock", spent)
	}
	if err == nil {
		err = facts.Validate()
	}
	after := snapshot.Merge(before, now, snapshot.Fetched{Facts: facts, Err: provider.ProblemOf(err)}, false)
	c.Logf("at %s: %d requests of %d, slept %v, error %v, problems %v", c.request, c.way.count, len(c.order), c.slept, err, facts.Problems)
	if c.way.hits == 0 {
		c.Errorf("the fault has struck nothing")
	}
	c.checkFacts(after)
	c.checkProblems(after, err)
	c.checkManners()
	c.checkSecret(after, err)
	if c.fault.also != nil {
		c.fault.also(c, after)
	}
}

func earlier(f fault) string {
	if f.rotated {
		return earlierToken
	}
	return token
}

// fetch makes the provider anew and asks.
func (c *cell) fetch(through *way, secret string) (snapshot.Facts, error) {
	return c.system.fetch(c.Context(), c.before.Facts, secret, func(o *provider.Options) {
		o.Transport, o.Sleep, o.Pages, o.Body = through, c.sleep, c.laterPages()+2, 1<<20
		if c.fault.hangs {
			o.Timeout = c.patience
		}
		o.Cache = ""
		if c.fault.cached {
			o.Cache = filepath.Join(c.dir, "cache")
		}
	})
}

func (c *cell) sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.slept = append(c.slept, d)
	return ctx.Err()
}

// observed is when something was seen, which is today for what a system says is unchanged.
var observed = regexp.MustCompile(`"observed":"[^"]*"`)

// withoutMeasures takes the measures off a fact about health.
var withoutMeasures = regexp.MustCompile(`,"measures":\[.*\]`)

// facts returns facts by kind, entity, environment and identifier, as JSON.
func facts(f snapshot.File) map[string]string {
	all := map[string]string{}
	v := reflect.ValueOf(f.Facts)
	for i := range v.NumField() {
		kind := v.Type().Field(i).Name
		if kind == "Foreign" || kind == "Problems" {
			continue
		}
		for j := range v.Field(i).Len() {
			about := v.Field(i).Index(j).FieldByName("About").Interface().(snapshot.About)
			all[strings.Join([]string{kind, about.Entity, about.Environment, about.ID}, " ")] = asJSON(v.Field(i).Index(j).Interface())
		}
	}
	return all
}

func asJSON(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(data)
}

// checkFacts holds each fact to be that of today, or to the byte what it was where a problem
// says so. None may be lost.
func (c *cell) checkFacts(after snapshot.File) {
	old, today, got := facts(c.before), facts(c.today), facts(after)
	if c.system.clocked {
		for _, all := range []map[string]string{old, today, got} {
			for key, is := range all {
				all[key] = withoutMeasures.ReplaceAllString(is, "")
			}
		}
	}
	if c.expected.fewer {
		return // the table says why
	}
	stale := 0
	for key, was := range old {
		switch is := got[key]; {
		case is == today[key]:
		case is == was && c.stale(after, key):
			stale++
		case c.fault.lies && observed.ReplaceAllString(is, "") == observed.ReplaceAllString(was, ""):
		case is == "":
			c.Errorf("%s is lost", key)
		case is == was:
			c.Errorf("%s is as before, but nothing says that this is old", key)
		case c.expected.unwell && strings.Contains(is, `"state":"unhealthy"`):
		case c.expected.kind == altered:
			stale++
		case c.expected.part && c.stale(after, key) && withoutMeasures.ReplaceAllString(is, "") == withoutMeasures.ReplaceAllString(today[key], ""):
		default:
			c.Errorf("%s is neither what it was nor what it is:\n%s\n%s\n%s", key, is, was, today[key])
		}
	}
	for key := range got {
		if old[key] == "" && today[key] == "" {
			c.Errorf("%s is made up: %s", key, got[key])
		}
	}
	if after.Problem != nil {
		whole := after
		whole.Facts = c.before.Facts
		if asJSON(whole) != asJSON(after) {
			c.Errorf("all of it failed, and it is not what it was to the byte")
		}
	}
	if c.expected.kind == "" && stale > 0 {
		c.Errorf("%d facts are not those of today", stale)
	}
}

// stale tells whether a problem is about a fact.
func (c *cell) stale(after snapshot.File, key string) bool {
	if after.Problem != nil {
		return true
	}
	words := strings.SplitN(key, " ", 4)
	return slices.ContainsFunc(after.Problems, func(p snapshot.Problem) bool {
		return p.Entity == words[1] && (p.Environment == "" || p.Environment == words[2])
	})
}

// checkProblems wants the kind that says what to do, at the whole or at the entity.
func (c *cell) checkProblems(after snapshot.File, err error) {
	var got []snapshot.Problem
	if after.Problem != nil {
		got = append(got, *after.Problem)
	}
	got = append(got, after.Problems...)
	want := c.expected.kind
	if want == altered {
		want = ""
	}
	if len(got) == 0 && want != "" && !c.expected.unwell && !c.fault.maybe {
		c.Errorf("nobody is told; want %s", want)
	}
	for _, p := range got {
		// A list that the same fault strikes later, and from its beginning, is told as that.
		if later := c.fault.scope == rest && !c.expected.differs && p.Kind == c.fault.kind; p.Kind != want && !later {
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
	normal := len(c.order)
	if n := c.way.count; n > 3*normal {
		c.Errorf("%d requests; want at most %d", n, 3*normal)
	}
	var total time.Duration
	for _, d := range c.slept {
		total += d
	}
	if total > time.Minute*time.Duration(normal) {
		c.Errorf("waits %s in all", total)
	}
	for _, seen := range c.strangers(c.way.id) {
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
	if said := fmt.Sprint(err, after.Problems); strings.Contains(said, "key=") || strings.Contains(said, "offset=") {
		c.Errorf("a query is shown: %s", said)
	}
}

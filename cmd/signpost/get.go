package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/search"
	"github.com/signpost-dev/signpost/pkg/site"
)

type getOptions struct {
	query      string
	path       string
	format     choice
	dependents bool
	now        nowFlag
}

func newGet(e env) *cobra.Command {
	o := getOptions{format: choice{"text", []string{"text", "json"}}}
	c := &cobra.Command{
		Use:   "get REF|QUERY [PATH]",
		Short: "Say who owns something, who is on call and where it runs",
		Long: `Get answers in the terminal what the site answers on a page. It is given a reference
(service:payments-api), a name or an alias, or words to search for; filters work as on
the site (owner:payments tier:1). Words that fit several things list them.

The exit status is 1 if nothing was found.`,
		Args: usageOf(cobra.RangeArgs(1, 2)),
		RunE: func(c *cobra.Command, args []string) error {
			o.query, o.path = args[0], operand(args, 1, ".")
			return runGet(c.Context(), e, o)
		},
	}
	c.Flags().Var(&o.format, "format", "how to print the answer")
	c.Flags().BoolVar(&o.dependents, "dependents", false, "list all that fails with it, directly or by way of others")
	addNow(c.Flags(), &o.now)
	return c
}

func runGet(ctx context.Context, e env, o getOptions) error {
	w, err := openWorkspace(ctx, o.path, o.now.instant())
	if err != nil {
		return err
	}
	defer w.Close()
	if err := w.buildable(e, true); err != nil {
		return err
	}
	w.warnIfPartial(e)
	in := w.portalInput(nil)
	in.Documents = w.docs.Documents
	p := portal.New(in)
	o.query = subject(o.query)
	if found := named(p, o.query); found != nil {
		answer := answerOf(p, found, o.now.instant(), o.dependents)
		if o.format.value == "json" {
			return printJSON(e, answer)
		}
		return answer.print(e.stdout)
	}
	hits, err := searchFor(p, o.query)
	if err != nil {
		return err
	}
	return printHits(e, o, hitsOf(p, hits))
}

// warnIfPartial says that an answer rests on less than the whole catalog.
func (w *workspace) warnIfPartial(e env) {
	if w.unread || w.catalog.Discovered > len(w.catalog.Entities)+w.catalog.Dropped {
		fmt.Fprintln(e.stderr, "not every file of the catalog could be read, so this may be incomplete: see `signpost check`")
	}
}

// questions are what people put in front of a name when they ask for it.
var questions = regexp.MustCompile(`(?i)^(who (owns|maintains)|who('s| is) on[- ]?call for|where (does|is|do)|what (is|are|uses|depends on|breaks with))\s+(the\s+)?`)

// subject returns what a question is about: "who owns payments?" is about
// payments. Other words stay as they are.
func subject(query string) string {
	query = strings.TrimSpace(query)
	if about := questions.ReplaceAllString(query, ""); about != query && about != "" {
		return strings.TrimSuffix(strings.TrimSuffix(about, "?"), " run")
	}
	return query
}

// named returns the entity that a text names: a reference, a name or an alias
// that means one thing only.
func named(p *portal.Portal, text string) *portal.Entity {
	var kinds []string
	for _, k := range p.Catalog.Kinds {
		kinds = append(kinds, k.Name)
	}
	e, _ := p.Catalog.Resolve(text, kinds, "")
	if e == nil {
		return nil
	}
	return p.Of(e)
}

// searchFor asks the same index as the site's search.
func searchFor(p *portal.Portal, query string) ([]search.Hit, error) {
	index, err := site.SearchIndex(p)
	if err != nil {
		return nil, err
	}
	const limit = 20
	if hits := index.Search(query, limit); len(hits) > 0 {
		return hits, nil
	}
	return index.Nearest(query, 5), nil
}

// hit is one of the things that words may mean.
type hit struct {
	Ref    string `json:"ref,omitempty"` // of an entity; what to ask for next
	Kind   string `json:"kind"`
	Title  string `json:"title"`
	Owner  string `json:"owner,omitempty"`
	OnCall string `json:"onCall,omitempty"` // rotation
	Page   string `json:"page"`
}

func hitsOf(p *portal.Portal, found []search.Hit) []hit {
	refs := map[string]string{}
	for _, e := range p.Entities {
		refs[e.Page()] = e.Ref.String()
	}
	hits := make([]hit, 0, len(found))
	for _, h := range found {
		hits = append(hits, hit{Ref: refs[h.URL], Kind: h.Kind, Title: h.Title, Owner: h.OwnerTitle, OnCall: h.OnCall, Page: h.URL})
	}
	return hits
}

func printHits(e env, o getOptions, hits []hit) error {
	if o.format.value == "json" {
		if err := printJSON(e, map[string]any{"query": o.query, "hits": hits}); err != nil {
			return err
		}
	}
	if len(hits) == 0 {
		fmt.Fprintf(e.stderr, "nothing in the catalog is called %q, or anything like it\n", o.query)
		return errFindings
	}
	if o.format.value == "json" {
		return nil
	}
	t := newTable(e.stdout)
	for _, h := range hits {
		t.row(cmp.Or(h.Ref, h.Kind), h.Title, h.Owner, h.OnCall)
	}
	return t.flush()
}

// answer is what get says of an entity.
type answer struct {
	Ref         string      `json:"ref"`
	Title       string      `json:"title"`
	Description string      `json:"description,omitempty"`
	Kind        string      `json:"kind"`
	Tier        int         `json:"tier,omitempty"`
	Lifecycle   string      `json:"lifecycle,omitempty"`
	System      string      `json:"system,omitempty"`
	Owner       *party      `json:"owner,omitempty"`
	Members     []party     `json:"members,omitempty"`
	Owns        []string    `json:"owns,omitempty"`
	OnCall      *onCall     `json:"onCall,omitempty"`
	Channel     *way        `json:"channel,omitempty"`
	Runbook     *way        `json:"runbook,omitempty"`
	Repository  *way        `json:"repository,omitempty"`
	Dashboard   *way        `json:"dashboard,omitempty"`
	Runs        []place     `json:"environments,omitempty"`
	DependsOn   []string    `json:"dependsOn,omitempty"`
	UsedBy      []string    `json:"usedBy,omitempty"`
	Dependents  []dependent `json:"dependents,omitempty"`
	Missing     []string    `json:"missing,omitempty"`
	Source      string      `json:"source"`
	Page        string      `json:"page"`
}

type party struct {
	Ref   string `json:"ref"`
	Title string `json:"title"`
	Role  string `json:"role,omitempty"`
}

type way struct {
	Text string `json:"text"`
	URL  string `json:"url,omitempty"`
	File string `json:"file,omitempty"` // of a document in the repository
}

type place struct {
	Name   string `json:"name"`
	URL    string `json:"url,omitempty"`
	Region string `json:"region,omitempty"`
}

type onCall struct {
	Rotation string     `json:"rotation,omitempty"`
	Provider string     `json:"provider,omitempty"`
	ID       string     `json:"id,omitempty"`
	Now      string     `json:"now,omitempty"`
	Until    *time.Time `json:"until,omitempty"`
	Next     string     `json:"next,omitempty"`
	From     *time.Time `json:"nextFrom,omitempty"` // of the next shift, if nobody is on call now
	Page     string     `json:"page,omitempty"`
}

type dependent struct {
	Ref   string `json:"ref"`
	Hops  int    `json:"hops"`
	Owner string `json:"owner,omitempty"`
}

func answerOf(p *portal.Portal, e *portal.Entity, now time.Time, dependents bool) answer {
	a := answer{
		Ref: e.Ref.String(), Title: e.DisplayName(), Description: e.Description, Kind: e.Kind.Name,
		Tier: e.Tier, Lifecycle: e.Lifecycle.Text, Source: e.Place().String(), Page: e.Page(),
	}
	if owner := e.Owner(); owner != nil {
		a.Owner = &party{Ref: owner.Ref.String(), Title: owner.DisplayName()}
	}
	if s := e.System(); s != nil {
		a.System = s.Ref.String()
	}
	if found := p.OnCall(e); found != nil {
		a.OnCall = onCallOf(p, found, now)
	}
	a.Channel = wayOf(p.Channel(e))
	a.Runbook = wayOf(p.Runbook(e))
	a.Repository = wayOf(p.Repository(e))
	a.Dashboard = wayOf(p.Dashboard(e))
	for _, env := range e.Deployed {
		a.Runs = append(a.Runs, place{env.Name.Text, env.URL, env.Region})
	}
	a.relate(p, e)
	for _, g := range p.Gaps(e) {
		a.Missing = append(a.Missing, g.Field)
	}
	if dependents {
		for _, d := range p.Dependents(e) {
			hop := dependent{Ref: d.Entity.Ref.String(), Hops: d.Hops}
			if owner := d.Entity.Owner(); owner != nil {
				hop.Owner = owner.Ref.String()
			}
			a.Dependents = append(a.Dependents, hop)
		}
	}
	return a
}

// relate adds whom a team consists of and what it owns, and what an entity
// depends on and is used by.
func (a *answer) relate(p *portal.Portal, e *portal.Entity) {
	if e.Team != nil {
		for _, m := range e.Members() {
			person := m.Person()
			a.Members = append(a.Members, party{person.Ref.String(), person.DisplayName(), m.Role})
		}
		own, below := p.Owned(e)
		for _, o := range append(own, below...) {
			a.Owns = append(a.Owns, o.Ref.String())
		}
	}
	for _, r := range e.Outgoing(catalog.DependsOn) {
		if r.To != nil {
			a.DependsOn = append(a.DependsOn, r.To.Ref.String())
		}
	}
	for _, r := range e.Incoming(catalog.DependsOn) {
		a.UsedBy = append(a.UsedBy, r.From.Ref.String())
	}
}

func onCallOf(p *portal.Portal, found *portal.OnCall, now time.Time) *onCall {
	o := &onCall{Provider: found.Provider, ID: found.ID, Page: found.Page}
	if found.Plan == nil {
		return o
	}
	o.Rotation = found.Plan.Name.Text
	current, next := p.Now(found.Plan, now)
	if current != nil && current.Person != nil {
		o.Now, o.Until = current.Person.DisplayName(), &current.To
	}
	if next != nil && next.Person != nil {
		o.Next = next.Person.DisplayName()
		if current == nil {
			o.From = &next.From
		}
	}
	return o
}

func wayOf(place portal.Place, ok bool) *way {
	if !ok {
		return nil
	}
	return &way{Text: place.Text, URL: place.URL, File: documentSource(place.Document)}
}

// documentSource names the file of a document: a terminal cannot show the page.
func documentSource(d *docs.Document) string {
	if d == nil {
		return ""
	}
	return d.Name
}

func printJSON(e env, v any) error {
	enc := json.NewEncoder(e.stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

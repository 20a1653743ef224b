package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/pkg/portal"
)

type getOptions struct {
	query      string
	path       string
	format     choice
	dependents bool
	snapshots  string
	now        nowFlag
}

func newGet(e env) *cobra.Command {
	o := getOptions{format: choice{"text", []string{"text", "json"}}}
	c := &cobra.Command{
		Use:   "get REF|QUESTION [PATH]",
		Short: "Say who owns something, who is on call and where it runs",
		Long: `Get answers in the terminal what the site answers on a page. It is given a reference
(service:payments-api), a name, an alias or a title, a question ("who is on call for
payments?", "what depends on the ledger?") or words to search for; filters work as on the
site (owner:payments tier:1). Documents are found by their titles. Words that fit one
thing give its answer; words that fit several list them.

What live systems say stands with who says so and how old that is; past the provider's
staleAfter it is unknown.

The exit status is 1 if nothing was found, or too much to say what depends on it.`,
		Args: usageOf(cobra.RangeArgs(1, 2)),
		RunE: func(c *cobra.Command, args []string) error {
			o.query, o.path = args[0], operand(args, 1, ".")
			return runGet(c.Context(), e, o)
		},
	}
	c.Flags().Var(&o.format, "format", "how to print the answer")
	c.Flags().BoolVar(&o.dependents, "dependents", false, "list all that fails with it, directly or by way of others")
	addSnapshots(c.Flags(), &o.snapshots)
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
	if in.Snapshots, err = w.snapshots(o.snapshots); err != nil {
		return err
	}
	g := getter{Portal: portal.New(in), env: e, now: o.now.instant(), json: o.format.value == "json"}
	q := understand(o.query)
	q.dependents = q.dependents || o.dependents
	return g.answer(q)
}

// warnIfPartial says that an answer rests on less than the whole catalog.
func (w *workspace) warnIfPartial(e env) {
	if w.unread || w.catalog.Discovered > len(w.catalog.Entities)+w.catalog.Dropped {
		fmt.Fprintln(e.stderr, "not every file of the catalog could be read, so this may be incomplete: see `signpost check`")
	}
}

// getter answers questions from a portal.
type getter struct {
	*portal.Portal
	env  env
	now  time.Time
	json bool
}

// thing is what a question may be about: an entity or a document.
type thing struct {
	entity   *portal.Entity
	document *docs.Document
}

func (g getter) answer(q question) error {
	found, err := g.find(q)
	if err != nil {
		return err
	}
	if len(found) != 1 || q.about == "" {
		return g.printHits(q, found)
	}
	if d := found[0].document; d != nil {
		if q.dependents {
			fmt.Fprintf(g.env.stderr, "%q is a document, on which nothing depends\n", d.Title)
		}
		return g.print(g.documentAnswer(d))
	}
	return g.print(g.entityAnswer(found[0].entity, q.dependents))
}

// printable is an answer that has a form for people beside that for programs.
type printable interface{ print(t table) }

func (g getter) print(a printable) error {
	if g.json {
		return printJSON(g.env, a)
	}
	t := newTable(g.env.stdout)
	a.print(t)
	return t.flush()
}

// hit is one of the things that words may mean.
type hit struct {
	Ref    string   `json:"ref,omitempty"` // of an entity; what to ask for next
	Kind   string   `json:"kind"`
	Title  string   `json:"title"`
	About  []string `json:"about,omitempty"` // the entities that a document belongs to
	Owner  string   `json:"owner,omitempty"`
	OnCall *onCall  `json:"onCall,omitempty"`
	File   string   `json:"file,omitempty"` // of a document
	Page   string   `json:"page,omitempty"`
}

func (g getter) hitOf(t thing) hit {
	if d := t.document; d != nil {
		h := hit{Kind: string(d.Kind), Title: d.Title, File: d.Name, Page: d.Page}
		about := g.About(d)
		for _, e := range about {
			h.About = append(h.About, e.Ref.String())
		}
		if len(about) > 0 {
			h.Owner, h.OnCall = ownerTitle(about[0]), g.onCall(about[0])
		}
		return h
	}
	e := t.entity
	return hit{
		Ref: e.Ref.String(), Kind: e.Kind.Name, Title: e.DisplayName(), Page: e.Page(),
		Owner: ownerTitle(e), OnCall: g.onCall(e),
	}
}

func ownerTitle(e *portal.Entity) string {
	if owner := e.Owner(); owner != nil {
		return owner.DisplayName()
	}
	return ""
}

func (g getter) printHits(q question, found []thing) error {
	hits := make([]hit, 0, len(found))
	for _, t := range found {
		hits = append(hits, g.hitOf(t))
	}
	if g.json {
		if err := printJSON(g.env, map[string]any{"query": q.asked, "hits": hits}); err != nil {
			return err
		}
	} else if err := printList(g.env, hits); err != nil {
		return err
	}
	switch {
	case len(hits) == 0:
		fmt.Fprintf(g.env.stderr, "nothing in the catalog is called %q, or anything like it\n", cmp.Or(q.about, q.asked))
		return errFindings
	case q.dependents:
		fmt.Fprintf(g.env.stderr, "%q fits several things: ask for one of them, such as %s, to see what depends on it\n", q.about, firstRef(hits))
		return errFindings
	}
	return nil
}

func firstRef(hits []hit) string {
	for _, h := range hits {
		if h.Ref != "" {
			return h.Ref
		}
	}
	return "service:…"
}

func printList(e env, hits []hit) error {
	t := newTable(e.stdout)
	for _, h := range hits {
		onCall := ""
		if h.OnCall != nil {
			onCall = h.OnCall.brief()
		}
		t.row(cmp.Or(h.Ref, h.Kind), strings.TrimSpace(h.Title+aboutNote(h.About)), h.Owner, onCall)
	}
	return t.flush()
}

func aboutNote(about []string) string {
	if len(about) == 0 {
		return ""
	}
	return " (" + strings.Join(about, ", ") + ")"
}

func printJSON(e env, v any) error {
	enc := json.NewEncoder(e.stdout)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

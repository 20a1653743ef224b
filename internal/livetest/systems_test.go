package livetest

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// system is a provider, and the live system that it asks.
type system struct {
	name     string // type of the provider
	make     func(provider.Settings) (provider.Provider, error)
	with     map[string]string
	n        int // of services; 0 for ten
	subjects func(service string) []provider.Subject
	also     []provider.Subject // beside those of services
	serve    func(view) http.Handler

	clocked bool // what is measured is how long an answer took, which differs each time

	pages map[string]string // query parameters that ask for later pages, and their first value
	item  string            // part of the requests about one entity; empty if there are none
	// What faults change of an answer of which only the system knows what it means.
	edits map[string][2]string
	// Where something else comes of a fault than what the list says, and why.
	differs []difference
	exempt  map[string]string // faults that no request can have, and why
}

// view is what a system is to say: how many things it has, and on which day.
type view struct {
	day     string
	n       int
	shifted bool
	endless bool
	only    map[string]bool // nil for all
	page    int             // items on a page; 0 for four
}

func (v view) perPage() int {
	if v.page > 0 {
		return v.page
	}
	return 4
}

// named is a view of only those things that some identifiers with a prefix name.
func (v view) named(ids []string, prefix string) view {
	if v.endless {
		return v
	}
	v.only = map[string]bool{}
	for _, id := range ids {
		v.only[strings.TrimPrefix(id, prefix)] = true
	}
	return v
}

// names are those of the things that there are.
func (v view) names() []string {
	var all []string
	if v.shifted {
		all = append(all, "new")
	}
	for n := range v.n {
		all = append(all, nameOf(n))
	}
	return slices.DeleteFunc(all, func(name string) bool { return v.only != nil && !v.only[name] })
}

func nameOf(n int) string { return fmt.Sprintf("svc-%02d", n) }

// difference is what comes of some faults.
type difference struct {
	faults  string // names, with blanks between; empty for all
	request string // part of the requests at which it holds; empty for all
	kind    snapshot.ProblemKind
	fewer   bool // facts that come and go have gone
	unwell  bool // a fact may say that it is unhealthy
	part    bool // the fact is that of today but for its measures, beside the problem; the kind stays
	why     string
}

type outcome struct {
	kind    snapshot.ProblemKind
	fewer   bool
	unwell  bool
	part    bool
	differs bool
}

// outcome is what has to come of a fault at a request.
func (s system) outcome(name string, f fault, request string) outcome {
	o := outcome{kind: f.kind}
	if s.isLaterPage(request) && !slices.Contains([]snapshot.ProblemKind{"", snapshot.Auth, snapshot.RateLimit, altered}, f.kind) && f.amount == nil && name != "page-grows" {
		o.kind = snapshot.Incomplete
	}
	for _, d := range s.differs {
		if !strings.Contains(request, d.request) || d.faults != "" && !slices.Contains(strings.Fields(d.faults), name) {
			continue
		}
		if d.part {
			o.part = true
			continue
		}
		return outcome{kind: d.kind, fewer: d.fewer, unwell: d.unwell, part: o.part, differs: true}
	}
	return o
}

func (s system) isLaterPage(request string) bool {
	_, query, _ := strings.Cut(request, "?")
	for part := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(part, "=")
		if first, pages := s.pages[name]; pages && value != first {
			return true
		}
	}
	return false
}

func (h *host) laterPages() (n int) {
	for _, r := range h.order {
		if h.system.isLaterPage(r) {
			n++
		}
	}
	return n
}

func (s system) services() int {
	if s.n > 0 {
		return s.n
	}
	return 10
}

func (s system) fetch(ctx context.Context, before snapshot.Facts, secret string, adjust func(*provider.Options)) (snapshot.Facts, error) {
	return s.fetchAt(ctx, now, before, secret, adjust)
}

func (s system) fetchAt(ctx context.Context, at time.Time, before snapshot.Facts, secret string, adjust func(*provider.Options)) (snapshot.Facts, error) {
	p, err := s.make(provider.Settings{
		Name: s.name, Type: s.name, URL: base, With: s.with, Token: "TOKEN", Adjust: adjust,
		Secret: func(string) string { return secret },
	})
	if err != nil {
		return snapshot.Facts{}, err
	}
	r := provider.Request{Now: at, Before: before}
	for n := range s.services() {
		r.Subjects = append(r.Subjects, s.subjects(nameOf(n))...)
	}
	r.Subjects = append(r.Subjects, s.also...)
	return p.Fetch(ctx, r)
}

// about is a subject in production, or for on-call in no environment.
func about(service string, purpose provider.Purpose, with ...string) provider.Subject {
	s := provider.Subject{Entity: "service:" + service, Purpose: purpose, With: map[string]string{}, Place: "services/" + service + "/service.yaml:7"}
	if purpose == provider.Deployments || purpose == provider.Health {
		s.Environment = "production"
	}
	for i := 0; i < len(with); i += 2 {
		s.With[with[i]] = with[i+1]
	}
	return s
}

// valuesOf is what every service says of itself.
func valuesOf(v view, of func(name string) any) []any {
	all := []any{}
	for _, name := range v.names() {
		all = append(all, of(name))
	}
	return all
}

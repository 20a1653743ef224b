package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/signpost-dev/signpost/pkg/diag"
)

// print writes an answer for people: the title, what it is, then one question a
// line, whoever is on call first.
func (a answer) print(w io.Writer) error {
	fmt.Fprintf(w, "%s  (%s)\n", diag.Visible(a.Title), a.Ref)
	if a.Description != "" {
		fmt.Fprintln(w, diag.Visible(a.Description))
	}
	fmt.Fprintln(w)
	t := newTable(w)
	if a.OnCall != nil {
		t.row("on call", a.OnCall.String())
		t.optional("page", a.OnCall.Page)
	}
	if a.Owner != nil {
		t.row("owner", fmt.Sprintf("%s  (%s)", a.Owner.Title, a.Owner.Ref))
	}
	t.way("channel", a.Channel)
	t.way("runbook", a.Runbook)
	t.way("repository", a.Repository)
	t.way("dashboard", a.Dashboard)
	if a.Tier > 0 {
		t.row("tier", strconv.Itoa(a.Tier))
	}
	t.optional("lifecycle", a.Lifecycle)
	t.optional("system", a.System)
	for _, p := range a.Runs {
		t.row("runs in", strings.TrimSpace(strings.Join([]string{p.Name, p.Region, p.URL}, "  ")))
	}
	for _, m := range a.Members {
		name := m.Title
		if m.Role != "" {
			name += ", " + m.Role
		}
		t.row("member", name)
	}
	t.optional("owns", strings.Join(a.Owns, ", "))
	t.optional("depends on", strings.Join(a.DependsOn, ", "))
	t.optional("used by", strings.Join(a.UsedBy, ", "))
	for _, d := range a.Dependents {
		t.row("fails with it", fmt.Sprintf("%s  (%s, %s)", d.Ref, countOf(d.Hops, "hop", "hops"), d.Owner))
	}
	t.optional("missing", strings.Join(a.Missing, ", "))
	t.row("described in", a.Source)
	return t.flush()
}

// String says who is on call, until when, and who is next.
func (o *onCall) String() string {
	if o.Rotation == "" {
		return strings.TrimSpace("ask " + o.Provider + " " + o.ID)
	}
	if o.Now == "" && o.From != nil {
		return fmt.Sprintf("nobody yet, %s from %s  (%s)", o.Next, o.From.Format("Mon 2 Jan 2006 15:04 MST"), o.Rotation)
	}
	if o.Now == "" {
		return "nobody now  (" + o.Rotation + ")"
	}
	text := fmt.Sprintf("%s until %s", o.Now, o.Until.Format("Mon 2 Jan 15:04 MST"))
	if o.Next != "" {
		text += ", then " + o.Next
	}
	return text + "  (" + o.Rotation + ")"
}

// table prints aligned columns, with nothing in them that steers a terminal.
type table struct{ w *tabwriter.Writer }

func newTable(w io.Writer) table { return table{tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)} }

func (t table) row(cells ...string) {
	for i, c := range cells {
		cells[i] = diag.Visible(strings.ReplaceAll(c, "\t", " "))
	}
	fmt.Fprintln(t.w, strings.TrimRight(strings.Join(cells, "\t"), "\t"))
}

func (t table) optional(name, text string) {
	if text != "" {
		t.row(name, text)
	}
}

func (t table) way(name string, w *way) {
	if w == nil {
		return
	}
	text := w.Text
	if to := w.URL + w.File; to != "" {
		text += "  " + to
	}
	t.row(name, text)
}

func (t table) flush() error { return t.w.Flush() }

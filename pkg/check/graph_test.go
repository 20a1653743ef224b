package check_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/signpost-dev/signpost/pkg/check"
	"github.com/signpost-dev/signpost/pkg/diag"
)

// The whole cycle is printed, from its first entity round to it again, and every
// arrow of it is shown with its place.
func TestCyclePrintsWhole(t *testing.T) {
	service := func(name, dependsOn string) string {
		return "apiVersion: signpost.dev/v1\nkind: service\nname: " + name + "\nowner: payments\ndependsOn: [" + dependsOn + "]\n"
	}
	c := load(t, map[string]string{
		"a.yaml": service("c", "a"), "b.yaml": service("b", "c, d"), "c.yaml": service("a", "b"), "d.yaml": service("d", "b"),
	})
	var cycles []diag.Diagnostic
	for _, d := range check.Run(c.in).Diagnostics {
		if d.Code == "dependency-cycle" {
			cycles = append(cycles, d)
		}
	}
	span := func(file string, from, to int) diag.Span {
		return diag.Span{File: file, Start: diag.Pos{Line: 5, Col: from}, End: diag.Pos{Line: 5, Col: to}}
	}
	want := []diag.Diagnostic{{
		Span: span("c.yaml", 13, 14), Severity: diag.Warning, Code: "dependency-cycle",
		Message: "dependency cycle: service:a → service:b → service:c → service:a",
		Hint:    "turn one of the arrows round or take it out",
		Related: []diag.Related{
			{Span: span("b.yaml", 13, 14), Message: "service:b depends on service:c"},
			{Span: span("a.yaml", 13, 14), Message: "service:c depends on service:a"},
		},
	}}
	if diff := cmp.Diff(want, cycles); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// A chain as long as a large catalog, of services and of teams, is walked without
// recursion and in time that grows with its length.
func TestLongChains(t *testing.T) {
	const n, perFile = 20_000, 500
	files := map[string]string{}
	var b strings.Builder
	for i := range n {
		if b.Len() > 0 {
			b.WriteString("---\n")
		}
		fmt.Fprintf(&b, "apiVersion: signpost.dev/v1\nkind: service\nname: s%d\nowner: t%d\ndependsOn: [s%d]\n---\n", i, i, (i+1)%n)
		fmt.Fprintf(&b, "apiVersion: signpost.dev/v1\nkind: team\nname: t%d\nemail: t@example.com\n", i)
		if i > 0 {
			fmt.Fprintf(&b, "parent: t%d\n", i-1)
		}
		if i%perFile == perFile-1 {
			files[fmt.Sprintf("f%d.yaml", i/perFile)] = b.String()
			b.Reset()
		}
	}
	c := load(t, files)
	start := time.Now()
	found := check.Run(c.in).Diagnostics
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("the rules took %s", took)
	}
	count := map[string]int{}
	for _, d := range found {
		count[d.Code]++
	}
	if diff := cmp.Diff(map[string]int{"dependency-cycle": 1, "owner-has-members": n}, count); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	i := slices.IndexFunc(found, func(d diag.Diagnostic) bool { return d.Code == "dependency-cycle" })
	if i >= 0 && strings.Count(found[i].Message, "→") != n {
		t.Errorf("the cycle has %d arrows, want %d", strings.Count(found[i].Message, "→"), n)
	}
}

// Looking for what was meant costs a comparison with every name, so a file full
// of dangling references gets advice for some of them only.
func TestManyDanglingReferences(t *testing.T) {
	var all []string
	for i := range 4900 {
		all = append(all, fmt.Sprintf("service:nothing-of-this-name-%d", i))
	}
	files := map[string]string{}
	for f := range 10 {
		files[fmt.Sprintf("f%d.yaml", f)] = fmt.Sprintf(
			"apiVersion: signpost.dev/v1\nkind: service\nname: nothing-of-that-name-%d\nowner: payments\ndependsOn: [%s]\n", f, strings.Join(all, ", "))
	}
	c := load(t, files)
	found := check.Run(c.in).Diagnostics
	if len(found) != 49_000 {
		t.Errorf("got %d findings, want one for each reference", len(found))
	}
	advised := 0
	for _, d := range found {
		if d.Hint != "" {
			advised++
		}
	}
	if advised != 200 {
		t.Errorf("%d findings have advice, want 200", advised)
	}
}

// What a user reads: one message of each rule, whole.
func TestMessages(t *testing.T) {
	want := map[string]string{
		"owner-exists":         `owner "team:paymnts" does not exist | did you mean "team:payments"?`,
		"owner-missing":        "service:orphan has no owner | add `owner: team:…`",
		"owner-is-team":        `owner "ada" is not a team but a person | only a team can own: a person may be a maintainer`,
		"owner-has-members":    "team:empty owns 2 entities but has no members | name its people under `members`",
		"owner-reachable":      "team:empty owns 2 entities but there is no way to reach it | add a `channel`, an `email` or `oncall`",
		"person-exists":        `maintainers "adda" does not exist: there is no person of this name | did you mean "ada"?`,
		"person-left":          `person:gone has left (maintainers) | choose somebody else, or take the name out`,
		"reference-dangling":   `system "payments" does not exist: there is no system of this name | team:payments exists, but system must be a system`,
		"environment-unknown":  `there is no environment "stagin" | did you mean "staging"?`,
		"rotation-unknown":     "rotation \"none\" does not exist | declare it under `rotations` of a team",
		"tier-oncall":          "service:a is tier 1 but nobody is on call for it | add `oncall` to the service or to the team that owns it",
		"tier-runbook":         "service:a is tier 1 but has no runbook | write one in `runbooks/` beside the descriptor, or name one with `runbook:`",
		"tier-dashboard":       "service:a is tier 1 but has no dashboard | add a link with `type: dashboard`",
		"tier-inversion":       "service:a is tier 1 but depends on service:b, which is tier 3 | raise the tier of the one, or say `criticality: degrades` (or optional) if the other survives without it",
		"lifecycle-dependency": "service:a is in production but depends on service:b, which is deprecated | its successor is service:a",
		"deprecation-plan":     "service:c is deprecated, but neither a successor nor a date is given | add `deprecation: {successor: …, date: YYYY-MM-DD}`",
		"duplicate-name":       `service "A" occurs more than once (names are compared ignoring case: "a") | rename one of the two, or give them different namespaces`,
		"unknown-kind":         `there is no kind "servce" | did you mean "service"?`,
		"unknown-field":        `a service has no field "lifecyle" | did you mean "lifecycle"?`,
	}
	c := load(t, map[string]string{
		"signpost.yaml":  "apiVersion: signpost.dev/v1\ntitle: Test\nenvironments: [{name: staging}]\n",
		"teams/e.yaml":   "apiVersion: signpost.dev/v1\nkind: team\nname: empty\n",
		"people/g.yaml":  "apiVersion: signpost.dev/v1\nkind: person\nname: gone\nleft: 2026-01-31\n",
		"a.yaml":         "apiVersion: signpost.dev/v1\nkind: service\nname: a\nowner: payments\ntier: 1\nlifecycle: production\nsystem: payments\nmaintainers: [adda, gone]\ndependsOn: [b]\nenvironments: {stagin: {}}\n",
		"b.yaml":         "apiVersion: signpost.dev/v1\nkind: service\nname: b\nowner: empty\ntier: 3\nlifecycle: deprecated\ndeprecation: {successor: a}\noncall: {rotation: none}\n",
		"c.yaml":         "apiVersion: signpost.dev/v1\nkind: service\nname: c\nowner: empty\nlifecycle: deprecated\n---\napiVersion: signpost.dev/v1\nkind: service\nname: A\nowner: payments\n",
		"owners.yaml":    "apiVersion: signpost.dev/v1\nkind: service\nname: orphan\n---\napiVersion: signpost.dev/v1\nkind: service\nname: x\nowner: team:paymnts\n---\napiVersion: signpost.dev/v1\nkind: service\nname: y\nowner: ada\n",
		"misspelt.yaml":  "apiVersion: signpost.dev/v1\nkind: servce\nname: z\n",
		"misspelt2.yaml": "apiVersion: signpost.dev/v1\nkind: service\nname: zz\nowner: payments\nlifecyle: production\n",
	})
	got := map[string]string{}
	for _, d := range check.Run(c.in).Diagnostics {
		if _, asked := want[d.Code]; asked && got[d.Code] == "" {
			got[d.Code] = d.Message + " | " + d.Hint
		} else if !asked {
			t.Errorf("unasked: %s: %s [%s]", d.Span, d.Message, d.Code)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("messages (-want +got):\n%s", diff)
	}
}

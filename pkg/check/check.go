// Package check judges a catalog: it holds the rules over ownership, references,
// on-call, tiers, life cycles, documents and CODEOWNERS, and decides what of all
// findings is reported and how severely.
//
// A rule is a value: a code, a severity, a paragraph for the reference and a
// function. Findings that come from reading (syntax, schemas, broken links) are
// made elsewhere and pass through here for their severity and for silences. The
// package reads no file, renders nothing and knows no flag.
package check

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/codeowners"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/schema"
)

// codeOwnerMissing is also what a schema says of an entity, in other words.
const codeOwnerMissing = "owner-missing"

// codeNothingChecked is about the check itself: that it had something to check.
const codeNothingChecked = "nothing-checked"

// Input is what there is to judge.
type Input struct {
	Catalog    *catalog.Catalog
	Documents  []*docs.Document
	Found      []diag.Diagnostic      // by those who read the catalog and its documents
	Silences   []diag.Silence         // in files that are neither descriptors nor documents
	Codeowners *codeowners.Rules      // nil if the repository has none
	Prefix     string                 // path of the catalog root in the repository, "" or "catalog/"
	Exists     func(path string) bool // whether a file of the catalog root exists
	Day        time.Time              // the UTC day by which dates are judged
}

// Rule is one thing that is checked.
type Rule struct {
	Code      string
	Title     string // what it demands, in a few words
	Doc       string // why, and how to mend it: Markdown for the reference
	Severity  diag.Severity
	Ownership bool // about who owns: always an error; cannot be silenced, lowered or switched off
	Fixed     bool // what it finds could not be read: as Ownership
	Asked     bool // is held only when asked for, so that a silence of it may silence nothing

	check   func(*pass) // nil for findings of those who read
	instead bool        // what it finds is said in place of what the schema says of it
}

// firm reports whether a rule is always an error.
func (r Rule) firm() bool { return r.Ownership || r.Fixed }

// Result is what is to be reported.
type Result struct {
	Diagnostics []diag.Diagnostic // sorted, silenced ones left out
	Silenced    int
}

// Run applies every rule.
func Run(in Input) Result {
	p := &pass{Input: in}
	settings, wrong := severities(in.Catalog)
	p.found = append(slices.Clone(in.Found), wrong...)
	for _, rule := range Rules {
		if rule.check == nil || settings[rule.Code] == diag.Off {
			continue
		}
		p.rule = rule
		rule.check(p)
	}
	p.frontMatter()
	found := applySeverities(sayOnce(p.found), settings)
	kept, silenced := applySilences(found, p.silences(), settings, in.Day)
	return Result{Diagnostics: diag.Sort(append(kept, p.unchecked(kept)...)), Silenced: silenced}
}

// silences are all comments that silence findings.
func (p *pass) silences() []diag.Silence {
	all := append(slices.Clone(p.Catalog.Silences), p.Silences...)
	for _, d := range p.Documents {
		all = append(all, d.Silences...)
	}
	return all
}

// frontMatter holds the front matter of documents against its schema.
func (p *pass) frontMatter() {
	for _, d := range p.Documents {
		if d.Front != nil {
			p.found = append(p.found, p.Catalog.Schema.Check("document", d.Front)...)
		}
	}
}

// sayOnce leaves out what a schema says at a place where a rule says it better:
// that an owner is missing or misspelt, or a rotation has nobody in it. Where the schema has
// more than one thing to say of a place, all of it stays but the missing owner.
func sayOnce(found []diag.Diagnostic) []diag.Diagnostic {
	schemas, better, ownerless := map[diag.Span]int{}, map[diag.Span]bool{}, map[diag.Span]bool{}
	bySchema := func(d diag.Diagnostic) bool {
		return d.Code == schema.CodeSchema || d.Code == schema.CodeUnknownField || d.Code == catalog.CodeConfigInvalid
	}
	for _, d := range found {
		rule, _ := byCode(d.Code)
		ownerless[d.Span] = ownerless[d.Span] || d.Code == codeOwnerMissing
		if bySchema(d) {
			schemas[d.Span]++
		} else if rule.instead {
			better[d.Span] = true
		}
	}
	return slices.DeleteFunc(found, func(d diag.Diagnostic) bool {
		return bySchema(d) && (schemas[d.Span] == 1 && better[d.Span] || ownerless[d.Span] && schema.Misses(d, "owner"))
	})
}

// unchecked makes sure that nothing passes because nothing was looked at: at
// least one entity was checked, and all that was discovered. It is asked last:
// what made a descriptor unusable may have been lowered or silenced.
func (p *pass) unchecked(kept []diag.Diagnostic) []diag.Diagnostic {
	checked := len(p.Catalog.Entities) + p.Catalog.Dropped
	nothing := diag.Diagnostic{Span: diag.Span{File: p.Catalog.ConfigName}, Severity: diag.Error, Code: codeNothingChecked}
	switch {
	case p.Catalog.Discovered == 0:
		nothing.Message = "the catalog has no descriptors, so nothing was checked"
		nothing.Hint = "describe a service and the team that owns it"
	case checked < p.Catalog.Discovered && !slices.ContainsFunc(kept, func(d diag.Diagnostic) bool { return d.Severity == diag.Error }):
		nothing.Message = fmt.Sprintf("of %d descriptors only %d could be checked", p.Catalog.Discovered, checked)
		nothing.Hint = "what stopped the others is lowered under `rules` or silenced; raise it again to see it"
	default:
		return nil
	}
	return []diag.Diagnostic{nothing}
}

// NothingChecked is the finding for a catalog whose signpost.yaml cannot be used: no
// rule could be applied to it.
func NothingChecked(config string) diag.Diagnostic {
	return diag.Diagnostic{
		Span: diag.Span{File: config}, Severity: diag.Error, Code: codeNothingChecked,
		Message: catalog.ConfigFile + " cannot be used, so nothing else was checked",
		Hint:    "mend it, and check again",
	}
}

// pass is one run of the rules over one catalog.
type pass struct {
	Input
	rule    Rule
	found   []diag.Diagnostic
	guesses int // near names that were looked for
}

// report adds a finding of the present rule.
func (p *pass) report(d diag.Diagnostic) {
	d.Code, d.Severity = p.rule.Code, p.rule.Severity
	p.found = append(p.found, d)
}

// at adds a finding at a place, with advice.
func (p *pass) at(span diag.Span, hint, message string) {
	p.report(diag.Diagnostic{Span: span, Message: message, Hint: hint})
}

// byCode finds a rule.
func byCode(code string) (Rule, bool) {
	i := slices.IndexFunc(Rules, func(r Rule) bool { return r.Code == code })
	if i < 0 {
		return Rule{}, false
	}
	return Rules[i], true
}

// Sorted returns the rules by code.
func Sorted() []Rule {
	rules := slices.Clone(Rules)
	slices.SortFunc(rules, func(a, b Rule) int { return cmp.Compare(a.Code, b.Code) })
	return rules
}

package diag

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

const (
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	sarifHome   = "https://github.com/signpost-dev/signpost"

	// sarifRoot is what file names are relative to; this spelling of the name is
	// the one that code scanning services recognise.
	sarifRoot = "%SRCROOT%"

	// sarifFingerprint names the way fingerprints are made, so that it can change.
	sarifFingerprint = "signpostFinding/v1"
)

// The part of SARIF 2.1.0 that is used here. Names are those of the standard.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}

	sarifRun struct {
		Tool        sarifTool               `json:"tool"`
		ColumnKind  string                  `json:"columnKind"`
		OriginalURI map[string]sarifBaseURI `json:"originalUriBaseIds"`
		Results     []sarifResult           `json:"results"`
	}

	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}

	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version,omitempty"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}

	sarifRule struct {
		ID      string       `json:"id"`
		Short   *sarifText   `json:"shortDescription,omitempty"`
		Full    *sarifText   `json:"fullDescription,omitempty"`
		Help    *sarifText   `json:"help,omitempty"`
		Default sarifDefault `json:"defaultConfiguration"`
	}

	sarifDefault struct {
		Enabled bool   `json:"enabled"`
		Level   string `json:"level"`
	}

	sarifBaseURI struct {
		Description sarifText `json:"description"`
	}

	sarifText struct {
		Text string `json:"text"`
	}

	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Related      []sarifLocation   `json:"relatedLocations,omitempty"`
		Fingerprints map[string]string `json:"partialFingerprints"`
		Fixes        []sarifFix        `json:"fixes,omitempty"`
	}

	sarifLocation struct {
		Physical *sarifPhysical `json:"physicalLocation,omitempty"`
		Message  *sarifText     `json:"message,omitempty"`
	}

	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}

	sarifArtifact struct {
		URI       string `json:"uri"`
		URIBaseID string `json:"uriBaseId"`
	}

	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"`
		EndLine     int `json:"endLine,omitempty"`
		EndColumn   int `json:"endColumn,omitempty"`
	}

	sarifFix struct {
		Description sarifText     `json:"description"`
		Changes     []sarifChange `json:"artifactChanges"`
	}

	sarifChange struct {
		Artifact     sarifArtifact      `json:"artifactLocation"`
		Replacements []sarifReplacement `json:"replacements"`
	}

	sarifReplacement struct {
		Deleted  sarifRegion `json:"deletedRegion"`
		Inserted sarifText   `json:"insertedContent"`
	}
)

// writeSARIF prints the log format that code scanning services take in.
func writeSARIF(w *bufio.Writer, r Report) error {
	rules := rulesOf(r)
	run := sarifRun{
		Tool: sarifTool{sarifDriver{Name: r.Tool, Version: r.Version, InformationURI: sarifHome, Rules: []sarifRule{}}},
		// Without this, columns would count UTF-16 units.
		ColumnKind:  "unicodeCodePoints",
		OriginalURI: map[string]sarifBaseURI{sarifRoot: {sarifText{"The root of the repository."}}},
		Results:     []sarifResult{},
	}
	for _, rule := range rules {
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, toSARIFRule(rule))
	}
	prints := fingerprints{sources: sources{read: r.Source}, seen: map[string]int{}}
	for _, d := range r.Diagnostics {
		index, _ := slices.BinarySearchFunc(rules, d.Code, byCode)
		result := toSARIF(d, index)
		result.Fingerprints = map[string]string{sarifFingerprint: prints.of(d)}
		run.Results = append(run.Results, result)
	}
	return encode(w, sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{run}})
}

// rulesOf returns the rules sorted by code, with a bare one for every finding
// that no rule describes: a result must be able to point to its rule.
func rulesOf(r Report) []Rule {
	rules := slices.Clone(r.Rules)
	for _, d := range r.Diagnostics {
		rules = append(rules, Rule{Code: d.Code, Severity: d.Severity})
	}
	slices.SortStableFunc(rules, func(a, b Rule) int { return cmp.Compare(a.Code, b.Code) })
	return slices.CompactFunc(rules, func(a, b Rule) bool { return a.Code == b.Code })
}

func byCode(r Rule, code string) int { return cmp.Compare(r.Code, code) }

func toSARIFRule(r Rule) sarifRule {
	out := sarifRule{
		ID:      r.Code,
		Default: sarifDefault{Enabled: r.Severity != Off, Level: sarifLevel(r.Severity)},
	}
	if r.Title != "" {
		out.Short = &sarifText{r.Title}
	}
	if r.Doc != "" {
		out.Full, out.Help = &sarifText{r.Doc}, &sarifText{r.Doc}
	}
	return out
}

func sarifLevel(s Severity) string {
	switch s {
	case Error:
		return "error"
	case Warning:
		return "warning"
	case Info:
		return "note"
	default:
		return "none"
	}
}

func toSARIF(d Diagnostic, rule int) sarifResult {
	out := sarifResult{
		RuleID:    d.Code,
		RuleIndex: rule,
		Level:     sarifLevel(d.Severity),
		Message:   sarifMessage(d.explanation()),
		Locations: []sarifLocation{},
		Fixes:     sarifFixes(d),
	}
	if d.Span.File != "" {
		out.Locations = append(out.Locations, sarifLocation{Physical: physical(d.Span)})
	}
	for _, rel := range d.Related {
		message := sarifMessage(rel.Message)
		out.Related = append(out.Related, sarifLocation{Physical: physical(rel.Span), Message: &message})
	}
	return out
}

// sarifMessage keeps text from a file from becoming a link: readers of SARIF make
// one out of "[label](address)" in any message.
func sarifMessage(s string) sarifText {
	return sarifText{strings.ReplaceAll(s, "](", "] (")}
}

func physical(s Span) *sarifPhysical {
	if s.File == "" {
		return nil
	}
	return &sarifPhysical{artifact(s.File), region(s)}
}

// artifact escapes a file name as a relative URI.
func artifact(file string) sarifArtifact {
	return sarifArtifact{(&url.URL{Path: file}).String(), sarifRoot}
}

// region gives a finding about a whole file the first line, because GitHub takes
// in no result without one.
func region(s Span) sarifRegion {
	if s.Start.Line < 1 {
		return sarifRegion{StartLine: 1}
	}
	out := sarifRegion{StartLine: s.Start.Line, StartColumn: s.Start.Col}
	if s.Start.Before(s.End) && s.End.Col > 0 {
		out.EndLine, out.EndColumn = s.End.Line, s.End.Col
	}
	return out
}

// sarifFixes returns the edits as one fix, with the changes grouped by file.
func sarifFixes(d Diagnostic) []sarifFix {
	if len(d.Fix) == 0 {
		return nil
	}
	description := cmp.Or(d.Hint, "repair it")
	fix := sarifFix{Description: sarifMessage(description)}
	for _, e := range d.Fix {
		i := slices.IndexFunc(fix.Changes, func(c sarifChange) bool { return c.Artifact == artifact(e.Span.File) })
		if i < 0 {
			i = len(fix.Changes)
			fix.Changes = append(fix.Changes, sarifChange{Artifact: artifact(e.Span.File)})
		}
		fix.Changes[i].Replacements = append(fix.Changes[i].Replacements, replacement(e))
	}
	return []sarifFix{fix}
}

// replacement keeps the end of an empty region: without one, the region would be
// the rest of the line.
func replacement(e Edit) sarifReplacement {
	deleted := region(e.Span)
	if deleted.EndLine == 0 {
		deleted.StartColumn = max(deleted.StartColumn, 1)
		deleted.EndLine, deleted.EndColumn = deleted.StartLine, deleted.StartColumn
	}
	return sarifReplacement{deleted, sarifText{e.New}}
}

// fingerprints makes values by which a service knows a finding again after lines
// were added above it.
type fingerprints struct {
	sources sources
	seen    map[string]int
}

// of hashes code, file and the text of the line, without its indentation; the
// message only stands in for a line that cannot be had, so that rewording
// reopens nothing. Equal findings are numbered from the top of the file.
func (f *fingerprints) of(d Diagnostic) string {
	about, ok := f.sources.text(d.Span.File, d.Span.Start.Line)
	if !ok {
		about = []byte(d.Message)
	}
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q", d.Code, d.Span.File, bytes.TrimSpace(about))
	sum := fmt.Sprintf("%x", h.Sum(nil)[:16])
	f.seen[sum]++
	return fmt.Sprintf("%s:%d", sum, f.seen[sum])
}

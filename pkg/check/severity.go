package check

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/diag"
)

// Severities returns the severity of every rule in a catalog: the rule's own, or
// what signpost.yaml says.
func Severities(c *catalog.Catalog) map[string]diag.Severity {
	settings, _ := severities(c)
	return settings
}

// severities works out the severity of every rule: its own, or what `rules` in
// signpost.yaml says.
func severities(c *catalog.Catalog) (map[string]diag.Severity, []diag.Diagnostic) {
	settings := map[string]diag.Severity{}
	var codes []string
	for _, r := range Rules {
		settings[r.Code] = r.Severity
		codes = append(codes, r.Code)
	}
	var found []diag.Diagnostic
	wrong := func(v catalog.Value, message, hint string) {
		found = append(found, diag.Diagnostic{
			Span: v.Span, Severity: diag.Error, Code: catalog.CodeConfigInvalid, Message: message, Hint: hint,
		})
	}
	for _, s := range c.Config.Rules {
		rule, known := byCode(s.Code.Text)
		severity, ok := diag.ParseSeverity(s.Severity.Text)
		switch {
		case !known:
			hint := didYouMean(diag.Nearest(s.Code.Text, codes))
			wrong(s.Code, fmt.Sprintf("there is no rule %q", s.Code.Text), cmp.Or(hint, "write the code that findings show in brackets"))
		case !ok:
			continue // its schema has said so
		case rule.Ownership && severity != diag.Error:
			wrong(s.Code, fmt.Sprintf("%s is an ownership rule: it is always an error", rule.Code), "remove the line")
		case rule.Fixed && severity != diag.Error:
			wrong(s.Code, fmt.Sprintf("%s is always an error: what it finds could not be read", rule.Code), "remove the line")
		default:
			settings[rule.Code] = severity
		}
	}
	return settings, found
}

func applySeverities(found []diag.Diagnostic, settings map[string]diag.Severity) []diag.Diagnostic {
	kept := found[:0]
	for _, d := range found {
		if severity, ok := settings[d.Code]; ok {
			d.Severity = severity
		}
		if d.Severity != diag.Off {
			kept = append(kept, d)
		}
	}
	return kept
}

// Codes of the findings about silences.
const (
	codeSilenceReason    = "silence-reason"
	codeSilenceExpired   = "silence-expired"
	codeSilenceUnused    = "silence-unused"
	codeSilenceOwnership = "silence-ownership"
)

// applySilences takes out what is silenced, and reports silences that give no
// reason, have run out, silence nothing or may not silence what they name.
func applySilences(found []diag.Diagnostic, silences []diag.Silence, settings map[string]diag.Severity, day time.Time) (kept []diag.Diagnostic, silenced int) {
	byFile := map[string][]int{}
	var wrong []diag.Diagnostic
	valid := make([]bool, len(silences))
	used := make([]map[string]bool, len(silences)) // codes that silenced something
	for i, s := range silences {
		byFile[s.Span.File] = append(byFile[s.Span.File], i)
		used[i] = map[string]bool{}
		d, ok := judge(s, day)
		if !ok {
			wrong = append(wrong, d)
		}
		valid[i] = ok
	}
	for _, d := range found {
		covered := false
		for _, i := range byFile[d.Span.File] {
			if silences[i].Covers(d) {
				used[i][d.Code] = true
				covered = covered || valid[i]
			}
		}
		if covered {
			silenced++
			continue
		}
		kept = append(kept, d)
	}
	for i, s := range silences {
		if !valid[i] {
			continue
		}
		unused := slices.DeleteFunc(slices.Clone(s.Codes), func(code string) bool {
			rule, _ := byCode(code)
			return used[i][code] || rule.Asked
		})
		if len(unused) > 0 {
			hint := "remove the comment"
			if len(unused) < len(s.Codes) {
				hint = "take the code out of the comment"
			}
			wrong = append(wrong, silenceFinding(s, codeSilenceUnused,
				fmt.Sprintf("this silences nothing: there is no finding %s on this line or the next", strings.Join(unused, ", ")), hint))
		}
	}
	return append(kept, applySeverities(wrong, settings)...), silenced
}

func judge(s diag.Silence, day time.Time) (wrong diag.Diagnostic, ok bool) {
	if len(s.Codes) == 0 {
		return silenceFinding(s, codeSilenceReason, "this silence names no rule", "write `signpost:ignore CODE reason`"), false
	}
	for _, code := range s.Codes {
		rule, known := byCode(code)
		if !known {
			return silenceFinding(s, codeSilenceUnused, fmt.Sprintf("there is no rule %q", code), didYouMean(nearRule(code))), false
		}
		if rule.firm() {
			return silenceFinding(s, codeSilenceOwnership, code+" cannot be silenced", "mend what it finds"), false
		}
	}
	if s.Reason == "" {
		return silenceFinding(s, codeSilenceReason, "this silence gives no reason", "say why after the code, for whoever reads it next"), false
	}
	return judgeDate(s, day)
}

func judgeDate(s diag.Silence, day time.Time) (wrong diag.Diagnostic, ok bool) {
	switch len(s.Until) {
	case 0:
		return diag.Diagnostic{}, true
	case 1:
	default:
		return silenceFinding(s, codeSilenceReason, "this silence has several dates: "+strings.Join(s.Until, ", "), "keep one of them"), false
	}
	until, err := time.Parse(time.DateOnly, s.Until[0])
	if err != nil {
		return silenceFinding(s, codeSilenceReason, fmt.Sprintf("until=%s is not a date", s.Until[0]), "write until=YYYY-MM-DD"), false
	}
	if until.Before(day) {
		return silenceFinding(s, codeSilenceExpired, "this silence ran out on "+s.Until[0], "mend what it silences, or agree on a new date"), false
	}
	return diag.Diagnostic{}, true
}

func silenceFinding(s diag.Silence, code, message, hint string) diag.Diagnostic {
	return diag.Diagnostic{Span: s.Span, Severity: diag.Error, Code: code, Message: message, Hint: hint}
}

func nearRule(code string) (string, bool) {
	var codes []string
	for _, r := range Rules {
		codes = append(codes, r.Code)
	}
	return diag.Nearest(code, codes)
}

func didYouMean(near string, ok bool) string {
	if !ok {
		return ""
	}
	return fmt.Sprintf("did you mean %q?", near)
}

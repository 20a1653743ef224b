package backstage

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/source"
)

// redacted stands where a secret stood.
const redacted = "REDACTED"

// secretForms are secrets that can be told by how they look, wherever they stand:
// comments included. Of the three groups of a form the second is the secret. A
// file without any of the hints is not searched: a form costs a second for 16 MiB.
var secretForms = []struct {
	what  string
	hints []string
	form  *regexp.Regexp
}{
	{
		"a PagerDuty integration key",
		[]string{"integration-key"},
		regexp.MustCompile(`(pagerduty\.com/integration-key["']?[ \t]*:[ \t]*["']?)([^\s"'#,{}$<>|*&!]+)()`),
	},
	{"an access key of AWS", []string{"AKIA", "ASIA"}, regexp.MustCompile(`()(\b(?:AKIA|ASIA)[0-9A-Z]{16}\b)()`)},
	{
		"a token of GitHub",
		[]string{"ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"},
		regexp.MustCompile(`()(\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{60,255})\b)()`),
	},
	{"a token of GitLab", []string{"glpat-"}, regexp.MustCompile(`()(\bglpat-[A-Za-z0-9_-]{20,255})()`)},
	{"a token of Slack", []string{"xox"}, regexp.MustCompile(`()(xox[abeoprs]-[A-Za-z0-9-]{10,255})()`)},
	{
		"a webhook of Slack",
		[]string{"hooks.slack.com"},
		regexp.MustCompile(`(https://hooks\.slack\.com/)((?:services|workflows|triggers)/[A-Za-z0-9/_-]+)()`),
	},
	{"a key of Google", []string{"AIza"}, regexp.MustCompile(`()(AIza[A-Za-z0-9_-]{35}\b)()`)},
	{"a key of Stripe", []string{"k_live_"}, regexp.MustCompile(`()(\b[rs]k_live_[A-Za-z0-9]{16,255}\b)()`)},
	{"a password in an address", []string{"@"}, regexp.MustCompile(`(://[^\s/?#:@"'<>{}$]+:)([^\s/?#@"'<>{}$]+)(@)`)},
	{
		// Last, since it takes lines away.
		"a private key",
		[]string{"PRIVATE KEY"},
		regexp.MustCompile(`()(-----BEGIN [A-Z ]*PRIVATE KEY-----(?:[^-]|-[^-])*-----END [A-Z ]*PRIVATE KEY-----)()`),
	},
}

// secretKeys are the ends of keys under which secrets stand, as words.
var secretKeys = [][]string{
	{"password"},
	{"passwd"},
	{"passphrase"},
	{"secret"},
	{"token"},
	{"apikey"},
	{"credential"},
	{"credentials"},
	{"integration", "key"},
	{"routing", "key"},
	{"api", "key"},
	{"private", "key"},
	{"access", "key"},
	{"secret", "key"},
	{"signing", "key"},
	{"encryption", "key"},
	{"auth", "key"},
}

// secrets takes secrets out of sources before anything else looks at them.
type secrets struct {
	report *Report
	known  []string // so unlike ordinary words that they go wherever they occur
}

// clean returns the content of a file without what looks like a secret.
func (s *secrets) clean(file string, data []byte) []byte {
	for _, f := range secretForms {
		if !slices.ContainsFunc(f.hints, func(hint string) bool { return bytes.Contains(data, []byte(hint)) }) {
			continue
		}
		for _, at := range f.form.FindAllSubmatchIndex(data, -1) {
			secret := string(data[at[4]:at[5]])
			if secret == redacted {
				continue
			}
			s.report.note(Secret, file, 1+bytes.Count(data[:at[0]], []byte("\n")), "", "%s was left out", f.what)
			s.remember(secret)
		}
		data = f.form.ReplaceAll(data, []byte("${1}"+redacted+"${3}"))
	}
	return data
}

// remember notes a secret that is to be taken out wherever it occurs.
func (s *secrets) remember(secret string) {
	const shortest = 16
	if len(secret) >= shortest && strings.ContainsFunc(secret, unicode.IsDigit) && strings.ContainsFunc(secret, unicode.IsLetter) &&
		!slices.Contains(s.known, secret) {
		s.known = append(s.known, secret)
	}
}

// strip returns the tree of a document without the values of keys that name
// secrets, and the places of these values.
func (s *secrets) strip(n *source.Node) (any, []diag.Span) {
	c := stripping{secrets: s}
	return c.tree(n), c.spans
}

type stripping struct {
	*secrets
	spans []diag.Span
}

func (c *stripping) tree(n *source.Node) any {
	switch n.Kind() {
	case source.Map:
		o := make(object, 0, len(n.Children()))
		for _, child := range n.Children() {
			if isSecret(child) {
				c.remove(child)
				continue
			}
			o = append(o, field{child.Name(), c.tree(child)})
		}
		return o
	case source.List:
		list := make([]any, 0, len(n.Children()))
		for _, child := range n.Children() {
			list = append(list, c.tree(child))
		}
		return list
	}
	return treeOf(n)
}

func (c *stripping) remove(n *source.Node) {
	if n.Text() == redacted {
		return // clean has reported it
	}
	span := n.Span()
	c.spans = append(c.spans, span)
	c.report.note(Secret, span.File, n.KeySpan().Start.Line, "", "the value of %q was left out", n.Name())
	c.remember(n.Text())
}

// isSecret reports whether a key names a secret and its value can be one.
func isSecret(n *source.Node) bool {
	value := n.Text()
	words := secretKey(n.Name())
	switch {
	case n.Kind() != source.String && n.Kind() != source.Number, words == nil, value == "":
		return false
	case slices.Equal(words, []string{"integration", "key"}):
		return true
	case len(value) > 4096 || strings.ContainsAny(value, " \t\n/${}<>"):
		return false // a sentence, path, address or variable: about secrets, not one
	case strings.HasPrefix(words[0], "pass"):
		return true
	}
	return len(value) >= 8 && !objectName.MatchString(value)
}

// objectName matches what Kubernetes and others call the place of a secret, such
// as "payments-db-credentials" or "vault.v2".
var objectName = regexp.MustCompile(`^[a-z]+([._-]([a-z]+|v?[0-9]{1,3}))+$`)

// secretKey returns the words by which a key names a secret, or nil.
func secretKey(key string) []string {
	words := wordsOf(key)
	for _, end := range secretKeys {
		if len(words) >= len(end) && slices.Equal(words[len(words)-len(end):], end) {
			return end
		}
	}
	return nil
}

// wordsOf splits a key such as "example.com/apiKey" or "API_KEY" into lower-case words.
func wordsOf(key string) []string {
	var b strings.Builder
	lower := false
	for _, r := range key {
		if unicode.IsUpper(r) && lower {
			b.WriteByte(' ')
		}
		lower = unicode.IsLower(r)
		b.WriteRune(r)
	}
	return strings.FieldsFunc(strings.ToLower(b.String()), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// scrub takes known secrets out of what is about to be written.
func (s *secrets) scrub(data []byte) []byte {
	for _, secret := range s.known {
		data = bytes.ReplaceAll(data, []byte(secret), []byte(redacted))
	}
	return data
}

// cut replaces places of a file.
func cut(data []byte, spans []diag.Span) ([]byte, error) {
	slices.SortFunc(spans, func(a, b diag.Span) int {
		return cmp.Or(cmp.Compare(a.Start.Line, b.Start.Line), cmp.Compare(a.Start.Col, b.Start.Col))
	})
	spans = slices.Compact(spans)
	edits := make([]diag.Edit, 0, len(spans))
	for _, s := range spans {
		edits = append(edits, diag.Edit{Span: s, New: redacted})
	}
	out, made := diag.Apply(data, edits)
	if len(made) != len(edits) {
		return nil, fmt.Errorf("%d of %d secrets could not be cut out", len(edits)-len(made), len(edits))
	}
	return out, nil
}

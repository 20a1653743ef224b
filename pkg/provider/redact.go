package provider

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// leastSecret is how short a form of a secret may be that is looked for: shorter ones would
// be found by chance in what is none.
const leastSecret = 6

// redactor takes secrets out of texts, in the forms that systems repeat them in.
type redactor struct {
	forms    [][]byte
	replacer *strings.Replacer
}

func newRedactor(secrets []string) redactor {
	var forms []string
	for _, s := range secrets {
		forms = append(forms, formsOf(s)...)
	}
	slices.SortFunc(forms, func(a, b string) int { // a form may begin with another
		return cmp.Or(cmp.Compare(len(b), len(a)), strings.Compare(a, b))
	})
	r := redactor{}
	var pairs []string
	for _, f := range slices.Compact(forms) {
		r.forms = append(r.forms, []byte(f))
		pairs = append(pairs, f, "***")
	}
	r.replacer = strings.NewReplacer(pairs...)
	return r
}

// formsOf are a secret and its common encodings.
func formsOf(s string) []string {
	if s == "" {
		return nil
	}
	quoted, _ := json.Marshal(s) // a text can always be written
	query, path := url.QueryEscape(s), url.PathEscape(s)
	forms := []string{
		query, path, strings.ToLower(query), strings.ToLower(path), string(quoted[1 : len(quoted)-1]),
		hex.EncodeToString([]byte(s)), strings.ToUpper(hex.EncodeToString([]byte(s))),
	}
	for before := range 3 {
		forms = append(forms, inBase64(s, before, base64.RawStdEncoding), inBase64(s, before, base64.RawURLEncoding))
	}
	forms = slices.DeleteFunc(forms, func(f string) bool { return len(f) < leastSecret })
	return append(forms, s) // whole and as it is, however short
}

// inBase64 is what the base64 of a text shows of a secret in it that stands after so many
// bytes, modulo three: Basic authorization encodes a name before the secret.
func inBase64(s string, before int, encoding *base64.Encoding) string {
	text := encoding.EncodeToString([]byte(strings.Repeat("\x00", before) + s))
	from := (before*8 + 5) / 6                        // characters with bits of what stands before
	to := (before + len(s)) * 8 / 6                   // and with bits of what stands after
	return text[min(from, to):max(to, min(from, to))] // nothing, if the secret is that short
}

// text returns a text without secrets.
func (r redactor) text(s string) string { return r.replacer.Replace(s) }

// bytes returns data without secrets; the same data if there are none in it.
func (r redactor) bytes(data []byte) []byte {
	for _, f := range r.forms {
		if bytes.Contains(data, f) {
			return []byte(r.replacer.Replace(string(data)))
		}
	}
	return data
}

package schema

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// format is a kind of text that a schema can ask for by name.
type format struct {
	valid func(any) bool // true for whatever is not text
	want  string         // what it must be, to follow "must be"
}

// formats are the formats that we judge ourselves: more strictly than the
// validator, or because they are ours. All run in time linear in the text.
var formats = map[string]format{
	"signpost-ref":  {text(isRef), "a reference such as team:payments: [kind:][namespace/]name"},
	"signpost-time": {text(isLocalTime), "a time such as 2026-12-24T09:00, or one with an offset such as 2026-12-24T09:00:00+01:00"},
	"date":          {text(isDate), "a date such as 2026-03-31 (year-month-day)"},
	"date-time":     {text(isInstant), "a date and time with an offset, such as 2026-03-31T14:00:00Z"},
	"email":         {text(isEmail), "an e-mail address such as payments@example.com"},
	"uri":           {text(isURI), "a full address such as https://example.com/page, without spaces"},
}

// formatNames returns all formats that a schema may ask for.
func formatNames() []string {
	names := slices.Collect(maps.Keys(jsonschema.Formats))
	names = slices.AppendSeq(names, maps.Keys(formats))
	slices.Sort(names)
	return slices.Compact(names)
}

func text(valid func(string) bool) func(any) bool {
	return func(v any) bool {
		s, ok := v.(string)
		return !ok || valid(s)
	}
}

// isRef reports whether s reads [kind:][namespace/]name.
func isRef(s string) bool {
	if kind, rest, ok := strings.Cut(s, ":"); ok {
		if !isKindName(kind) {
			return false
		}
		s = rest
	}
	if namespace, rest, ok := strings.Cut(s, "/"); ok {
		if !isName(namespace) {
			return false
		}
		s = rest
	}
	return isName(s)
}

func isKindName(s string) bool {
	if s == "" || len(s) > 63 || !isLetter(s[0]) {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !isLetter(c) && !isDigit(c) && c != '-' {
			return false
		}
	}
	return true
}

// isName reports whether s is the name of an entity, by the same rule as the
// pattern in common.schema.json.
func isName(s string) bool {
	if s == "" || len(s) > 63 || !isAlphanumeric(s[0]) || !isAlphanumeric(s[len(s)-1]) {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !isAlphanumeric(c) && c != '.' && c != '_' && c != '-' {
			return false
		}
	}
	return true
}

func isLetter(c byte) bool       { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }
func isDigit(c byte) bool        { return '0' <= c && c <= '9' }
func isAlphanumeric(c byte) bool { return isLetter(c) || isDigit(c) }

func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil && len(s) == len(time.DateOnly)
}

// isInstant reports whether s is a time as in RFC 3339. The letters may be small
// there, which time.Parse does not accept.
func isInstant(s string) bool {
	// time.Parse takes an hour of one digit, and a comma before fractions.
	if len(s) < len("2006-01-02T15:04:05Z") || len(s) > 64 || s[13] != ':' || strings.Contains(s, ",") {
		return false
	}
	_, err := time.Parse(time.RFC3339Nano, strings.ToUpper(s))
	return err == nil
}

// isLocalTime reports whether s is a time of day on a date, to the minute or the
// second, or an instant.
func isLocalTime(s string) bool {
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05"} {
		if len(s) == len(layout) {
			_, err := time.Parse(layout, s)
			return err == nil
		}
	}
	return isInstant(s)
}

// isEmail reports whether s is an address as people write them: no quoted local
// parts, comments or bare host names, which RFC 5322 would allow. Letters of any
// script are (RFC 6531).
func isEmail(s string) bool {
	local, domain, ok := strings.Cut(s, "@")
	if !ok || local == "" || len(local) > 64 || len(domain) > 253 {
		return false
	}
	return isDotted(local, isMailboxRune) && strings.Contains(domain, ".") && isDotted(domain, isHostRune)
}

// isDotted reports whether s is made of parts joined by single dots, none empty.
func isDotted(s string, allowed func(rune) bool) bool {
	before := '.'
	for _, r := range s {
		if r == '.' && before == '.' || r != '.' && !allowed(r) {
			return false
		}
		before = r
	}
	return before != '.'
}

func isMailboxRune(r rune) bool {
	return isHostRune(r) || r < 0x80 && strings.ContainsRune("!#$%&'*+/=?^_`{|}~", r)
}

func isHostRune(r rune) bool {
	return r == '-' || r < 0x80 && isAlphanumeric(byte(r)) || r > 0xA0 && r != 0xFFFD && r != 0x2028 && r != 0x2029
}

// isURI reports whether s is an absolute address: a scheme, then something, and
// no character that would have to be escaped to stand in one. With an http
// scheme there must be a host.
func isURI(s string) bool {
	if strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7F || strings.ContainsRune("<>\"{}|\\^`", r) }) {
		return false
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme == "" {
		return false
	}
	if u.Scheme == "http" || u.Scheme == "https" {
		return u.Host != "" && u.Hostname() != ""
	}
	return len(s) > len(u.Scheme)+1
}

package catalog

import "strings"

// Sentence turns an identifier into words: "costCentre" into "Cost centre".
func Sentence(identifier string) string {
	var b strings.Builder
	for i, r := range identifier {
		switch {
		case i == 0:
			b.WriteString(strings.ToUpper(string(r)))
		case r == '-' || r == '_':
			b.WriteByte(' ')
		case r >= 'A' && r <= 'Z':
			b.WriteString(" " + strings.ToLower(string(r)))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Slug turns a name into what may stand in an anchor or a file name.
func Slug(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		default:
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}

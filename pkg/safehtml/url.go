package safehtml

import (
	"bytes"
	"html"
	"strings"
)

// Scheme returns the scheme of a URL in lower case, or "" for one without: a
// colon behind anything but letters, digits, "+", "-" and "." is part of a path.
func Scheme(url string) string {
	for i := range len(url) {
		switch c := url[i]; {
		case isLetter(c):
		case i > 0 && (isDigit(c) || c == '+' || c == '-' || c == '.'):
		case i > 0 && c == ':':
			return strings.ToLower(url[:i])
		default:
			return ""
		}
	}
	return ""
}

// LinkURL reports whether a link may lead to a URL: an address with https, http
// or mailto, a path without a host, or a fragment. The URL is what a browser
// would get: without entities, and otherwise as written.
//
// The reading is stricter than a browser's, which drops tabs and line breaks
// anywhere and control characters in front, and takes a backslash for a slash.
func LinkURL(url string) bool {
	for i := range len(url) {
		if c := url[i]; c < ' ' || c == 0x7f || c == '\\' {
			return false
		}
	}
	if strings.TrimSpace(url) != url {
		return false
	}
	switch scheme := Scheme(url); scheme {
	case "":
		return !strings.HasPrefix(url, "//") && !strings.HasPrefix(url, ":")
	case "http", "https":
		rest := url[len(scheme)+1:]
		return len(rest) > 2 && rest[0] == '/' && rest[1] == '/' && rest[2] != '/'
	default:
		return scheme == "mailto"
	}
}

// imageURL is LinkURL for what the page loads by itself: only from the site.
func imageURL(url string) bool {
	return LinkURL(url) && url != "" && Scheme(url) == ""
}

func isLinkURL(value []byte) bool  { return LinkURL(decoded(value)) }
func isImageURL(value []byte) bool { return imageURL(decoded(value)) }

// decoded returns the value of an attribute as a browser would read it.
func decoded(value []byte) string {
	if bytes.IndexByte(value, '&') < 0 {
		return string(value)
	}
	return html.UnescapeString(string(value))
}

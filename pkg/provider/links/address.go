package links

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/provider"
)

// Address returns what is asked for a link, without the part behind "#", which no server sees.
// It says no for what is not to be asked for: other schemes, a link with a password, and hosts
// that the internet cannot know. With private those inside are asked for as well.
func Address(link string, private bool) (string, bool) {
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || len(link) > mostAddress {
		return "", false
	}
	u.Host = strings.ToLower(u.Host)
	u.Fragment, u.RawFragment = "", ""
	return u.String(), asked(strings.TrimSuffix(u.Hostname(), "."), private)
}

const mostAddress = 4_000 // bytes; more is refused by most servers

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// reserved are the names below which nobody has a host on the internet: RFC 2606 and 6761
// (examples, tests), RFC 6762 (local), RFC 7686 (onion), RFC 8375 (home.arpa), and
// internal, which ICANN has reserved in 2024.
var reserved = []string{
	"example", "example.com", "example.net", "example.org", "invalid", "test", "localhost",
	"local", "onion", "home.arpa", "internal",
}

// inHouse are those of them that somebody may have inside.
var inHouse = []string{"local", "home.arpa", "internal"}

func asked(host string, private bool) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return private || !provider.Inside(ip)
	}
	if !strings.Contains(host, ".") && !private { // a name that only a network inside knows
		return false
	}
	return !slices.ContainsFunc(reserved, func(name string) bool {
		return (host == name || strings.HasSuffix(host, "."+name)) && !(private && slices.Contains(inHouse, name))
	})
}

// Ignored reports whether a link matches one of the patterns of signpost.yaml. A pattern
// without a slash is the name of a host, others are an address without its scheme; * stands
// for any characters.
func Ignored(link string, patterns []string) bool {
	_, rest, _ := strings.Cut(link, "://")
	rest, _, _ = strings.Cut(rest, "#")
	host, path, _ := strings.Cut(rest, "/")
	host = strings.ToLower(host)
	name, _, _ := strings.Cut(host, ":")
	return slices.ContainsFunc(patterns, func(p string) bool {
		if _, after, ok := strings.Cut(p, "://"); ok {
			p = after
		}
		if !strings.Contains(p, "/") {
			p = strings.ToLower(p)
			return matches(p, name) || matches(p, host)
		}
		return matches(p, host+"/"+path)
	})
}

// matches reports whether a text is like a pattern. Each part between two * is looked for
// once, so that no pattern takes long.
func matches(pattern, text string) bool {
	first, rest, more := strings.Cut(pattern, "*")
	text, ok := strings.CutPrefix(text, first)
	if !ok || !more {
		return ok && text == ""
	}
	parts := strings.Split(rest, "*")
	last := parts[len(parts)-1]
	for _, part := range parts[:len(parts)-1] {
		at := strings.Index(text, part)
		if at < 0 {
			return false
		}
		text = text[at+len(part):]
	}
	return strings.HasSuffix(text, last)
}

package provider

import "net/url"

// Link returns an address that a system gives if a page may link to it, and otherwise "":
// javascript: and the like are no places to go to.
func Link(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return u.String()
}

package docs

import (
	"net/url"

	"github.com/signpost-dev/signpost/pkg/source"
)

// Elsewhere returns the document that an entry under `documents` in a descriptor declares:
// one that stays in another wiki. It has an address and no page, and the entry is its front
// matter. It is nil for an entry without a title or an address.
func Elsewhere(home Home, entry *source.Node) *Document {
	address := entry.Field("url").Text()
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || entry.Field("title").Text() == "" {
		return nil // its schema has complained
	}
	d := &Document{
		Name: entry.Span().File, Kind: Kind(entry.Field("kind").Text()), Title: entry.Field("title").Text(),
		Front: entry, About: []Home{home}, URL: address, Host: u.Hostname(),
	}
	switch d.Kind {
	case Runbook, Playbook, ADR, Postmortem, Guide:
	default:
		d.Kind = Guide
	}
	d.Decision = d.decide()
	return d
}

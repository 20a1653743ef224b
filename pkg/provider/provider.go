// Package provider fetches facts about the entities of a catalog from live systems, for a
// snapshot store to keep. Each system has a folder of its own below; what they share is
// here: what a provider is asked and answers, and the one client through which all of them
// speak HTTP.
//
// Answers are untrusted, and so is what a pull request may configure: a client stays on
// its host, is bounded in time and size, and gives its token to nobody else. The package
// knows nothing of pages.
package provider

import (
	"context"
	"time"

	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// Provider is a live system.
type Provider interface {
	// Fetch returns what the system knows of the subjects. An error means that it knows
	// nothing, and is an *Error where the system answered; what failed for single subjects
	// is among the problems of the facts.
	Fetch(ctx context.Context, r Request) (snapshot.Facts, error)
}

// Request is what a provider is asked for.
type Request struct {
	Subjects []Subject // in the order of the catalog
	Now      time.Time
	Before   snapshot.Facts // what the last fetch has brought, to ask only for news
}

// Purpose is what a descriptor asks a provider for.
type Purpose string

// What descriptors ask for.
const (
	Deployments Purpose = "deployments"
	Health      Purpose = "health"
	OnCall      Purpose = "oncall"
	Code        Purpose = "repository"
	Members     Purpose = "members" // asked of every team; name, aliases, and members as LOGIN=REFERENCE
	Alerts      Purpose = "alerts"  // asked of every entity by its name, without a word in descriptors
)

// Subject is one thing that a descriptor asks of a provider.
type Subject struct {
	Entity      string // "service:payments-api"
	Environment string // empty for what concerns the entity as a whole
	Purpose     Purpose
	With        map[string]string // what the system needs to know: app, query, service, …
	Place       string            // file:line of the descriptor, for messages
}

// Settings are those of a provider in signpost.yaml.
type Settings struct {
	Name string            // its key
	Type string            // which system; the key, if nothing else is said
	URL  string            // where it is, without a slash at the end; empty for the usual place
	With map[string]string // what else is set
	// Token is the variable that holds the token; empty for the usual one of the system.
	Token   string
	Private bool   // the system may have a private address
	Cache   string // folder for answers that the system may confirm later; empty for none
	// Secret returns a secret from the environment by the name of its variable, or "".
	// No secret stands in a file.
	Secret func(variable string) string
	Root   string // folder of the catalog, for providers that read files below it
	// Adjust changes the options of a client last; nil for nothing. Tests put their clock
	// and their network in by it.
	Adjust func(*Options)
}

// NewClient makes a client of a provider: what its settings say of every client, and then
// what the provider does.
func (s Settings) NewClient(o Options) (*Client, error) {
	o.Private, o.Cache = s.Private, s.Cache
	if s.Adjust != nil {
		s.Adjust(&o)
	}
	return NewClient(o)
}

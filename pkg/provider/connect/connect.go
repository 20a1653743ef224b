// Package connect makes the client of a provider from its settings in signpost.yaml, for
// systems that take a bearer token.
package connect

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// Options returns those of a client, as settings want it: the address url or the usual one,
// private for systems in a network of one's own, and token, which names the variable that
// holds the token if it is not the usual one.
func Options(s provider.Settings, usualURL, usualVariable string) (provider.Options, error) {
	o := provider.Options{Base: strings.TrimRight(s.URL, "/")}
	if o.Base == "" {
		o.Base = usualURL
	}
	if o.Base == "" {
		return o, Wrong("the provider %s needs url, the address of its %s, in signpost.yaml", s.Name, s.Type)
	}
	variable := s.Token
	if variable == "" {
		variable = usualVariable
	}
	if s.Secret == nil || variable == "" {
		return o, nil
	}
	if token := strings.TrimSpace(s.Secret(variable)); token != "" {
		o.Secrets = []string{token}
		o.Authorize = func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+token) }
	}
	return o, nil
}

// Client makes a client with these options.
func Client(s provider.Settings, usualURL, usualVariable string) (*provider.Client, error) {
	o, err := Options(s, usualURL, usualVariable)
	if err != nil {
		return nil, err
	}
	return s.NewClient(o)
}

// Wrong says that something is set wrongly.
func Wrong(format string, args ...any) error {
	return &provider.Error{Kind: snapshot.Config, Message: fmt.Sprintf(format, args...)}
}

// Garbled says that an answer is not what the system documents.
func Garbled(asked, format string, args ...any) error {
	return &provider.Error{Kind: snapshot.Garbage, Asked: asked, Message: fmt.Sprintf(format, args...)}
}

// List are the values of a setting that names several, between commas.
func List(setting string) []string {
	var all []string
	for value := range strings.SplitSeq(setting, ",") {
		if value = strings.TrimSpace(value); value != "" {
			all = append(all, value)
		}
	}
	return all
}

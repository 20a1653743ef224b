// Package http asks the status addresses of services whether they are well.
//
// Settings: url (what relative addresses of subjects are relative to), private, token (the
// variable of a bearer token for url; none by default, and never sent to another host).
//
// A subject of purpose health has
//   - url: absolute, or relative to url of the settings;
//   - status: what it answers when it is well; 200 by default;
//   - jsonPath and equals: names and numbers with dots between them that lead to a value in
//     the JSON of the answer, such as checks.0.status, and the text that it has to be.
//
// An address that cannot be reached is unhealthy and not a problem, since that is what is
// asked. What keeps us from asking is a problem: a private address that is not allowed, an
// answer that sends us to another host, a jsonPath that leads nowhere.
package http

import (
	"context"
	"net/url"
	"strings"
	"sync"

	"github.com/signpost-dev/signpost/pkg/parallel"
	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/connect"
	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

type checker struct {
	base     *url.URL // nil if there is none
	settings provider.Settings

	lock    sync.Mutex
	clients map[string]*provider.Client // by scheme and host
}

// New makes the provider.
func New(s provider.Settings) (provider.Provider, error) {
	c := &checker{settings: s, clients: map[string]*provider.Client{}}
	if s.URL == "" {
		return c, nil
	}
	o, err := connect.Options(s, "", "")
	if err != nil {
		return nil, err
	}
	if c.base, err = url.Parse(o.Base + "/"); err != nil || c.base.Host == "" || c.base.User != nil {
		return nil, connect.Wrong("url of the provider %s is no address such as https://status.example.com", s.Name)
	}
	o.Base = origin(c.base)
	client, err := s.NewClient(o)
	if err != nil {
		return nil, err
	}
	c.clients[o.Base] = client // the only one with the token
	return c, nil
}

func origin(u *url.URL) string { return strings.ToLower(u.Scheme + "://" + u.Host) }

// client returns the client for a host.
func (c *checker) client(u *url.URL) (*provider.Client, error) {
	c.lock.Lock()
	defer c.lock.Unlock()
	if client := c.clients[origin(u)]; client != nil {
		return client, nil
	}
	client, err := c.settings.NewClient(provider.Options{Base: origin(u)})
	if err != nil {
		return nil, err
	}
	c.clients[origin(u)] = client
	return client, nil
}

// Fetch asks for the address of every subject.
func (c *checker) Fetch(ctx context.Context, r provider.Request) (snapshot.Facts, error) {
	subjects := fact.Of(r.Subjects, provider.Health)
	health := make([]snapshot.Health, len(subjects))
	failed := make([]error, len(subjects))
	err := parallel.EachOf(ctx, provider.Connections, len(subjects), func(i int) error {
		health[i], failed[i] = c.healthOf(ctx, subjects[i])
		return ctx.Err() // then the service is not to blame
	})
	var facts snapshot.Facts
	if err != nil {
		return facts, &provider.Error{Kind: snapshot.Timeout, Message: "the time for this fetch is over: " + err.Error()}
	}
	for i, s := range subjects {
		if failed[i] != nil {
			facts.Problems = append(facts.Problems, provider.OfSubject(s, failed[i]))
			continue
		}
		health[i].Observed = r.Now
		facts.Health = append(facts.Health, health[i])
	}
	return facts, nil
}

// healthOf asks for the address of a subject.
func (c *checker) healthOf(ctx context.Context, s provider.Subject) (snapshot.Health, error) {
	e, err := c.expected(s)
	if err != nil {
		return snapshot.Health{}, err
	}
	client, err := c.client(e.url)
	if err != nil {
		return snapshot.Health{}, err
	}
	h := snapshot.Health{About: snapshot.About{ID: fact.ID(s), Entity: s.Entity, Environment: s.Environment, URL: fact.Link(e.url.String())}}
	a, err := ask(ctx, client, e.url)
	if err != nil {
		h.State, h.Message, err = unreachable(err)
		return h, err
	}
	h.State, h.Message, err = e.judge(a)
	if a.took > 0 {
		h.Measures = []snapshot.Measure{{Name: "Latency", Value: float64(a.took.Microseconds()) / 1000, Unit: "ms"}}
	}
	return h, err
}

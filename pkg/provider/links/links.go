// Package links asks whether addresses on the web still lead anywhere.
//
// It is polite: every address is asked for once, one at a time for each host and with a
// pause, with the client of package provider, which waits where a host says so (Retry-After),
// connects to no address inside and has no token to lose. What it learned is kept on disk, so
// that the next run asks little.
//
// Addresses come from documents, which anybody may have written. It knows neither those nor
// findings: it takes addresses and gives answers.
package links

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/signpost-dev/signpost/pkg/parallel"
	"github.com/signpost-dev/signpost/pkg/provider"
)

// State is what became of an address.
type State string

// The states of addresses. The zero State is of one that was not asked for.
const (
	Good        State = "good"        // it leads to something; to sign in there is something, too
	Moved       State = "moved"       // it leads on for good (301 or 308 of RFC 9110, 15.4) to something
	Dead        State = "dead"        // it is gone: 404, 410, or a host that does not exist
	Unreachable State = "unreachable" // nobody can tell: the host is slow or broken, or refuses robots
)

// Answer says what became of an address.
type Answer struct {
	State State     `json:"state"`
	Why   string    `json:"why,omitempty"` // of dead and unreachable ones, for people: "404 Not Found"
	To    string    `json:"to,omitempty"`  // of moved ones: the new address
	Asked time.Time `json:"asked"`
}

// Options say how to ask. The zero value asks the internet and keeps nothing.
type Options struct {
	Cache     string                                     // file in which answers are kept; empty for none
	Now       time.Time                                  // by which kept answers grow old
	Private   bool                                       // hosts may have private addresses
	PerMinute int                                        // requests to a host; 0: 120
	Progress  func(done, total int)                      // nil for none; called from several goroutines
	Sleep     func(context.Context, time.Duration) error // nil: the clock
}

const (
	hostsAtOnce = 8
	perMinute   = 120
	patience    = 20 * time.Second // for one attempt
	mostHops    = 5                // of redirects
	mostSilent  = 3                // questions in a row without an answer, after which a host is left alone
)

// ErrOffline says that no host of several could be reached, so that the fault is here.
var ErrOffline = errors.New("none of the hosts could be reached; is this machine on the network?")

// Check asks for addresses as [Address] returns them. Those that are missing from the answers
// were not asked for, since the context ended; the error is that of keeping answers, or ErrOffline.
func Check(ctx context.Context, addresses []string, o Options) (map[string]Answer, error) {
	kept := readKept(o.Cache)
	c := &checker{options: o, total: len(addresses), answers: map[string]Answer{}, clients: map[string]*provider.Client{}}
	groups := map[string][]string{} // by host
	for _, a := range addresses {
		if answer, ok := kept[a]; ok && answer.fresh(o.Now) {
			c.note(a, answer)
			continue
		}
		host := hostOf(a)
		groups[host] = append(groups[host], a)
	}
	known := len(c.answers)
	hosts := make([]string, 0, len(groups))
	for host, group := range groups {
		slices.Sort(group)
		groups[host] = slices.Compact(group)
		hosts = append(hosts, host)
	}
	slices.Sort(hosts)
	_ = parallel.EachOf(ctx, hostsAtOnce, len(hosts), func(i int) error { // ends with the context, and then some are missing
		c.host(ctx, groups[hosts[i]])
		return nil
	})
	if known == 0 && c.reached == 0 && c.silent > 1 {
		return nil, ErrOffline
	}
	if o.Cache == "" {
		return c.answers, nil
	}
	for a, answer := range c.answers {
		kept[a] = answer
	}
	return c.answers, writeKept(o.Cache, kept, o.Now)
}

type checker struct {
	options Options
	total   int

	mu              sync.Mutex
	answers         map[string]Answer
	clients         map[string]*provider.Client // by scheme and host
	reached, silent int                         // hosts that said anything, and those that did not
}

func (c *checker) note(address string, a Answer) {
	c.mu.Lock()
	c.answers[address] = a
	done := len(c.answers)
	c.mu.Unlock()
	if c.options.Progress != nil {
		c.options.Progress(done, c.total)
	}
}

// host asks for the addresses of one host, one after the other. A host that does not answer
// is not asked on and on: then the others are as unreachable.
func (c *checker) host(ctx context.Context, addresses []string) {
	silent, heard := 0, false
	for _, a := range addresses {
		r := c.follow(ctx, a)
		if ctx.Err() != nil {
			return
		}
		c.note(a, r.answer)
		if heard = heard || r.heard; r.heard {
			silent = 0
			continue
		}
		if silent++; silent == mostSilent || r.noHost {
			for _, rest := range addresses[slices.Index(addresses, a)+1:] {
				c.note(rest, r.answer)
			}
			break
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, client := range c.clients { // hosts are many, and few are asked twice
		client.CloseIdle()
	}
	if heard {
		c.reached++
	} else {
		c.silent++
	}
}

// result is what came of a question.
type result struct {
	answer Answer
	heard  bool // the host of the address itself has answered, or was not to be asked
	noHost bool // and does not exist
}

// follow asks for an address and where it leads on to.
func (c *checker) follow(ctx context.Context, address string) result {
	at, forGood, moved := address, true, ""
	for hop := 0; ; hop++ {
		if hop > mostHops {
			return result{answer: c.unreachable("it leads on and on"), heard: true}
		}
		response, err := c.ask(ctx, at)
		if err != nil {
			r := c.failed(err)
			r.heard = r.heard || hop > 0
			return r
		}
		next, permanent, ok := leadsOn(response, at)
		if !ok {
			return result{answer: c.judge(response.StatusCode, moved), heard: true}
		}
		if forGood = forGood && permanent; forGood {
			moved = next
		}
		if next, ok = Address(next, c.options.Private); !ok {
			return result{answer: c.unreachable("it leads on to an address that is not asked for"), heard: true}
		}
		at = next
	}
}

func (c *checker) unreachable(why string) Answer {
	return Answer{State: Unreachable, Why: why, Asked: c.options.Now}
}

// failed says what a question without an answer means.
func (c *checker) failed(err error) result {
	e := (*provider.Error)(nil)
	if !errors.As(err, &e) {
		return result{answer: c.unreachable(err.Error())}
	}
	e.Asked = ""
	if e.NoHost {
		return result{answer: Answer{State: Dead, Why: "the host does not exist", Asked: c.options.Now}, noHost: true}
	}
	return result{answer: c.unreachable(e.Message), heard: e.Kind == refused}
}

// client returns the client for an address: one for each host, for that is what limits and
// pauses are for.
func (c *checker) client(u *url.URL) (*provider.Client, error) {
	base := u.Scheme + "://" + u.Host
	c.mu.Lock()
	defer c.mu.Unlock()
	if known := c.clients[base]; known != nil {
		return known, nil
	}
	o := provider.Options{
		Base: base, Accept: "*/*", Heads: true, Private: c.options.Private, Connections: 1, PerMinute: c.options.PerMinute,
		Timeout: patience, Sleep: c.options.Sleep,
	}
	if o.PerMinute == 0 {
		o.PerMinute = perMinute
	}
	made, err := provider.NewClient(o)
	if err != nil {
		return nil, fmt.Errorf("asking %s: %w", base, err)
	}
	c.clients[base] = made
	return made, nil
}

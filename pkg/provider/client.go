package provider

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// Limits of what a client takes.
const (
	mostBody    = 32 << 20  // bytes of an answer, unpacked
	mostHeaders = 256 << 10 // bytes
	mostPages   = 10_000
	patience    = 30 * time.Second
)

// Connections is how many questions a system is asked at once, unless options say otherwise.
const Connections = 8

// Options say where a client goes and as whom.
type Options struct {
	Base        string                                     // address of the system, without a slash at the end
	Authorize   func(*http.Request)                        // adds the token, to each attempt; nil for none
	Secrets     []string                                   // what must never be shown
	Accept      string                                     // media type; empty: application/json
	Cache       string                                     // folder for answers that the system may confirm; empty for none
	Private     bool                                       // the system may have a private address
	Connections int                                        // at once; 0: eight
	PerMinute   int                                        // requests; 0: as many as the system takes
	Pages       int                                        // most of one list; 0: 10,000
	Body        int64                                      // bytes of an answer, unpacked; 0: 32 MiB
	Timeout     time.Duration                              // of each attempt; 0: 30 s. The context limits the whole
	Heads       bool                                       // only the heads of answers matter: bodies are not read, nor redirects followed
	Roots       *x509.CertPool                             // who may vouch for the system; nil: those that this machine trusts
	Transport   http.RoundTripper                          // nil: the network
	Sleep       func(context.Context, time.Duration) error // nil: the clock
}

// Client asks one system. Its methods may be called at the same time. All that it asks are
// questions, whatever the method, so it asks again where that may help.
type Client struct {
	options Options
	base    *url.URL
	http    *http.Client
	retry   *retryablehttp.Client
	secrets redactor
	blocked atomic.Int64 // Unix time in ns until which the system wants no requests
	failing atomic.Int32 // requests in a row that failed for good
	idle    func()       // see CloseIdle
}

// NewClient makes a client. It is an error if the address is none.
func NewClient(o Options) (*Client, error) {
	base, err := url.Parse(o.Base)
	if err != nil || base.Host == "" || base.Scheme != "https" && base.Scheme != "http" || base.User != nil {
		return nil, &Error{Kind: snapshot.Config, Message: fmt.Sprintf(
			"%q is not the address of a system, such as https://api.example.com", newRedactor(o.Secrets).text(withoutQuery(o.Base)))}
	}
	c := &Client{options: withDefaults(o), base: base, secrets: newRedactor(o.Secrets)}
	inner, err := c.attempts()
	if err != nil {
		return nil, err
	}
	c.retry = c.retrying(inner)
	c.http = &http.Client{Transport: front{c}, CheckRedirect: c.checkRedirect}
	c.idle = inner.CloseIdle
	return c, nil
}

// CloseIdle ends the connections that are not in use, for those who ask many systems.
func (c *Client) CloseIdle() { c.idle() }

func withDefaults(o Options) Options {
	if o.Accept == "" {
		o.Accept = "application/json"
	}
	if o.Connections <= 0 {
		o.Connections = Connections
	}
	if o.Pages <= 0 {
		o.Pages = mostPages
	}
	if o.Body <= 0 {
		o.Body = mostBody
	}
	if o.Timeout <= 0 {
		o.Timeout = patience
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	return o
}

// HTTP returns the client for libraries that bring their own requests: it authorizes,
// retries, stays on its host and limits answers as this one does. Give its errors to
// Explain, since those of net/http show whole addresses.
func (c *Client) HTTP() *http.Client { return c.http }

// Get asks for a path with a query, and decodes the JSON of the answer. It returns the
// headers of the answer.
func (c *Client) Get(ctx context.Context, path string, query url.Values, into any) (http.Header, error) {
	return c.do(ctx, http.MethodGet, path, query, nil, into)
}

// Post sends JSON, for systems whose questions are too long for an address.
func (c *Client) Post(ctx context.Context, path string, body, into any) (http.Header, error) {
	data, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	return c.do(ctx, http.MethodPost, path, nil, data, into)
}

// do asks, and says of every answer but the right one what it means.
func (c *Client) do(ctx context.Context, method, path string, query url.Values, body []byte, into any) (http.Header, error) {
	u, err := c.address(path, query)
	if err != nil {
		return nil, c.Explain(method+" "+withoutQuery(path), err)
	}
	return c.ask(ctx, method, u, body, into)
}

// ask is do for an address that is made already.
func (c *Client) ask(ctx context.Context, method string, u *url.URL, body []byte, into any) (http.Header, error) {
	asked := method + " " + u.EscapedPath()
	request, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, c.Explain(asked, err)
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, c.Explain(asked, err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, c.Explain(asked, err)
	}
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return response.Header, c.Refused(asked, response, data)
	}
	if err := decode(data, into); err != nil {
		return nil, c.Explain(asked, garbage(response.StatusCode, "%v", err))
	}
	return response.Header, nil
}

// address joins a path to the base. Escapes in the path stay as they are, so that a name
// with a slash in it is one segment.
func (c *Client) address(path string, query url.Values) (*url.URL, error) {
	u, err := url.Parse(c.base.Scheme + "://" + c.base.Host + c.base.EscapedPath() + path)
	if err != nil || path != "" && path[0] != '/' || u.Host != c.base.Host || u.RawQuery != "" || u.Fragment != "" {
		return nil, &Error{Kind: snapshot.Config, Message: "this is no path"}
	}
	u.RawQuery = query.Encode()
	return u, nil
}

// sleep waits for a while, or until the context ends.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// Limits of what a client takes.
const (
	mostBody    = 32 << 20 // bytes of an answer, unpacked
	mostPages   = 10_000
	connections = 8 // to one host at once
)

// Options say where a client goes and as whom.
type Options struct {
	Base        string                                     // address of the system, without a slash at the end
	Authorize   func(*http.Request)                        // adds the token; nil for none
	Secrets     []string                                   // what must never be shown
	Accept      string                                     // media type; empty: application/json
	Cache       string                                     // folder for answers that the system may confirm; empty for none
	Private     bool                                       // the system may have a private address
	Connections int                                        // at once; 0: eight
	Transport   http.RoundTripper                          // nil: the network
	Sleep       func(context.Context, time.Duration) error // nil: the clock
}

// Client asks one system. Its methods may be called at the same time.
type Client struct {
	options Options
	base    *url.URL
	http    *http.Client
}

// NewClient makes a client. It is an error if the address is none.
func NewClient(o Options) (*Client, error) {
	base, err := url.Parse(o.Base)
	if err != nil || base.Host == "" || base.Scheme != "https" && base.Scheme != "http" || base.User != nil {
		return nil, &Error{Kind: snapshot.Config, Message: fmt.Sprintf("%q is not the address of a system, such as https://api.example.com", o.Base)}
	}
	c := &Client{options: o, base: base}
	c.http = &http.Client{Transport: c.transport(), CheckRedirect: c.checkRedirect}
	return c, nil
}

// HTTP returns the client for libraries that bring their own requests: it retries, stays on
// its host and limits answers as this one does.
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

// do asks once more when that may help, and says of every other answer what it means.
func (c *Client) do(ctx context.Context, method, path string, query url.Values, body []byte, into any) (http.Header, error) {
	u := *c.base
	u.Path, u.RawQuery = u.Path+path, query.Encode()
	request, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, c.failed(method+" "+path, err)
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, c.failed(method+" "+path, err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, c.failed(method+" "+path, err)
	}
	if response.StatusCode < 200 || response.StatusCode > 299 {
		return response.Header, c.refused(method+" "+path, response, data)
	}
	if kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type")); kind != "" && !strings.HasSuffix(kind, "json") {
		return nil, &Error{Kind: snapshot.Garbage, Status: response.StatusCode, Asked: method + " " + path, Message: fmt.Sprintf("the answer is %s and not JSON; is the address right?", kind)}
	}
	if err := json.Unmarshal(data, into); err != nil {
		return nil, &Error{Kind: snapshot.Garbage, Status: response.StatusCode, Asked: method + " " + path, Message: redacted(fmt.Sprintf("the answer is not what the system documents: %v", err), c.options.Secrets)}
	}
	return response.Header, nil
}

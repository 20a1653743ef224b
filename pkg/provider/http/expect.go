package http

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/connect"
	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// expectation is what a subject says of its address.
type expectation struct {
	url      *url.URL
	status   int
	jsonPath string
	equals   string
	place    string // file:line of the descriptor
}

// expected reads and checks what a subject says.
func (c *checker) expected(s provider.Subject) (expectation, error) {
	e := expectation{status: http.StatusOK, jsonPath: s.With["jsonPath"], equals: s.With["equals"], place: s.Place}
	wrong := func(format string, args ...any) (expectation, error) {
		return e, connect.Wrong("%s: %s", s.Place, fmt.Sprintf(format, args...))
	}
	if s.With["url"] == "" {
		return wrong("health needs url, the address that says how it is")
	}
	var err error
	if e.url, err = url.Parse(s.With["url"]); err != nil {
		return wrong("url is no address: %v", errors.Unwrap(err))
	}
	if !e.url.IsAbs() && c.base == nil {
		return wrong("url is relative, and the provider has no url in signpost.yaml that it could be relative to; write it in full")
	}
	if c.base != nil {
		e.url = c.resolve(e.url)
	}
	if e.url.Host == "" || e.url.User != nil || e.url.Scheme != "http" && e.url.Scheme != "https" {
		return wrong("url has to begin with https:// or http:// and may hold no password")
	}
	if text := s.With["status"]; text != "" {
		if e.status, err = strconv.Atoi(text); err != nil || e.status < 200 || e.status > 599 {
			return wrong("status has to be a number from 200 to 599, not %q", fact.Name(text))
		}
	}
	if e.jsonPath == "" && e.equals != "" {
		return wrong("equals needs jsonPath, which says where the value is")
	}
	return e, nil
}

// resolve makes an address absolute. "/health" is below the base, not at the root of its
// host: people write it so, and mean the service.
func (c *checker) resolve(u *url.URL) *url.URL {
	if u.IsAbs() || u.Host != "" {
		return c.base.ResolveReference(u)
	}
	relative := *u
	relative.Path, relative.RawPath = strings.TrimLeft(u.Path, "/"), ""
	return c.base.ResolveReference(&relative)
}

// judge says how a service is that answers so.
func (e expectation) judge(a answer) (snapshot.HealthState, string, error) {
	if a.status != e.status {
		return snapshot.Unhealthy, fmt.Sprintf("it answers %d %s, not %d", a.status, http.StatusText(a.status), e.status), nil
	}
	if e.jsonPath == "" {
		return snapshot.Healthy, "", nil
	}
	value, err := lookUp(a.body, e.jsonPath)
	if err != nil {
		return "", "", connect.Wrong("%s: jsonPath %s: %v", e.place, e.jsonPath, err)
	}
	if value != e.equals {
		return snapshot.Unhealthy, fact.Text(fmt.Sprintf("%s is %q, not %q", e.jsonPath, fact.Name(value), e.equals)), nil
	}
	return snapshot.Healthy, "", nil
}

// lookUp returns the text, number or truth value that a path leads to, as text.
func lookUp(body []byte, path string) (string, error) {
	if err := provider.Strict(body); err != nil {
		return "", err
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var at any
	if err := d.Decode(&at); err != nil {
		return "", fmt.Errorf("the answer is no JSON: %w", err)
	}
	for _, step := range strings.Split(path, ".") {
		switch v := at.(type) {
		case map[string]any:
			next, ok := v[step]
			if !ok {
				return "", fmt.Errorf("the answer has no %q there", step)
			}
			at = next
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(v) {
				return "", fmt.Errorf("%q is no place in a list of %d", step, len(v))
			}
			at = v[i]
		default:
			return "", fmt.Errorf("there is nothing below %q", step)
		}
	}
	switch v := at.(type) {
	case string:
		return v, nil
	case json.Number:
		return v.String(), nil
	case bool:
		return strconv.FormatBool(v), nil
	}
	return "", errors.New("it leads to no text, number or truth value")
}

package provider

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// EachPage gets a list whose pages name the next one in a Link header (RFC 8288), as
// GitHub's do, and hands over the JSON of each. A list that is not complete is an error:
// what is missing would look as if it were gone.
func (c *Client) EachPage(ctx context.Context, path string, query url.Values, each func(json.RawMessage) error) error {
	seen := pages{}
	asked := http.MethodGet + " " + path
	first, err := c.address(path, query)
	if err != nil {
		return c.Explain(asked, err)
	}
	return c.EachCursor(asked, first.String(), func(address string) (string, error) {
		at, err := url.Parse(address)
		if err != nil {
			return "", garbage(0, "the next page has no address")
		}
		if err := c.checkHost(at); err != nil {
			return "", err
		}
		var page json.RawMessage
		header, err := c.ask(ctx, http.MethodGet, at, nil, &page)
		if err != nil {
			return "", err
		}
		if err := seen.add(page); err != nil {
			return "", err
		}
		if err := each(page); err != nil {
			return "", err
		}
		return nextOf(header, at)
	})
}

// EachPart gets a list whose pages are asked for by the query: by offsets, numbers or
// cursors. It hands over the JSON of each page, which says with what query the next one is
// asked for; nil after the last.
func (c *Client) EachPart(ctx context.Context, path string, first url.Values, part func(json.RawMessage) (next url.Values, err error)) error {
	seen := pages{}
	query := first
	return c.EachCursor(http.MethodGet+" "+path, first.Encode(), func(string) (string, error) {
		var page json.RawMessage
		if _, err := c.Get(ctx, path, query, &page); err != nil {
			return "", err
		}
		if err := seen.add(page); err != nil {
			return "", err
		}
		var err error
		if query, err = part(page); err != nil || query == nil {
			return "", err
		}
		return query.Encode(), nil
	})
}

// pages are those of a list that have come, by their sums.
type pages map[[sha256.Size]byte]bool

// add refuses a page that has come before, unless it holds next to nothing.
func (p pages) add(page json.RawMessage) error {
	sum := sha256.Sum256(page)
	if len(page) > len("[{}]") && p[sum] {
		return errors.New("the same page comes twice")
	}
	p[sum] = true
	return nil
}

// EachCursor gets a list whose pages have offsets or cursors. It calls page with the first
// one, and then with whatever that returns until it is empty; never twice with the same, and
// not more often than the limit of pages.
func (c *Client) EachCursor(asked, first string, page func(cursor string) (next string, err error)) error {
	seen := map[string]bool{}
	asked = c.secrets.text(withoutQuery(asked))
	for cursor, n := first, 1; ; n++ {
		if n > c.options.Pages {
			return incomplete(asked, n, fmt.Errorf("more than %d pages", c.options.Pages))
		}
		seen[cursor] = true
		next, err := page(cursor)
		if err != nil {
			return incomplete(asked, n, c.ofPage(err))
		}
		if next == "" {
			return nil
		}
		if seen[next] {
			return incomplete(asked, n, errors.New("the next page is one that we have had: the list goes in circles"))
		}
		cursor = next
	}
}

// ofPage gives an error of whoever takes a page apart a kind: it is about the answer.
func (c *Client) ofPage(err error) error {
	e := (*Error)(nil)
	if errors.As(err, &e) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return c.Explain("", err)
	}
	return c.Explain("", garbage(0, "%v", err))
}

// incomplete says at which page a list broke off. What needs a new token or patience is
// told as that, and so is a list that did not begin.
func incomplete(asked string, page int, err error) error {
	e := &Error{Kind: snapshot.Incomplete, Asked: asked, Message: fmt.Sprintf("page %d of the list: %v", page, err)}
	if why := (*Error)(nil); errors.As(err, &why) {
		e.Status = why.Status
		if page == 1 || why.Kind == snapshot.Auth || why.Kind == snapshot.RateLimit {
			e.Kind = why.Kind
		}
		e.Message = fmt.Sprintf("page %d of the list: %s", page, why.Message)
	}
	return e
}

// nextOf returns the address of the next page; "" for the last.
func nextOf(h http.Header, at *url.URL) (string, error) {
	links := strings.Join(h.Values("Link"), ",")
	for {
		_, after, found := strings.Cut(links, "<")
		target, rest, closed := strings.Cut(after, ">") // commas may stand in an address
		if !found || !closed {
			return "", nil
		}
		var parameters string
		parameters, _, _ = strings.Cut(rest, "<")
		links = rest[len(parameters):]
		if !isNext(parameters) {
			continue
		}
		next, err := at.Parse(target)
		if err != nil {
			return "", garbage(0, "the next page has no address")
		}
		next.Fragment = ""
		return next.String(), nil
	}
}

func isNext(parameters string) bool {
	for p := range strings.SplitSeq(strings.TrimRight(parameters, ", "), ";") {
		name, rel, _ := strings.Cut(strings.TrimSpace(p), "=")
		if strings.EqualFold(name, "rel") && strings.EqualFold(strings.Trim(rel, `"`), "next") {
			return true
		}
	}
	return false
}

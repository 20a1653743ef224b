package pagerduty

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"strconv"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// Limits of PagerDuty ("Pagination"): a page holds at most a hundred items, and what lies
// beyond the first ten thousand cannot be asked for.
const (
	pageSize  = 100
	mostItems = 10_000
)

// list reads all pages of a list. A list with a hole is an error, since what is missing
// would look as if it were gone.
func list[T any](ctx context.Context, c *provider.Client, path, key string, query url.Values) ([]T, error) {
	var all []T
	err := eachPage(ctx, c, path, key, query, func(items []T) error {
		all = append(all, items...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// eachPage hands over the items of each page of a list.
func eachPage[T any](ctx context.Context, c *provider.Client, path, key string, query url.Values, each func([]T) error) error {
	read := 0
	from := func(offset int) url.Values {
		asked := url.Values{"limit": {strconv.Itoa(pageSize)}, "offset": {strconv.Itoa(offset)}}
		maps.Copy(asked, query)
		return asked
	}
	return c.EachPart(ctx, path, from(0), func(data json.RawMessage) (url.Values, error) {
		items, more, err := page[T](data, path, key)
		if err != nil {
			return nil, err
		}
		if err := each(items); err != nil {
			return nil, err
		}
		read += len(items)
		switch {
		case !more:
			return nil, nil
		case len(items) == 0:
			return nil, &provider.Error{Kind: snapshot.Incomplete, Asked: "GET " + path, Message: fmt.Sprintf(
				"PagerDuty says that more than %d items follow, and sends none; try again later", read)}
		case read+pageSize > mostItems:
			return nil, &provider.Error{Kind: snapshot.Incomplete, Asked: "GET " + path, Message: fmt.Sprintf(
				"there are more than the %d items that PagerDuty lists; use a token that sees less, such as one of a team", mostItems)}
		}
		return from(read), nil
	})
}

// page reads one page of a list, which stands in the answer under a key.
func page[T any](data json.RawMessage, path, key string) (items []T, more bool, err error) {
	var answer map[string]json.RawMessage
	if err := json.Unmarshal(data, &answer); err != nil || answer[key] == nil || string(answer[key]) == "null" {
		return nil, false, garbage(path, fmt.Sprintf("the answer has no list %q", key))
	}
	if err := json.Unmarshal(answer[key], &items); err != nil {
		return nil, false, garbage(path, fmt.Sprintf("the list %q is not what PagerDuty documents: %v", key, err))
	}
	if answer["more"] == nil {
		return items, false, nil // some lists come whole
	}
	if err := json.Unmarshal(answer["more"], &more); err != nil {
		return nil, false, garbage(path, "the answer does not say whether more follows")
	}
	return items, more, nil
}

// byID reads a list of things with identifiers. An item that has moved to another page
// meanwhile counts once.
func byID[T interface{ id() string }](ctx context.Context, c *provider.Client, key string) (map[string]T, error) {
	items, err := list[T](ctx, c, "/"+key, key, nil)
	if err != nil {
		return nil, err
	}
	all := make(map[string]T, len(items))
	for _, item := range items {
		if item.id() == "" {
			return nil, garbage("/"+key, "a thing in the list has no identifier")
		}
		all[item.id()] = item
	}
	return all, nil
}

// garbage is an answer that PagerDuty does not document.
func garbage(path, problem string) error {
	return &provider.Error{Kind: snapshot.Garbage, Asked: "GET " + path, Message: problem + "; is the address that of the REST API v2?"}
}

package opsgenie

import (
	"context"
	"encoding/json"
	"maps"
	"net/url"
	"strconv"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// Limits of both systems: a page holds at most a hundred items, and what lies beyond the
// first twenty thousand cannot be asked for.
const (
	pageSize  = 100
	mostItems = 20_000
)

// page is the envelope of a list: Opsgenie says data and paging, the other values and links.
type page struct {
	Data   json.RawMessage `json:"data"`
	Values json.RawMessage `json:"values"`
	Paging struct {
		Next string `json:"next"`
	} `json:"paging"`
	Links struct {
		Next string `json:"next"`
	} `json:"links"`
}

// list reads all pages of a list. The addresses of next pages only say that there are some:
// we follow none of them.
func list[T any](ctx context.Context, s *system, path string, query url.Values) ([]T, error) {
	var all []T
	from := func(offset int) url.Values {
		asked := url.Values{s.size: {strconv.Itoa(pageSize)}}
		if offset > 0 {
			asked.Set("offset", strconv.Itoa(offset))
		}
		maps.Copy(asked, query)
		return asked
	}
	err := s.client.EachPart(ctx, path, from(0), func(answer json.RawMessage) (url.Values, error) {
		var p page
		err := json.Unmarshal(answer, &p)
		data := p.Data
		if s.jsm != nil {
			data = p.Values
		}
		var items []T
		if err != nil || json.Unmarshal(data, &items) != nil || string(data) == "null" {
			return nil, garbage(path, "the answer has no list as documented; is the address right?")
		}
		all = append(all, items...)
		switch more := p.Paging.Next != "" || p.Links.Next != ""; {
		case !more:
			return nil, nil
		case len(items) == 0:
			return nil, &provider.Error{Kind: snapshot.Incomplete, Asked: "GET " + path, Message: "the system says that more follows, and sends nothing; try again later"}
		case len(all)+pageSize > mostItems:
			return nil, &provider.Error{Kind: snapshot.Incomplete, Asked: "GET " + path, Message: "there are more than the 20000 items that the system lists; use a key that sees less, such as one of a team"}
		}
		return from(len(all)), nil
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// byID reads a list of things with identifiers.
func byID[T interface{ id() string }](ctx context.Context, s *system, path string) (map[string]T, error) {
	items, err := list[T](ctx, s, path, nil)
	if err != nil {
		return nil, err
	}
	all := make(map[string]T, len(items))
	for _, item := range items {
		if !identifier.MatchString(item.id()) {
			return nil, garbage(path, strconv.Quote(fact.Name(item.id()))+" is no identifier")
		}
		all[item.id()] = item
	}
	return all, nil
}

// garbage is an answer that is not documented.
func garbage(path, problem string) error {
	return &provider.Error{Kind: snapshot.Garbage, Asked: "GET " + path, Message: problem}
}

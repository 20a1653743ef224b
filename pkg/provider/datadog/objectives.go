package datadog

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"strconv"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

const objectivesInPage = 100

// objective is an item of "Search for SLOs", which tells how each one does; the list of SLOs
// does not.
type objective struct {
	ID         string `json:"id"`
	Attributes struct {
		Name    string   `json:"name"`
		Tags    []string `json:"all_tags"`
		Service []string `json:"service_tags"`
		Status  []struct {
			Actual    *float64 `json:"status"`                 // percent; null without data
			Budget    *float64 `json:"error_budget_remaining"` // percent; null without data
			Target    float64  `json:"target"`                 // percent
			Timeframe string   `json:"timeframe"`              // 7d, 30d, 90d
		} `json:"overall_status"`
	} `json:"attributes"`
}

// objectives reads all objectives ("Search for SLOs").
func (s *system) objectives(ctx context.Context) ([]objective, error) {
	const path = "/api/v1/slo/search"
	if s.noObjectives {
		return nil, nil
	}
	var all []objective
	numbered := func(n int) url.Values {
		return url.Values{"page[number]": {strconv.Itoa(n)}, "page[size]": {strconv.Itoa(objectivesInPage)}}
	}
	number, read := 0, 0
	seen := map[string]bool{}
	err := s.client.EachPart(ctx, path, numbered(0), func(data json.RawMessage) (url.Values, error) {
		var page struct {
			Data *struct {
				Attributes struct {
					Objectives []struct {
						Data objective `json:"data"`
					} `json:"slos"`
				} `json:"attributes"`
			} `json:"data"`
			Meta struct {
				Pagination struct {
					Total int `json:"total"`
				} `json:"pagination"`
			} `json:"meta"`
		}
		if err := json.Unmarshal(data, &page); err != nil {
			return nil, garbage(path, "the list is not what Datadog documents: "+err.Error())
		}
		if page.Data == nil {
			return nil, garbage(path, "the answer has no data")
		}
		for _, o := range page.Data.Attributes.Objectives {
			if fact.Name(o.Data.ID) == "" {
				return nil, garbage(path, "an objective has no identifier")
			}
			if read++; !seen[o.Data.ID] {
				all = append(all, o.Data)
			}
			seen[o.Data.ID] = true
		}
		if total := page.Meta.Pagination.Total; read >= total {
			if len(all) < total {
				return nil, moved(path)
			}
			return nil, nil
		}
		if len(page.Data.Attributes.Objectives) == 0 {
			return nil, incomplete(path)
		}
		number++
		return numbered(number), nil
	})
	return all, err
}

// budgets turns objectives into facts, one for each window. Without data there is no number
// that is true: then what was known stays, as old as it is.
func (s *system) budgets(all []objective, owners owners, r provider.Request) []snapshot.Objective {
	earlier := map[string]snapshot.Objective{}
	for _, o := range r.Before.Objectives {
		earlier[o.ID] = o
	}
	var facts []snapshot.Objective
	for _, o := range all {
		id := fact.Name(o.ID)
		for _, e := range owners.of(servicesIn(append(o.Attributes.Service, o.Attributes.Tags...)...)) {
			for _, status := range o.Attributes.Status {
				window := fact.Name(status.Timeframe)
				f := snapshot.Objective{Name: cmp.Or(fact.Name(o.Attributes.Name), id), Target: status.Target, Window: window}
				f.ID, f.Entity, f.Observed = id+"/"+window+"/"+e, e, r.Now.UTC()
				f.URL = s.web + "/slo?slo_id=" + url.QueryEscape(id)
				if status.Actual != nil && status.Budget != nil {
					f.Actual, f.Budget = *status.Actual, *status.Budget
					facts = append(facts, f)
				} else if old, known := earlier[f.ID]; known {
					facts = append(facts, old)
				}
			}
		}
	}
	return facts
}

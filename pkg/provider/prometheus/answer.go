package prometheus

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"github.com/signpost-dev/signpost/pkg/provider/connect"
	"github.com/signpost-dev/signpost/pkg/provider/fact"
)

// answer is what the HTTP API answers to a query.
// https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries
type answer struct {
	Status    string `json:"status"` // "success" or "error"
	ErrorType string `json:"errorType"`
	Error     string `json:"error"`
	Data      struct {
		ResultType string          `json:"resultType"` // "vector", "scalar", "matrix" or "string"
		Result     json.RawMessage `json:"result"`
	} `json:"data"`
}

// series is one time series of a vector, at one moment.
type series struct {
	Value *sample `json:"value"` // nil for a native histogram
}

// sample is a time in seconds and a number as text: [1795447089.778,"NaN"].
type sample float64

func (s *sample) UnmarshalJSON(data []byte) error {
	var pair []json.RawMessage
	if err := json.Unmarshal(data, &pair); err != nil {
		return err
	}
	if len(pair) != 2 {
		return fmt.Errorf("a sample has %d parts, not 2", len(pair))
	}
	var text string
	if err := json.Unmarshal(pair[1], &text); err != nil {
		return err
	}
	number, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return fmt.Errorf("%q is no number", fact.Name(text))
	}
	*s = sample(number)
	return nil
}

// numbers returns those of a vector or a scalar. Of other answers it says what to do.
func (a *answer) numbers(asked string) ([]float64, error) {
	if a.Status != "success" {
		return nil, connect.Garbled(asked, "Prometheus answers %q: %s", fact.Name(a.Status), fact.Text(a.ErrorType+": "+a.Error))
	}
	switch a.Data.ResultType {
	case "scalar":
		var one sample
		if err := json.Unmarshal(a.Data.Result, &one); err != nil {
			return nil, connect.Garbled(asked, "the scalar is not what Prometheus documents: %v", err)
		}
		return []float64{float64(one)}, nil
	case "vector":
		var all []series
		if err := json.Unmarshal(a.Data.Result, &all); err != nil {
			return nil, connect.Garbled(asked, "the vector is not what Prometheus documents: %v", err)
		}
		numbers := make([]float64, len(all))
		for i := range all {
			if all[i].Value == nil {
				return nil, connect.Wrong("the query gives a histogram; put histogram_quantile() or another function that gives a number around it")
			}
			numbers[i] = float64(*all[i].Value)
		}
		return numbers, nil
	case "matrix":
		return nil, connect.Wrong("the query gives a range of time; take the [5m] off its end or put a function such as rate() around it")
	case "string":
		return nil, connect.Wrong("the query gives a text; it has to give a number")
	}
	return nil, connect.Garbled(asked, "the result type %q is none that Prometheus documents", fact.Name(a.Data.ResultType))
}

// finite tells numbers from those that only say that there is none.
func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

package file

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/source"
)

// limits are those of a file of facts in YAML: single and large.
var limits = source.Limits{Bytes: 16 << 20, Depth: 64, Nodes: 2_000_000, Keys: 5_000, Documents: 2}

// yaml reads the same object as json does, by the reader that descriptors have: what YAML
// would silently allow, such as a key twice, is refused.
func (r *reading) yaml(name string, data []byte) error {
	docs, found := source.Decode(name, data, limits)
	for _, d := range found {
		if d.Severity == diag.Error {
			return fmt.Errorf("line %d: %s", d.Span.Start.Line, d.Message)
		}
	}
	if len(docs) != 1 || docs[0].Root.Kind() != source.Map {
		return errors.New("it has to be one document, a map with lists of facts")
	}
	object, err := json.Marshal(docs[0].Root.Value())
	if err != nil {
		return err
	}
	return r.json(object)
}

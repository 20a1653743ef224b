package apispec

import (
	"github.com/signpost-dev/signpost/pkg/source"
)

func (r *reader) asyncapi(root *source.Node) *Spec { return nil }
func (r *reader) graphql(data []byte) *Spec        { return nil }
func (r *reader) protobuf(data []byte) *Spec       { return nil }

package backstage

import (
	"encoding/json"
	"slices"

	"github.com/signpost-dev/signpost/pkg/source"
)

// A tree is what a YAML document holds, in the order of writing: object, []any,
// string, number, bool or nil. Unlike a source.Node it can be taken apart: what
// the conversion takes out has found a home, and the rest is preserved.

// object is a map of a tree.
type object []field

type field struct {
	key   string
	value any
}

// number is a number as it was written.
type number string

// treeOf copies the value of a node.
func treeOf(n *source.Node) any {
	switch n.Kind() {
	case source.Map:
		o := make(object, 0, len(n.Children()))
		for _, c := range n.Children() {
			o = append(o, field{c.Name(), treeOf(c)})
		}
		return o
	case source.List:
		list := make([]any, 0, len(n.Children()))
		for _, c := range n.Children() {
			list = append(list, treeOf(c))
		}
		return list
	case source.Number:
		// A number that our own descriptors would not hold as it stands, such as
		// 0644, is kept as text.
		if n.Value() == json.Number(n.Text()) {
			return number(n.Text())
		}
		return n.Text()
	case source.Bool:
		return n.Value()
	case source.String:
		return n.Text()
	}
	return nil
}

// get returns the value of a key, or nil.
func (o object) get(key string) any {
	if i := o.index(key); i >= 0 {
		return o[i].value
	}
	return nil
}

func (o object) index(key string) int {
	return slices.IndexFunc(o, func(f field) bool { return f.key == key })
}

// take removes a key and returns its value, or nil.
func (o *object) take(key string) any {
	i := o.index(key)
	if i < 0 {
		return nil
	}
	v := (*o)[i].value
	*o = slices.Delete(*o, i, i+1)
	return v
}

// set gives a key a value, at the end if it is new.
func (o *object) set(key string, value any) {
	if i := o.index(key); i >= 0 {
		(*o)[i].value = value
		return
	}
	*o = append(*o, field{key, value})
}

// text returns a scalar as text, and whether it is one. Null is none.
func text(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case number:
		return string(v), true
	case bool:
		if v {
			return "true", true
		}
		return "false", true
	}
	return "", false
}

// texts returns the scalars of a list, or a lone scalar as a list of one, as
// people often write it; ok is false if there is anything else in it.
func texts(v any) (all []string, ok bool) {
	list, isList := v.([]any)
	if !isList {
		list = []any{v}
	}
	for _, item := range list {
		s, scalar := text(item)
		if !scalar {
			return nil, false
		}
		all = append(all, s)
	}
	return all, true
}

// isEmpty reports whether a value says nothing.
func isEmpty(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []any:
		return len(v) == 0
	case object:
		return len(v) == 0
	}
	return false
}

// list turns texts into a list of a tree.
func list(all []string) []any {
	l := make([]any, 0, len(all))
	for _, s := range all {
		l = append(l, s)
	}
	return l
}

package htmlexec

import (
	"fmt"
	"reflect"
	"sync/atomic"
	"text/template/parse"
)

// expr is a value that depends on the dot and the variables.
type expr func(s *state, dot reflect.Value) (reflect.Value, error)

// pipeline compiles the value of a pipeline. declares says that the caller sees to the
// variables which it declares.
func (c *compiler) pipeline(p *parse.PipeNode, declares bool) (expr, error) {
	if len(p.Decl) > 1 && !declares {
		return nil, unknown("%s", p)
	}
	return c.commands(p.Cmds)
}

// commands compiles a | b | c: each value is the last argument of the next command.
func (c *compiler) commands(cmds []*parse.CommandNode) (expr, error) {
	var value expr
	for _, cmd := range cmds {
		next, err := c.command(cmd, value)
		if err != nil {
			return nil, err
		}
		value = next
	}
	return value, nil
}

func (c *compiler) command(cmd *parse.CommandNode, last expr) (expr, error) {
	id, isFunction := cmd.Args[0].(*parse.IdentifierNode)
	if !isFunction {
		if len(cmd.Args) > 1 || last != nil {
			return nil, unknown("arguments of %s", cmd)
		}
		return c.arg(cmd.Args[0])
	}
	var args []expr
	for _, a := range cmd.Args[1:] {
		arg, err := c.arg(a)
		if err != nil {
			return nil, err
		}
		args = append(args, arg)
	}
	if last != nil {
		args = append(args, last)
	}
	return c.function(id.Ident, args)
}

// arg compiles an operand.
func (c *compiler) arg(n parse.Node) (expr, error) {
	switch n := n.(type) {
	case *parse.DotNode:
		return func(_ *state, dot reflect.Value) (reflect.Value, error) { return dot, nil }, nil
	case *parse.FieldNode:
		return fields(func(_ *state, dot reflect.Value) (reflect.Value, error) { return dot, nil }, n.Ident), nil
	case *parse.VariableNode:
		slot, err := c.slot(n.Ident[0])
		return fields(func(s *state, _ reflect.Value) (reflect.Value, error) { return s.variables[s.frame+slot], nil }, n.Ident[1:]), err
	case *parse.ChainNode:
		of, err := c.arg(n.Node)
		return fields(of, n.Field), err
	case *parse.PipeNode:
		return c.pipeline(n, false)
	case *parse.IdentifierNode:
		return c.function(n.Ident, nil)
	case *parse.StringNode:
		return constant(n.Text), nil
	case *parse.BoolNode:
		return constant(n.True), nil
	case *parse.NumberNode:
		if n.IsInt {
			return constant(int(n.Int64)), nil
		}
	}
	return nil, unknown("%s", n)
}

func constant(v any) expr {
	value := reflect.ValueOf(v)
	return func(*state, reflect.Value) (reflect.Value, error) { return value, nil }
}

// fields compiles .A.B.C of a value.
func fields(of expr, names []string) expr {
	for _, name := range names {
		inner, f := of, &field{name: name}
		of = func(s *state, dot reflect.Value) (reflect.Value, error) {
			v, err := inner(s, dot)
			if err != nil {
				return reflect.Value{}, err
			}
			return f.of(v)
		}
	}
	return of
}

// field is a field or method of a name. It remembers how it is reached in values of the
// types that it has met: most places in a template meet one or two.
type field struct {
	name  string
	known atomic.Pointer[[]*access]
}

// access is the way to a field or method in values of a type.
type access struct {
	of     reflect.Type
	method int   // its number; -1 for a field
	index  []int // of the field, through embedded structs
}

func (f *field) of(v reflect.Value) (reflect.Value, error) {
	if v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if !v.IsValid() {
		return v, fmt.Errorf("field %s of nothing", f.name)
	}
	a, err := f.in(v.Type())
	if err != nil {
		return reflect.Value{}, err
	}
	if a.method >= 0 {
		return result(v.Method(a.method).Call(nil))
	}
	for _, i := range a.index {
		if v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return reflect.Value{}, fmt.Errorf("field %s of a nil pointer", f.name)
			}
			v = v.Elem()
		}
		v = v.Field(i)
	}
	return v, nil
}

// in returns the way to the field in values of a type.
func (f *field) in(t reflect.Type) (*access, error) {
	known := f.known.Load()
	if known != nil {
		for _, a := range *known {
			if a.of == t {
				return a, nil
			}
		}
	}
	a, err := accessTo(t, f.name)
	if err != nil {
		return nil, err
	}
	all := []*access{a}
	if known != nil {
		all = append(all, *known...)
	}
	f.known.Store(&all) // another goroutine's may be lost, and is found again
	return a, nil
}

func accessTo(t reflect.Type, name string) (*access, error) {
	if m, ok := t.MethodByName(name); ok {
		if m.Type.NumIn() != 1 {
			return nil, fmt.Errorf("method %s of %s has arguments", name, t)
		}
		return &access{of: t, method: m.Index}, nil
	}
	base := t
	if t.Kind() == reflect.Pointer {
		base = t.Elem()
	}
	if base.Kind() == reflect.Struct {
		if f, ok := base.FieldByName(name); ok && f.IsExported() {
			return &access{of: t, method: -1, index: f.Index}, nil
		}
	}
	return nil, fmt.Errorf("%s has no field or method %s", t, name)
}

// result takes what a function has returned apart: a value, and perhaps an error.
func result(out []reflect.Value) (reflect.Value, error) {
	if len(out) == 2 && !out[1].IsNil() {
		return reflect.Value{}, out[1].Interface().(error)
	}
	return out[0], nil
}

// indirect follows interfaces and pointers to what they hold.
func indirect(v reflect.Value) reflect.Value {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	return v
}

// isTrue is what text/template takes for true: what is not the zero value, for structs
// all, for lists those that are not empty.
func isTrue(v reflect.Value) bool {
	if v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Invalid:
		return false
	case reflect.Bool:
		return v.Bool()
	case reflect.String, reflect.Slice, reflect.Array, reflect.Map:
		return v.Len() > 0
	case reflect.Struct:
		return true
	}
	return !v.IsZero()
}

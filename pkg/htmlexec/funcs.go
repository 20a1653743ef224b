package htmlexec

import (
	"cmp"
	"errors"
	"fmt"
	"html/template"
	"reflect"
	"time"
)

// function compiles the call of a function: one of the language, or one of the set's
// FuncMap.
func (c *compiler) function(name string, args []expr) (expr, error) {
	switch name {
	case "and":
		return firstThat(args, false), nil
	case "or":
		return firstThat(args, true), nil
	case "not":
		return one(args, func(v reflect.Value) (any, error) { return !isTrue(v), nil })
	case "len":
		return one(args, length)
	case "eq":
		return compared(args, func(n int) bool { return n == 0 })
	case "ne":
		return compared(args, func(n int) bool { return n != 0 })
	case "lt":
		return compared(args, func(n int) bool { return n < 0 })
	case "le":
		return compared(args, func(n int) bool { return n <= 0 })
	case "gt":
		return compared(args, func(n int) bool { return n > 0 })
	case "ge":
		return compared(args, func(n int) bool { return n >= 0 })
	}
	f, ok := c.funcs[name]
	if !ok {
		return nil, unknown("function %s", name)
	}
	return own(name, f, args)
}

// firstThat is `or` (the first value that is true) and `and` (the first that is not);
// the last one failing that.
func firstThat(args []expr, wanted bool) expr {
	return func(s *state, dot reflect.Value) (v reflect.Value, err error) {
		for _, a := range args {
			if v, err = a(s, dot); err != nil || isTrue(v) == wanted {
				return v, err
			}
		}
		return v, nil
	}
}

func one(args []expr, f func(v reflect.Value) (any, error)) (expr, error) {
	if len(args) != 1 {
		return nil, unknown("a function of one argument with %d", len(args))
	}
	return func(s *state, dot reflect.Value) (reflect.Value, error) {
		v, err := args[0](s, dot)
		if err != nil {
			return v, err
		}
		result, err := f(v)
		return reflect.ValueOf(result), err
	}, nil
}

func length(v reflect.Value) (any, error) {
	v = indirect(v)
	switch v.Kind() {
	case reflect.String, reflect.Slice, reflect.Array, reflect.Map:
		return v.Len(), nil
	}
	return nil, fmt.Errorf("len of a %s", v.Kind())
}

var yes, no = reflect.ValueOf(true), reflect.ValueOf(false)

// compared compares two texts or two whole numbers.
func compared(args []expr, holds func(order int) bool) (expr, error) {
	if len(args) != 2 {
		return nil, unknown("a comparison of %d values", len(args))
	}
	return func(s *state, dot reflect.Value) (reflect.Value, error) {
		a, err := args[0](s, dot)
		if err != nil {
			return a, err
		}
		b, err := args[1](s, dot)
		if err != nil {
			return b, err
		}
		a, b = indirect(a), indirect(b)
		order := 0
		switch {
		case a.Kind() == reflect.String && b.Kind() == reflect.String:
			order = cmp.Compare(a.String(), b.String())
		case a.CanInt() && b.CanInt():
			order = cmp.Compare(a.Int(), b.Int())
		default:
			return reflect.Value{}, fmt.Errorf("comparing a %s with a %s", a.Kind(), b.Kind())
		}
		if holds(order) {
			return yes, nil
		}
		return no, nil
	}, nil
}

// own compiles the call of a function of the FuncMap. Those of the most frequent forms
// are called as they are, all others by reflection.
func own(name string, f any, args []expr) (expr, error) {
	switch f := f.(type) {
	case func(string) bool:
		return ownOne(args, reflect.Value.String, f)
	case func(string) string:
		return ownOne(args, reflect.Value.String, f)
	case func(string) template.HTML:
		return ownOne(args, reflect.Value.String, f)
	case func(string) template.HTMLAttr:
		return ownOne(args, reflect.Value.String, f)
	case func(time.Time) string:
		return ownOne(args, func(v reflect.Value) time.Time { return v.Interface().(time.Time) }, f)
	case Func:
		return called(args, f)
	}
	v := reflect.ValueOf(f)
	t := v.Type()
	if t.IsVariadic() || t.NumIn() != len(args) {
		return nil, unknown("%s with %d arguments", name, len(args))
	}
	return called(args, func(in []reflect.Value) (reflect.Value, error) {
		for i, a := range in {
			if !a.IsValid() {
				return a, fmt.Errorf("%s of nothing", name)
			}
			if a.Kind() == reflect.Interface && t.In(i).Kind() != reflect.Interface {
				a = a.Elem()
			}
			if !a.Type().AssignableTo(t.In(i)) {
				return a, fmt.Errorf("argument %d of %s is a %s, not a %s", i+1, name, a.Type(), t.In(i))
			}
			in[i] = a
		}
		return result(v.Call(in))
	})
}

// Func is a function that takes its arguments as they are, for those that are called
// often and have another form than the usual ones. See [Func1].
type Func func(args []reflect.Value) (reflect.Value, error)

// Writer is a function of one argument whose result is safe HTML, which it appends to
// out. It can only be called where that is written between tags.
type Writer func(out []byte, arg reflect.Value) ([]byte, error)

// Func1 makes a Func of a function of one argument.
func Func1[A, R any](f func(A) R) Func {
	return func(args []reflect.Value) (reflect.Value, error) {
		if len(args) == 1 && args[0].IsValid() {
			if a, ok := args[0].Interface().(A); ok {
				return reflect.ValueOf(f(a)), nil
			}
		}
		return reflect.Value{}, errArgument
	}
}

var errArgument = errors.New("a function was given something else than its argument")

func called(args []expr, f Func) (expr, error) {
	return func(s *state, dot reflect.Value) (reflect.Value, error) {
		in := make([]reflect.Value, len(args))
		for i, a := range args {
			v, err := a(s, dot)
			if err != nil {
				return v, err
			}
			in[i] = v
		}
		return f(in)
	}, nil
}

func ownOne[A, R any](args []expr, read func(reflect.Value) A, f func(A) R) (expr, error) {
	if len(args) != 1 {
		return nil, unknown("a function of one argument with %d", len(args))
	}
	want := reflect.TypeFor[A]()
	return func(s *state, dot reflect.Value) (reflect.Value, error) {
		v, err := args[0](s, dot)
		if err != nil {
			return v, err
		}
		if v.Kind() == reflect.Interface {
			v = v.Elem()
		}
		if !v.IsValid() || v.Type() != want {
			return v, errArgument
		}
		return reflect.ValueOf(f(read(v))), nil
	}, nil
}

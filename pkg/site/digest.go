package site

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"reflect"
	"sync"
	"time"

	"github.com/signpost-dev/signpost/pkg/cache"
)

// digestOf returns the digest of a page that has been worked out: of every field of its
// view, those without a name outside included. A page depends on nothing else, beside the
// templates and what all pages share. So a page need not say what it depends on, and
// cannot forget to.
func digestOf(p Page, more ...string) cache.Digest {
	d := digesters.Get().(*digester)
	defer digesters.Put(d)
	d.sum.Reset()
	d.buffer = d.buffer[:0]
	writerOf(reflect.TypeFor[Page]())(d, reflect.ValueOf(p))
	for _, s := range more {
		d.text(s)
	}
	d.flush()
	return cache.Digest(d.sum.Sum(nil)[:len(cache.Digest{})])
}

var digesters = sync.Pool{New: func() any { return &digester{sum: sha256.New()} }}

// digester collects values and hashes them a few kilobytes at a time.
type digester struct {
	sum    hash.Hash
	buffer []byte
}

func (d *digester) flush() {
	d.sum.Write(d.buffer)
	d.buffer = d.buffer[:0]
}

func (d *digester) number(n uint64) {
	if len(d.buffer) > 8<<10 {
		d.flush()
	}
	d.buffer = binary.AppendUvarint(d.buffer, n)
}

// text writes a text with its length, so that "ab", "c" differs from "a", "bc".
func (d *digester) text(s string) {
	d.number(uint64(len(s)))
	d.buffer = append(d.buffer, s...)
}

// valueWriter writes a value of one type.
type valueWriter func(d *digester, v reflect.Value)

var valueWriters sync.Map // reflect.Type → valueWriter

// writerOf returns what writes values of a type. It is put together once for each.
func writerOf(t reflect.Type) valueWriter {
	if w, ok := valueWriters.Load(t); ok {
		return w.(valueWriter)
	}
	w, _ := valueWriters.LoadOrStore(t, newWriter(t))
	return w.(valueWriter)
}

var timeType = reflect.TypeFor[time.Time]()

func newWriter(t reflect.Type) valueWriter {
	if t == timeType {
		return func(d *digester, v reflect.Value) {
			// Fields of views are times of their own, so they can be read as such.
			at := v.Interface().(time.Time)
			name, offset := at.Zone()
			d.number(uint64(at.Unix()))
			d.number(uint64(offset))
			d.text(name)
		}
	}
	switch t.Kind() {
	case reflect.String:
		return func(d *digester, v reflect.Value) { d.text(v.String()) }
	case reflect.Bool:
		return func(d *digester, v reflect.Value) {
			if v.Bool() {
				d.number(1)
			} else {
				d.number(0)
			}
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(d *digester, v reflect.Value) { d.number(uint64(v.Int())) }
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return func(d *digester, v reflect.Value) { d.number(v.Uint()) }
	case reflect.Slice, reflect.Array:
		return listWriter(t.Elem())
	case reflect.Pointer:
		return pointerWriter(t.Elem())
	case reflect.Interface:
		return func(d *digester, v reflect.Value) {
			if v.IsNil() {
				d.number(0)
				return
			}
			d.text(v.Elem().Type().String())
			writerOf(v.Elem().Type())(d, v.Elem())
		}
	case reflect.Struct:
		return structWriter(t)
	}
	panic(fmt.Sprintf("site: a view may not hold a %s", t)) // a map has no order, a function no value
}

func listWriter(of reflect.Type) valueWriter {
	var element valueWriter
	var once sync.Once // types may hold themselves
	return func(d *digester, v reflect.Value) {
		once.Do(func() { element = writerOf(of) })
		d.number(uint64(v.Len()))
		for i := range v.Len() {
			element(d, v.Index(i))
		}
	}
}

func pointerWriter(of reflect.Type) valueWriter {
	var target valueWriter
	var once sync.Once
	return func(d *digester, v reflect.Value) {
		once.Do(func() { target = writerOf(of) })
		if v.IsNil() {
			d.number(0)
			return
		}
		d.number(1)
		target(d, v.Elem())
	}
}

func structWriter(t reflect.Type) valueWriter {
	fields := make([]valueWriter, t.NumField())
	for i := range fields {
		fields[i] = writerOf(t.Field(i).Type)
	}
	return func(d *digester, v reflect.Value) {
		for i, write := range fields {
			write(d, v.Field(i))
		}
	}
}

package cache

import (
	"encoding/binary"
	"errors"
)

// Encoder writes the values of a record one after the other. The zero Encoder is ready.
type Encoder struct{ Data []byte }

// Uint writes a number that is not negative.
func (e *Encoder) Uint(n int) { e.Data = binary.AppendUvarint(e.Data, uint64(n)) }

// Int writes a number.
func (e *Encoder) Int(n int) { e.Data = binary.AppendVarint(e.Data, int64(n)) }

// Bool writes true or false.
func (e *Encoder) Bool(b bool) {
	n := 0
	if b {
		n = 1
	}
	e.Uint(n)
}

// String writes a text.
func (e *Encoder) String(s string) {
	e.Uint(len(s))
	e.Data = append(e.Data, s...)
}

// Strings writes a list of texts.
func (e *Encoder) Strings(all []string) {
	e.Uint(len(all))
	for _, s := range all {
		e.String(s)
	}
}

// Decoder reads what an Encoder wrote, in the same order. The first error sticks; what is
// read after it is zero.
type Decoder struct {
	Data string // what is still to be read
	Err  error
}

var errDamaged = errors.New("the record is not what it should be")

// Uint reads a number that is not negative.
func (d *Decoder) Uint() int {
	var n uint64
	for i := 0; i < len(d.Data) && i < binary.MaxVarintLen64; i++ {
		c := d.Data[i]
		n |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			d.Data = d.Data[i+1:]
			return int(n)
		}
	}
	d.Fail()
	return 0
}

// Int reads a number.
func (d *Decoder) Int() int {
	n := uint64(d.Uint())
	return int(int64(n>>1) ^ -int64(n&1))
}

// Bool reads true or false.
func (d *Decoder) Bool() bool { return d.Uint() == 1 }

// String reads a text. It is a part of the record, so it takes no memory of its own.
func (d *Decoder) String() string {
	n := d.Uint()
	if n < 0 || n > len(d.Data) {
		d.Fail()
		return ""
	}
	s := d.Data[:n]
	d.Data = d.Data[n:]
	return s
}

// Len reads how many things follow, each of which takes at least a byte.
func (d *Decoder) Len() int {
	n := d.Uint()
	if n < 0 || n > len(d.Data) {
		d.Fail()
		return 0
	}
	return n
}

// Strings reads a list of texts; nil if it is empty.
func (d *Decoder) Strings() []string {
	n := d.Len()
	if n == 0 {
		return nil
	}
	all := make([]string, n)
	for i := range all {
		all[i] = d.String()
	}
	return all
}

// Fail says that what was read makes no sense.
func (d *Decoder) Fail() {
	d.Data = ""
	if d.Err == nil {
		d.Err = errDamaged
	}
}

// Package cache keeps what one run has worked out for the next: one file of records,
// each under a name, that whoever wrote them can read again.
//
// A cache is never trusted further than it can be checked. It says what made it and for
// what (its identity), and one made by another version or for another catalog is as good
// as none; so is one that is damaged, from the damaged record on. Nothing is lost with a
// cache but time.
//
// The package knows nothing of what the records hold: it imports no other package of
// this module.
package cache

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"
)

// magic begins every cache file; the number is that of the format.
const magic = "signpost cache 1\n"

// most is how large a cache file may be. A catalog of 50,000 services needs a quarter.
const most = 4 << 30

// averageRecord is about how many bytes a record has.
const averageRecord = 1 << 10

// table is that of the checksums of records, which processors compute by themselves.
var table = crc32.MakeTable(crc32.Castagnoli)

// Cache is a set of records. A nil Cache holds none and keeps none. Get and Put may be
// called from several goroutines.
type Cache struct {
	Began time.Time // when this run began to read files

	file     string
	identity string
	data     string         // of the file; records are parts of it
	records  map[string]int // name → number
	values   []string       // by number
	used     []atomic.Bool  // by number: whether this run has asked for it
	whole    bool           // the file is good up to its end

	mu     sync.Mutex
	fresh  map[string]bool // names of the records of this run
	buffer []byte          // those records, as far as they are not in spill
	spill  *os.File        // the file to come; nil until the buffer is full
	failed error           // what went wrong on the way
}

// full is how many bytes of new records are kept in memory.
const full = 4 << 20

// Open reads a cache file. What is not there, was not made for the identity or is damaged
// gives an empty cache, or one that ends before the damage.
func Open(file, identity string, began time.Time) *Cache {
	c := &Cache{Began: began, file: file, identity: identity, records: map[string]int{}, fresh: map[string]bool{}}
	f, err := os.Open(file)
	if err != nil {
		return c
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.Size() == 0 || info.Size() > most {
		return c
	}
	data, err := load(f, info.Size())
	if err != nil {
		return c
	}
	c.data = unsafe.String(unsafe.SliceData(data), len(data)) // nobody else has data
	c.read()
	return c
}

// read finds the records in the file.
func (c *Cache) read() {
	header := magic + checked(c.identity)
	if len(c.data) < len(header) || c.data[:len(header)] != header {
		c.data = ""
		return
	}
	at := len(header)
	c.records = make(map[string]int, len(c.data)/averageRecord)
	for at < len(c.data) {
		record, next, ok := cut(c.data, at)
		if !ok {
			break
		}
		name, value, ok := split(record)
		if !ok {
			break
		}
		if n, again := c.records[name]; again {
			c.values[n] = value
		} else {
			c.records[name] = len(c.values)
			c.values = append(c.values, value)
		}
		at = next
	}
	c.used = make([]atomic.Bool, len(c.values))
	c.whole = at == len(c.data)
}

// checked writes a record: its length, its checksum, itself.
func checked(record string) string {
	var head [8]byte
	binary.LittleEndian.PutUint32(head[:4], uint32(len(record)))
	binary.LittleEndian.PutUint32(head[4:], sum(record))
	return string(head[:]) + record
}

func sum(s string) uint32 { return crc32.Checksum(unsafe.Slice(unsafe.StringData(s), len(s)), table) }

// cut returns the record at a place, if it is whole.
func cut(data string, at int) (record string, next int, ok bool) {
	if len(data)-at < 8 {
		return "", 0, false
	}
	head := []byte(data[at : at+8])
	n, want := int(binary.LittleEndian.Uint32(head)), binary.LittleEndian.Uint32(head[4:])
	at += 8
	if n > len(data)-at {
		return "", 0, false
	}
	record = data[at : at+n]
	return record, at + n, sum(record) == want
}

// split takes a record apart into name and value.
func split(record string) (name, value string, ok bool) {
	d := Decoder{Data: record}
	name = d.String()
	return name, d.Data, d.Err == nil
}

// Get returns a record of the run before. The value must not be kept beyond this run's
// end in another form than as it is: it is a part of the whole file.
func (c *Cache) Get(name string) (value string, ok bool) {
	if c == nil {
		return "", false
	}
	n, ok := c.records[name]
	if !ok {
		return "", false
	}
	c.used[n].Store(true)
	return c.values[n], true
}

// Put keeps a record for the next run.
func (c *Cache) Put(name string, value []byte) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fresh[name] = true
	c.buffer = appendRecord(c.buffer, name, value)
	if len(c.buffer) > full {
		c.flush()
	}
}

// appendRecord appends a record as it is written: length, checksum, name, value.
func appendRecord[V string | []byte](out []byte, name string, value V) []byte {
	start := len(out)
	e := Encoder{Data: append(out, 0, 0, 0, 0, 0, 0, 0, 0)}
	e.String(name)
	out = append(e.Data, value...)
	record := out[start+8:]
	binary.LittleEndian.PutUint32(out[start:], uint32(len(record)))
	binary.LittleEndian.PutUint32(out[start+4:], crc32.Checksum(record, table))
	return out
}

// flush moves the buffer to the file to come. What goes wrong is said by Save.
func (c *Cache) flush() {
	if c.failed == nil && c.spill == nil {
		c.failed = c.begin()
	}
	if c.failed == nil {
		_, c.failed = c.spill.Write(c.buffer)
	}
	c.buffer = c.buffer[:0]
}

// begin makes the file that is to take the place of the present one.
func (c *Cache) begin() (err error) {
	if err := os.MkdirAll(filepath.Dir(c.file), 0o700); err != nil {
		return err
	}
	if c.spill, err = os.CreateTemp(filepath.Dir(c.file), filepath.Base(c.file)+".*"); err != nil {
		return err
	}
	_, err = c.spill.WriteString(magic + checked(c.identity))
	return err
}

// Close lets go of what Save has not kept.
func (c *Cache) Close() {
	if c != nil && c.spill != nil {
		c.spill.Close()
		os.Remove(c.spill.Name()) // there is none if Save has renamed it
		c.spill = nil
	}
}

// Save writes what this run has asked for or put. A few new records are added to the end
// of the file; otherwise it is written anew, without what nobody has asked for.
func (c *Cache) Save() error {
	if c == nil || c.whole && len(c.fresh) == 0 {
		return nil
	}
	var err error
	if c.spill == nil && c.whole && len(c.buffer) < len(c.data)/4 && c.wasted() < len(c.data)/2 {
		err = c.grow()
	} else {
		err = c.rewrite()
	}
	if err != nil {
		return fmt.Errorf("keeping the cache: %w", err)
	}
	return nil
}

// wasted is how many bytes of the file are records that were replaced or not asked for.
func (c *Cache) wasted() int {
	n := len(c.data)
	for i, value := range c.values {
		if c.used[i].Load() {
			n -= len(value)
		}
	}
	return n
}

func (c *Cache) grow() error {
	f, err := os.OpenFile(c.file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if _, err := f.Write(c.buffer); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// rewrite replaces the file whole.
func (c *Cache) rewrite() error {
	defer c.Close()
	c.flush()
	for name, n := range c.records {
		if c.fresh[name] || !c.used[n].Load() {
			continue
		}
		c.buffer = appendRecord(c.buffer, name, c.values[n])
		if len(c.buffer) > full {
			c.flush()
		}
	}
	c.flush()
	if c.failed != nil {
		return c.failed
	}
	if err := c.spill.Close(); err != nil {
		return err
	}
	return os.Rename(c.spill.Name(), c.file)
}

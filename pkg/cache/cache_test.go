package cache

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// run opens the cache, puts what is given, asks for names, saves, and returns what it was told.
func run(t *testing.T, file, identity string, put map[string]string, ask ...string) map[string]string {
	t.Helper()
	c := Open(file, identity, time.Now())
	got := map[string]string{}
	for _, name := range ask {
		if v, ok := c.Get(name); ok {
			got[name] = v
		}
	}
	for name, value := range put {
		c.Put(name, []byte(value))
	}
	if err := c.Save(); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestRecordsComeBack(t *testing.T) {
	file := filepath.Join(t.TempDir(), "below", "cache")
	big := strings.Repeat("x", 10_000)
	run(t, file, "a", map[string]string{"one": "1", "two": big, "": "empty name"})
	if got := run(t, file, "a", map[string]string{"one": "first"}, "one", "two", ""); got["one"] != "1" || got["two"] != big || got[""] != "empty name" {
		t.Errorf("got %.100v", got)
	}
	if got := run(t, file, "a", nil, "one", "two"); got["one"] != "first" || got["two"] != big {
		t.Errorf("after a change: %.100v", got)
	}
}

func TestForeignCacheIsNone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cache")
	run(t, file, "version 1", map[string]string{"one": "1"})
	if got := run(t, file, "version 2", map[string]string{"two": "2"}, "one"); len(got) != 0 {
		t.Errorf("of another version: %v", got)
	}
	if got := run(t, file, "version 2", nil, "one", "two"); len(got) != 1 || got["two"] != "2" {
		t.Errorf("it was not replaced: %v", got)
	}
}

// A few new records are added; what nobody asks for is dropped in time.
func TestCacheGrowsAndShrinks(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cache")
	all := map[string]string{}
	var names []string
	for i := range 100 {
		name := fmt.Sprint(i)
		all[name] = strings.Repeat(name, 100)
		names = append(names, name)
	}
	run(t, file, "a", all)
	before, _ := os.ReadFile(file)
	run(t, file, "a", map[string]string{"7": "seven"}, names...)
	after, _ := os.ReadFile(file)
	if !bytes.HasPrefix(after, before) || len(after) > len(before)+100 {
		t.Errorf("one change made %d bytes of %d", len(after), len(before))
	}
	run(t, file, "a", map[string]string{"new": "x"}, "1", "2") // most are not asked for
	last, _ := os.ReadFile(file)
	if len(last) > len(before)/10 {
		t.Errorf("%d bytes are left of %d", len(last), len(before))
	}
	if got := run(t, file, "a", nil, "1", "2", "3", "new"); len(got) != 3 {
		t.Errorf("left are %v", got)
	}
}

// Whatever happens to the file, a record is as it was written or not there.
func TestDamage(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cache")
	want := map[string]string{"one": "1", "two": strings.Repeat("2", 50), "three": "3"}
	run(t, file, "a", want)
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	damage := func(name string, data []byte) {
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		for name, value := range run(t, file, "a", nil, "one", "two", "three") {
			if value != want[name] {
				t.Errorf("%s: %s is %q", name, name, value)
			}
		}
		run(t, file, "a", want)
		if got := run(t, file, "a", nil, "one", "two", "three"); len(got) != 3 {
			t.Errorf("%s: not mended, left are %v", name, got)
		}
	}
	for i := range good {
		damage(fmt.Sprintf("cut at %d", i), good[:i])
		flipped := bytes.Clone(good)
		flipped[i] ^= 0x10
		damage(fmt.Sprintf("flipped at %d", i), flipped)
	}
	damage("more", append(bytes.Clone(good), "garbage that is no record"...))
}

func TestNilCache(t *testing.T) {
	var c *Cache
	c.Put("x", nil)
	if _, ok := c.Get("x"); ok || c.Save() != nil {
		t.Error("a nil cache holds something")
	}
}

func TestCodec(t *testing.T) {
	at := time.Unix(5, 7)
	f := Fingerprint{Stamp{3, at}, at.Add(time.Minute), DigestOf([]byte("x"))}
	var e Encoder
	e.Uint(300)
	e.Int(-70_000)
	e.Bool(true)
	e.String("héllo")
	e.Strings([]string{"a", "", "b"})
	f.Encode(&e)
	e.Strings(nil)
	d := Decoder{Data: string(e.Data)}
	if n, i, b, s, all := d.Uint(), d.Int(), d.Bool(), d.String(), d.Strings(); n != 300 || i != -70_000 || !b || s != "héllo" || len(all) != 3 {
		t.Error(n, i, b, s, all)
	}
	if got := d.Fingerprint(); !got.Modified.Equal(f.Modified) || !got.Seen.Equal(f.Seen) || got.Digest != f.Digest || got.Size != f.Size {
		t.Errorf("got %v, want %v", got, f)
	}
	if d.Strings() != nil || d.Err != nil || d.Data != "" {
		t.Error("the end is not the end", d)
	}
	for n := range e.Data { // cut anywhere, it fails and never panics
		d := Decoder{Data: string(e.Data[:n])}
		d.Uint()
		d.Int()
		d.Bool()
		_ = d.String()
		d.Strings()
		d.Fingerprint()
		d.Strings()
		if d.Err == nil {
			t.Errorf("cut at %d: no error", n)
		}
	}
}

func TestSame(t *testing.T) {
	at := time.Unix(1000, 0)
	f := Fingerprint{Stamp: Stamp{5, at}, Seen: at.Add(time.Hour)}
	if !f.Same(Stamp{5, at}) || f.Same(Stamp{6, at}) || f.Same(Stamp{5, at.Add(1)}) {
		t.Error("stamps are compared wrongly")
	}
	f.Seen = at.Add(time.Second)
	if f.Same(Stamp{5, at}) {
		t.Error("a file that was read right after it was written is taken to be the same")
	}
}

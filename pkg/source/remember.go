package source

import (
	"github.com/signpost-dev/signpost/pkg/cache"
)

// Remember lets the tree keep what is made of its files for the next run. Like Prefix it
// is called before all else.
func (t *Tree) Remember(c *cache.Cache) { t.memory = c }

// Remembers reports whether anything is kept for the next run, so that it is worth the
// while to prepare it.
func (t *Tree) Remembers() bool { return t.memory != nil }

// Kept is what an earlier run has kept of a file.
type Kept struct {
	cache.Decoder
	Digest cache.Digest // of the file
}

// Recall returns what an earlier run has kept of a file under the name of its kind, if
// the file still holds what it held: its size and time say so, or else its content.
func (t *Tree) Recall(kind string, f File, limit int64) (k Kept, ok bool) {
	value, ok := t.memory.Get(kind + f.Path)
	if !ok {
		return k, false
	}
	k.Data = value
	print := k.Fingerprint()
	k.Digest = print.Digest
	if k.Err != nil {
		return k, false
	}
	if print.Same(stamp(f)) {
		return k, true
	}
	if print.Size != f.Size {
		return k, false
	}
	data, err := t.Read(f.Path, limit)
	if err != nil || cache.DigestOf(data) != print.Digest {
		return k, false
	}
	t.Keep(kind, f, print.Digest, []byte(k.Data))
	return k, true
}

// Keep keeps something of a file for later runs. digest is that of the content that it
// was made of.
func (t *Tree) Keep(kind string, f File, digest cache.Digest, value []byte) {
	if t.memory == nil {
		return
	}
	e := cache.Encoder{Data: make([]byte, 0, len(value)+64)}
	cache.Fingerprint{Stamp: stamp(f), Seen: t.memory.Began, Digest: digest}.Encode(&e)
	t.memory.Put(kind+f.Path, append(e.Data, value...))
}

func stamp(f File) cache.Stamp { return cache.Stamp{Size: f.Size, Modified: f.Modified} }

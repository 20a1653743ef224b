package cache

import (
	"crypto/sha256"
	"time"
)

// Digest tells contents apart: the first half of their SHA-256.
type Digest [16]byte

// DigestOf returns the digest of a content.
func DigestOf(data []byte) Digest {
	sum := sha256.Sum256(data)
	return Digest(sum[:16])
}

// Stamp is what tells, without reading it, that a file has not changed.
type Stamp struct {
	Size     int64
	Modified time.Time
}

// settled is how long a file must have lain unchanged when it was read, so that a later
// change cannot have left its stamp as it was: clocks of file systems are coarse.
const settled = 2 * time.Second

// Fingerprint is what a record says of the file that it was made of.
type Fingerprint struct {
	Stamp
	Seen   time.Time // when the file was read, or a little before
	Digest Digest
}

// Same reports whether a file with a stamp certainly holds what it held.
func (f Fingerprint) Same(now Stamp) bool {
	return f.Size == now.Size && f.Modified.Equal(now.Modified) && f.Modified.Add(settled).Before(f.Seen)
}

// Encode writes the fingerprint.
func (f Fingerprint) Encode(e *Encoder) {
	e.Uint(int(f.Size))
	e.Int(int(f.Modified.UnixNano()))
	e.Int(int(f.Seen.UnixNano()))
	e.Data = append(e.Data, f.Digest[:]...)
}

// Fingerprint reads a fingerprint.
func (d *Decoder) Fingerprint() Fingerprint {
	f := Fingerprint{Stamp: Stamp{Size: int64(d.Uint()), Modified: time.Unix(0, int64(d.Int()))}, Seen: time.Unix(0, int64(d.Int()))}
	if len(d.Data) < len(f.Digest) {
		d.Fail()
		return f
	}
	copy(f.Digest[:], d.Data)
	d.Data = d.Data[len(f.Digest):]
	return f
}

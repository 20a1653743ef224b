package generate

// random is SplitMix64 (Steele, Lea, Flood 2014): small, and the same everywhere and
// in every version of Go, which the generators of the standard library do not promise.
type random uint64

// randomFor returns the numbers of one thing. They depend on nothing else, so that a
// larger catalog begins with the same documents.
func randomFor(what uint64, i int) *random {
	r := random(what<<32 ^ uint64(i)*0x9e3779b97f4a7c15)
	r.next()
	return &r
}

func (r *random) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below returns a number from 0 to n-1.
func (r *random) below(n int) int { return int(r.next() % uint64(n)) }

// between returns a number from lo to hi.
func (r *random) between(lo, hi int) int { return lo + r.below(hi-lo+1) }

// fraction returns a number from 0 to 1, without 1.
func (r *random) fraction() float64 { return float64(r.next()>>11) / (1 << 53) }

func (r *random) of(words []string) string { return words[r.below(len(words))] }

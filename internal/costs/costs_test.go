package costs

import (
	"strings"
	"testing"
	"time"
)

// recorder notes what a test would have failed for.
type recorder struct {
	testing.TB
	said []string
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, _ ...any) { r.said = append(r.said, format) }

func TestWithin(t *testing.T) {
	spin := func() {
		for end := threadTime() + 20*time.Millisecond; threadTime() < end; {
		}
	}
	var kept []byte
	tests := map[string]struct {
		limit Limit
		work  func()
		want  string
	}{
		"little":      {Limit{Time: time.Second, Bytes: 1 << 20}, func() {}, ""},
		"too long":    {Limit{Time: 20 * time.Millisecond / raceFactor / 2}, spin, "took"},
		"too large":   {Limit{Time: time.Second, Bytes: 1 << 20}, func() { kept = make([]byte, 4<<20) }, "allocated"},
		"only waited": {Limit{Time: 20 * time.Millisecond}, func() { time.Sleep(50 * time.Millisecond * raceFactor / 2) }, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			r := &recorder{TB: t}
			Within(r, name, tt.limit, tt.work)
			if got := strings.Join(r.said, "\n"); (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
				t.Errorf("said %q, want a word of %q", got, tt.want)
			}
		})
	}
	_ = kept
}

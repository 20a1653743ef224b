package main

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// timings is how long each stage of a run took. A nil *timings notes nothing.
type timings struct {
	mu     sync.Mutex
	began  time.Time
	stages []stage
}

type stage struct {
	name string
	took time.Duration
}

func newTimings(wanted bool) *timings {
	if !wanted {
		return nil
	}
	return &timings{began: time.Now()}
}

// note notes a stage. Stages may overlap: the search index is written beside others.
func (t *timings) note(name string, took time.Duration) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stages = append(t.stages, stage{name, took})
}

// since notes a stage that began at an instant and ends now.
func (t *timings) since(name string, began time.Time) { t.note(name, time.Since(began)) }

func (t *timings) print(w io.Writer) {
	if t == nil {
		return
	}
	fmt.Fprintf(w, "%-28s %9s\n", "stage", "ms")
	for _, s := range t.stages {
		fmt.Fprintf(w, "%-28s %9.1f\n", s.name, float64(s.took.Microseconds())/1000)
	}
	fmt.Fprintf(w, "%-28s %9.1f\n", "in all", float64(time.Since(t.began).Microseconds())/1000)
}

package parallel

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
)

func TestEach(t *testing.T) {
	done := make([]atomic.Int32, 1000)
	if err := Each(t.Context(), len(done), func(i int) error { done[i].Add(1); return nil }); err != nil {
		t.Fatal(err)
	}
	for i := range done {
		if n := done[i].Load(); n != 1 {
			t.Errorf("%d was done %d times", i, n)
		}
	}
	if err := Each(t.Context(), 0, nil); err != nil {
		t.Error(err)
	}
}

func TestEachStops(t *testing.T) {
	wrong := errors.New("wrong")
	var begun atomic.Int32
	err := Each(t.Context(), 1_000_000, func(i int) error {
		if begun.Add(1) == 5 {
			return wrong
		}
		return nil
	})
	if !errors.Is(err, wrong) || begun.Load() > 100_000 {
		t.Errorf("got %v after %d pieces of work", err, begun.Load())
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Each(ctx, 10, func(int) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled, got %v", err)
	}
}

// Package parallel does one piece of work for each of many things, on all cores.
//
// It exists so that this is done in one way: by as many goroutines as there are cores,
// each of which takes the next thing when it is done with one. A goroutine for each thing
// would have to grow its stack for each anew, which for the files of a large catalog is a
// twentieth of the time of a check.
package parallel

import (
	"context"
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// Each calls work for every number below n, several at a time. It returns the first
// error, after which no more work is begun, or the context's.
func Each(ctx context.Context, n int, work func(i int) error) error {
	return EachOf(ctx, runtime.GOMAXPROCS(0), n, work)
}

// EachOf is Each with so many goroutines as it is told, for work that waits for others most
// of the time and needs no core for that.
func EachOf(ctx context.Context, atOnce, n int, work func(i int) error) error {
	group, ctx := errgroup.WithContext(ctx)
	var next atomic.Int64
	for range min(atOnce, n) {
		group.Go(func() error {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return nil
				}
				if err := ctx.Err(); err != nil {
					return err
				}
				if err := work(i); err != nil {
					return err
				}
			}
		})
	}
	return group.Wait()
}

// All is Each for work that is so short that nobody ends it, and that cannot fail.
func All(n int, work func(i int)) {
	_ = Each(context.Background(), n, func(i int) error { // neither of which errors come from
		work(i)
		return nil
	})
}

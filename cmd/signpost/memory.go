package main

import (
	"os"
	"runtime/debug"

	"github.com/signpost-dev/signpost/pkg/source"
)

// What memory a run may take before the garbage collector works hard: some for us, and
// some for every byte of source. What is kept of a catalog is about half of that. With a
// larger growth the collector would run less while descriptors are read, but what is kept
// of them would lie scattered between what was not: a third of the memory would be such
// gaps, and the rest of the build, a seventh longer, short of room.
const (
	memoryBase      = 64 << 20
	memoryForSource = 4   // times its size
	memoryForFacts  = 8   // times the size of the snapshot store, which is all kept
	growth          = 150 // percent
)

// tuneMemory fits the garbage collector to a command that reads a catalog, keeps a part
// of it and ends. GOGC and GOMEMLIMIT of the environment come first.
func tuneMemory(files []source.File, facts int64) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	limit := memoryBase + memoryForFacts*facts
	for _, f := range files {
		if f.Type == source.YAML || f.Type == source.Markdown {
			limit += memoryForSource * f.Size
		}
	}
	debug.SetGCPercent(growth)
	debug.SetMemoryLimit(limit)
}

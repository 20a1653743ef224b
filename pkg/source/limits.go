package source

import "fmt"

// Limits bounds what Decode accepts. Whatever is larger gives a finding of code
// source-limit that names the limit.
type Limits struct {
	Bytes     int64 // of the file
	Depth     int   // levels of lists and maps, one inside the other
	Nodes     int   // values and keys of a file, aliases written out
	Keys      int   // of one map
	Documents int   // of a file
	Aliases   int   // uses of anchors; 0 refuses anchors, aliases and merge keys altogether

	// Foreign marks files that were written for other tools. What is merely
	// doubtful is then accepted in the meaning those tools give it, or is a
	// warning: numbers such as 0644, text with invisible characters.
	Foreign bool
}

// DescriptorLimits is for files written for Signpost.
var DescriptorLimits = Limits{
	Bytes: 1 << 20, Depth: 64, Nodes: 100_000, Keys: 5_000, Documents: 1_000,
}

// SpecLimits is for API specifications: single large documents.
var SpecLimits = Limits{
	Bytes: 16 << 20, Depth: 256, Nodes: 1_000_000, Keys: 50_000, Documents: 1_000, Aliases: 1_000, Foreign: true,
}

// ImportLimits is for descriptors of other tools, such as Backstage or Kubernetes.
var ImportLimits = Limits{
	Bytes: 16 << 20, Depth: 64, Nodes: 100_000, Keys: 5_000, Documents: 1_000, Aliases: 1_000, Foreign: true,
}

// LimitError says that a file is larger than its reader allows.
type LimitError struct {
	Path  string
	Size  int64 // bytes; at least this many
	Limit int64 // bytes
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("%s has %s bytes; the limit is %s", e.Path, grouped(e.Size), size(e.Limit))
}

// Bytes is the size of the file as messages write it: "26,800,000 bytes".
func (e *LimitError) Bytes() string { return grouped(e.Size) + " bytes" }

// size writes a limit in bytes: in MiB if it is whole ones.
func size(n int64) string {
	if n >= 1<<20 && n%(1<<20) == 0 {
		return grouped(n>>20) + " MiB"
	}
	return grouped(n) + " bytes"
}

// grouped writes 1048576 as 1,048,576.
func grouped[T int | int64](n T) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

package mermaid

// What a diagram may hold. One that holds more is shown as its source: nobody could read
// it, and it would cost more than the rest of the page.
const (
	maxSource  = 50_000 // bytes, as in Mermaid itself
	maxNodes   = 300    // boxes, states, participants
	maxEdges   = 500    // lines, transitions; as in Mermaid itself
	maxSteps   = 1_000  // of a sequence: messages, notes and blocks
	maxNesting = 10     // groups in groups, blocks in blocks
	maxText    = 1_000  // characters of a text
	maxActors  = 40     // participants of a sequence
)

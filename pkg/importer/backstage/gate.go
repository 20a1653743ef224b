package backstage

import (
	"strings"

	"github.com/signpost-dev/signpost/pkg/source"
	"github.com/signpost-dev/signpost/schema"
)

// gate asks the schemas what they take, value by value, so that the importer has
// no second opinion on what an e-mail address or a tag is.
type gate struct {
	set   *schema.Set
	known map[string]string // what was asked before → why not, "" if it fits
}

func newGate(set *schema.Set) *gate { return &gate{set: set, known: map[string]string{}} }

// longestAsked is longer than any value that a schema limits; longer ones are
// not kept in memory.
const longestAsked = 1024

// fits reports whether entities of a kind may have a field with this value, and
// says why not.
func (g *gate) fits(kind, key string, value any) (ok bool, why string) {
	o := object{{"apiVersion", apiVersion}, {"kind", kind}, {"name", "x"}}
	if kind != "team" && kind != "person" {
		o.set("owner", "x")
	}
	o.set(key, value)
	text, err := emit(o, int(source.DescriptorLimits.Bytes))
	if err != nil {
		return false, err.Error()
	}
	if why, asked := g.known[string(text)]; asked {
		return why == "", why
	}
	why = g.wrong(kind, text)
	if len(text) < longestAsked {
		g.known[string(text)] = why
	}
	return why == "", why
}

// wrong returns the first finding about a descriptor, or "". Where it stands is
// left out: the descriptor is made up.
func (g *gate) wrong(kind string, text []byte) string {
	docs, found := source.Decode("descriptor", text, source.DescriptorLimits)
	if len(found) > 0 {
		return found[0].Message
	}
	if found = g.set.Check(kind, docs[0].Root); len(found) == 0 {
		return ""
	}
	message := found[0].Message
	if i := strings.LastIndex(message, " must "); i >= 0 {
		return message[i+1:]
	}
	return message
}

package backstage

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"path"
	"strings"
	"unicode"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/source"
)

// order is the order of fields in a descriptor: what it is, who answers for it,
// where it belongs, what it has to do with others, then what is for tools.
var order = []string{
	"name", "namespace", "title", "description", "owner", "type", "lifecycle", "tier", "system", "domain", "parent", "partOf",
	"tags", "aliases", "repository", "channel", "email", "github", "links", "definition", "dependsOn", "provides", "consumes",
	"members", "memberOf", "oncall", "labels", "annotations",
}

// files returns everything that is to be written, by path.
func (c *conversion) files(title string) map[string][]byte {
	files := map[string][]byte{}
	digests := map[string]string{}
	for _, name := range c.copied() {
		data := c.secrets.scrub(c.copies[name])
		files[path.Join(importedFolder, name)] = data
		digests[name] = digestOf(data)
	}
	layout := newLayout()
	layout.arrange(c.accepted)
	for _, e := range c.accepted {
		text := c.render(e, digests[e.file])
		if text == nil {
			continue
		}
		files[e.path] = c.secrets.scrub(text)
		if e.definition != "" {
			files[e.definitionPath] = c.secrets.scrub([]byte(e.definition))
		}
		c.report.Imported = append(c.report.Imported, Imported{
			Ref: e.newRef(), Path: e.path, From: e.ref(), File: e.file, Line: e.line, Preserved: e.kept,
		})
	}
	for i, n := range c.report.Notes {
		c.report.Notes[i].Message = string(c.secrets.scrub([]byte(n.Message)))
	}
	files[catalog.ConfigFile] = portal(title)
	files[manifestFile] = manifestOf(files)
	return files
}

func portal(title string) []byte {
	text, err := emit(object{
		{"apiVersion", apiVersion}, {"title", title}, {"description", "Imported from Backstage."},
	}, int(source.DescriptorLimits.Bytes))
	if err != nil {
		panic(err) // three short lines
	}
	return text
}

func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// newRef is the reference by which the entity is known from now on.
func (e *entity) newRef() string {
	if e.namespace == "" {
		return e.target + ":" + e.newName
	}
	return e.target + ":" + e.namespace + "/" + e.newName
}

// render writes a descriptor such that it can be read back. What makes that
// impossible gives way, step by step, and is reported; nil is for a descriptor
// that is too large without what is preserved, too.
func (c *conversion) render(e *entity, digest string) []byte {
	e.keepRest()
	o := c.document(e, digest)
	text, err := readable(o)
	if err == nil {
		return text
	}
	// Nothing in a descriptor may be invisible; sources are less strict.
	for _, joiners := range []bool{false, true} {
		if errors.Is(err, errTooLarge) {
			break // written out it may be gigabytes
		}
		if text, err := readable(visible(o, joiners).(object)); err == nil {
			c.report.note(Narrowed, e.file, e.line, e.ref(), "characters that cannot be seen were left out")
			return text
		}
	}
	if len(e.preserved) > 0 {
		c.report.note(Unfit, e.file, e.line, e.ref(), "what has no home is too large to be preserved in the descriptor (%s); it stands in the source only", err)
		e.preserved, e.kept = nil, nil
		return c.render(&entity{
			file: e.file, document: e.document, line: e.line, kind: e.kind, kindText: e.kindText, namespace: e.namespace, name: e.name,
			descriptor: e.descriptor,
		}, digest)
	}
	c.report.note(Refused, e.file, e.line, e.ref(), "the descriptor could not be read back: %s", err)
	return nil
}

func (c *conversion) document(e *entity, digest string) object {
	o := object{{"apiVersion", apiVersion}, {"kind", e.target}}
	for _, key := range order {
		if v, ok := e.out[key]; ok {
			o = append(o, field{key, v})
		}
	}
	origin := object{{"format", "backstage"}, {"file", e.file}, {"document", e.document}, {"ref", e.ref()}}
	if e.made != "" {
		origin.set("mentionedBy", e.made)
	}
	if digest != "" {
		origin.set("digest", digest)
	}
	o = append(o, field{"origin", origin})
	if len(e.preserved) > 0 {
		o = append(o, field{"preserved", object{{"backstage", e.preserved}}})
	}
	return o
}

// readable returns the text of a descriptor; the error says why it could not be
// read back.
func readable(o object) ([]byte, error) {
	text, err := emit(o, int(source.DescriptorLimits.Bytes))
	if err != nil {
		return nil, err
	}
	docs, found := source.Decode("descriptor", text, source.DescriptorLimits)
	switch {
	case len(found) > 0:
		return nil, errors.New(found[0].Message)
	case len(docs) != 1:
		return nil, errors.New("it is not one document")
	}
	return text, nil
}

// visible returns a tree without characters that cannot be seen; joiners are
// part of some scripts and go only if need be.
func visible(v any, joiners bool) any {
	switch v := v.(type) {
	case string:
		return strings.Map(func(r rune) rune {
			if isInvisible(r) && (joiners || r != '\u200c' && r != '\u200d') {
				return -1
			}
			return r
		}, v)
	case []any:
		l := make([]any, len(v))
		for i, item := range v {
			l[i] = visible(item, joiners)
		}
		return l
	case object:
		o := make(object, 0, len(v))
		for _, f := range v {
			o = append(o, field{visible(f.key, joiners).(string), visible(f.value, joiners)})
		}
		return o
	}
	return v
}

func isInvisible(r rune) bool {
	if r == '\n' || r == '\t' {
		return false
	}
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Variation_Selector) ||
		strings.ContainsRune("\u034f\u115f\u1160\u3164\uffa0", r) || r == unicode.ReplacementChar
}

// manifestFile says what an import has written, so that the next one may replace it.
const manifestFile = "imported/backstage.import.json"

// manifest lists the files of an import.
type manifest struct {
	Format string            `json:"format"`
	Files  map[string]string `json:"files"` // path → digest
}

func manifestOf(files map[string][]byte) []byte {
	m := manifest{Format: "backstage", Files: map[string]string{}}
	for name, data := range files {
		m.Files[name] = digestOf(data)
	}
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		panic(err) // texts only
	}
	return append(text, '\n')
}

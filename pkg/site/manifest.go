package site

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// ManifestFile lists every file of a site with the hash of its content. It is
// written last: a site whose manifest says "complete" is whole.
const ManifestFile = "manifest.json"

// Manifest is what a build has written.
type Manifest struct {
	Generator string            `json:"generator"`
	Complete  bool              `json:"complete"`
	Files     map[string]string `json:"files"` // path → hex SHA-256
}

// generator marks a folder as ours.
const generator = "signpost"

// How a manifest is written. Both beginnings are equally long, so that one can be put in
// the place of the other.
const (
	completeHead   = "{\n \"generator\": \"" + generator + "\",\n \"complete\": true,\n \"files\": {"
	incompleteHead = "{\n \"generator\": \"" + generator + "\",\n \"complete\":false,\n \"files\": {"
	manifestTail   = "\n }\n}\n"
)

// writeManifest writes the manifest of a complete site. It is JSON, and written by hand:
// a large site's has a line for each of many ten thousand files, at every build.
func writeManifest(files map[string]File) []byte {
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	var out bytes.Buffer
	out.Grow(len(names) * 128)
	out.WriteString(completeHead)
	for i, name := range names {
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString("\n  ")
		out.Write(quoted(name))
		out.WriteString(`: "`)
		hash := files[name].Hash
		out.Write(hex.AppendEncode(out.AvailableBuffer(), hash[:]))
		out.WriteByte('"')
	}
	out.WriteString(manifestTail)
	return out.Bytes()
}

func quoted(name string) []byte {
	data, err := json.Marshal(name)
	if err != nil {
		panic(err) // a text can always be written
	}
	return data
}

// readManifest returns the names in a manifest, and whether it is that of a whole site.
func readManifest(data []byte) (names []string, complete bool, err error) {
	text := string(data)
	rest, complete := strings.CutPrefix(text, completeHead)
	if !complete {
		rest = strings.TrimPrefix(text, incompleteHead)
	}
	body, whole := strings.CutSuffix(rest, manifestTail)
	if whole && len(rest) < len(text) && !strings.Contains(body, `\`) {
		return namesIn(body), complete, nil
	}
	var m Manifest
	if err := json.Unmarshal(data, &m); err != nil || m.Generator != generator {
		return nil, false, fmt.Errorf("its %s is damaged or not ours; delete the folder to build anew", ManifestFile)
	}
	for name := range m.Files {
		names = append(names, name)
	}
	return names, m.Complete, nil
}

// namesIn reads the lines of a manifest that writeManifest wrote, without escapes.
func namesIn(body string) []string {
	names := make([]string, 0, strings.Count(body, "\n"))
	for line := range strings.SplitSeq(body, "\n") {
		if name, ok := strings.CutPrefix(line, `  "`); ok {
			name, _, _ = strings.Cut(name, `"`)
			names = append(names, name)
		}
	}
	return names
}

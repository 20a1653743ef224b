package backstage

import (
	"fmt"
	"path"
	"strings"

	"github.com/signpost-dev/signpost/schema"
)

// importedFolder holds the sources as they were. The catalog does not read it.
const importedFolder = "imported/backstage"

// layout gives every descriptor its place. Names are written in lower case; an
// entity whose name another has already gets the next free number.
type layout struct {
	files   map[string]bool
	folders map[string]bool
}

func newLayout() *layout { return &layout{files: map[string]bool{}, folders: map[string]bool{}} }

// arrange settles the paths of all entities: first those with a name of their
// own, so that none of them has to give way to a repeated one.
func (l *layout) arrange(all []*entity) {
	for _, repeated := range []bool{false, true} {
		for _, e := range all {
			if e.repeated == repeated {
				l.place(e)
			}
		}
	}
}

func (l *layout) place(e *entity) {
	folder := pluralOf(e.target)
	if e.namespace != "" {
		folder = path.Join(folder, fileName(e.namespace))
	}
	base := path.Join(folder, fileName(e.newName))
	for n := 1; ; n++ {
		stem := base
		if n > 1 {
			stem = fmt.Sprintf("%s-%d", base, n)
		}
		e.path = stem + ".yaml"
		if e.target != "team" && e.target != "person" {
			e.path = path.Join(stem, e.target+".yaml")
		}
		files := []string{e.path}
		if e.definition != "" {
			e.definitionPath = path.Join(stem, e.out["definition"].(string))
			files = append(files, e.definitionPath)
		}
		if l.take(files) {
			return
		}
	}
}

// take reserves files, unless one is taken, is a folder, or lies in a file.
func (l *layout) take(files []string) bool {
	for _, f := range files {
		if l.files[f] || l.folders[f] {
			return false
		}
		for dir := path.Dir(f); dir != "."; dir = path.Dir(dir) {
			if l.files[dir] {
				return false
			}
		}
	}
	for _, f := range files {
		l.files[f] = true
		for dir := path.Dir(f); dir != "."; dir = path.Dir(dir) {
			l.folders[dir] = true
		}
	}
	return true
}

func pluralOf(kind string) string {
	for _, k := range schema.Kinds {
		if k.Name == kind {
			return strings.ToLower(k.Plural)
		}
	}
	return kind
}

// fileName returns a name as files and folders may have it on every system.
func fileName(name string) string {
	name = strings.ToLower(name)
	stem, _, _ := strings.Cut(name, ".")
	device := strings.TrimRight(stem, "0123456789")
	switch {
	case stem == "con" || stem == "prn" || stem == "aux" || stem == "nul",
		len(stem) == 4 && (device == "com" || device == "lpt"):
		return "x-" + name // Windows takes these for devices, whatever follows the dot
	}
	return name
}

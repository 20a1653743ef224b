// Package generate writes catalogs of any size for measuring: services with the
// shape that a large organisation has, each with runbooks and a decision. It is a
// tool of ours: nothing that ships imports it, and it knows nothing of how catalogs
// are read.
//
// The same number of services gives the same bytes on every machine. The catalog
// has no findings, so that figures are those of a catalog in good order.
package generate

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
)

// Shape is what a catalog holds.
type Shape struct {
	Services, Teams, Systems, Domains, People int
	Runbooks, Decisions, CodeBlocks           int
	Files                                     int
	Bytes                                     int64
}

// Documents is how many Markdown documents there are.
func (s Shape) Documents() int { return s.Runbooks + s.Decisions }

// Entities is how many things are described.
func (s Shape) Entities() int {
	return s.Services + s.Teams + s.Systems + s.Domains + s.People
}

// membersOfTeam is how many people each team has.
const membersOfTeam = 3

// ShapeOf returns how many entities a catalog of so many services has. The counts of
// documents, files and bytes are known once it is written.
func ShapeOf(services int) Shape {
	s := Shape{
		Services: services,
		Teams:    max(services/20, 1),
		Systems:  max(services/50, 1),
		Domains:  max(services/500, 1),
	}
	s.People = s.Teams * membersOfTeam
	return s
}

// Catalog writes a catalog of so many services into a folder, which is made if it
// is not there and should be empty.
func Catalog(dir string, services int) (Shape, error) {
	return write(&writer{dir: dir}, services)
}

// Descriptors writes the same catalog without its documents, for what needs many
// entities soon. The rules that ask for runbooks have findings in it.
func Descriptors(dir string, services int) (Shape, error) {
	return write(&writer{dir: dir, bare: true}, services)
}

func write(w *writer, services int) (Shape, error) {
	if services < 1 {
		return Shape{}, fmt.Errorf("a catalog of %d services cannot be generated; it has at least one", services)
	}
	w.shape, w.folders = ShapeOf(services), map[string]bool{}
	w.entity("signpost.yaml", portal)
	for i := range w.shape.Domains {
		w.domain(i)
	}
	for i := range w.shape.Systems {
		w.system(i)
	}
	for i := range w.shape.Teams {
		w.team(i)
	}
	for i := range w.shape.People {
		w.person(i)
	}
	for i := range services {
		w.service(i)
	}
	return w.shape, w.err
}

// writer writes the files of a catalog and counts them. After an error it writes
// nothing more.
type writer struct {
	dir     string
	bare    bool // without documents
	shape   Shape
	folders map[string]bool
	text    bytes.Buffer
	err     error
}

// entity writes a descriptor.
func (w *writer) entity(name, text string) { w.file(name, []byte(text)) }

func (w *writer) file(name string, data []byte) {
	if w.err != nil {
		return
	}
	path := filepath.Join(w.dir, filepath.FromSlash(name))
	if folder := filepath.Dir(path); !w.folders[folder] {
		if w.err = os.MkdirAll(folder, 0o777); w.err != nil {
			return
		}
		w.folders[folder] = true
	}
	w.err = os.WriteFile(path, data, 0o666)
	w.shape.Files++
	w.shape.Bytes += int64(len(data))
}

// RunbookOf returns the path of the first runbook of a service, and DescriptorOf
// that of its descriptor, for measurements that edit one.
func RunbookOf(service int) string {
	return "services/" + serviceName(service) + "/runbooks/" + runbookName(service, 0) + ".md"
}

// DescriptorOf returns the path of the descriptor of a service.
func DescriptorOf(service int) string { return "services/" + serviceName(service) + "/service.yaml" }

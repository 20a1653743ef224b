package docs

import (
	"net/url"
	"path"
	"strings"

	"github.com/signpost-dev/signpost/pkg/safehtml"
)

// target is where a link leads.
type target struct {
	kind     targetKind
	path     string // inside: from the root of the repository; "." is the root itself
	fragment string // inside and here: decoded, without "#"
	plain    bool   // inside: asks for the source of a Markdown file, where line numbers are anchors
}

type targetKind uint8

const (
	outside   targetKind = iota // an address on the web, or a mail address
	here                        // a place in the same document
	inside                      // a file or folder of the repository
	forbidden                   // a scheme that links may not have, or no URL at all
)

// resolve says where a destination in a document leads. A path that begins with
// a slash is one from the root of the repository, as on GitHub.
func resolve(doc *Document, dest string) target {
	if !safehtml.LinkURL(dest) {
		return target{kind: forbidden}
	}
	if safehtml.Scheme(dest) != "" {
		return target{kind: outside}
	}
	rest, fragment, _ := strings.Cut(dest, "#")
	rest, query, _ := strings.Cut(rest, "?")
	t := target{kind: inside, fragment: percentDecoded(fragment), plain: strings.Contains(query, "plain=1")}
	if rest == "" {
		t.kind = here
		return t
	}
	to := percentDecoded(rest)
	if strings.HasPrefix(to, "/") {
		t.path = path.Clean("." + to)
	} else {
		t.path = path.Join(path.Dir(doc.Name), to)
	}
	return t
}

func percentDecoded(s string) string {
	if d, err := url.PathUnescape(s); err == nil {
		return d
	}
	return s
}

// entry is what stands at a path of the repository.
type entry uint8

const (
	missing entry = iota
	aFile
	aFolder
	unlisted // outside of the tree: there is something, but it is not known what
)

// look finds what stands at a path from the root of the repository, and the path
// in the tree of what stands in the tree.
func (s *Set) look(p string) (file string, e entry) {
	if file, ok := s.inTree(p); ok {
		switch {
		case s.files[file]:
			return file, aFile
		case s.folders[file]:
			return file, aFolder
		default:
			return file, missing
		}
	}
	switch {
	case p == ".." || strings.HasPrefix(p, "../"):
		return "", missing
	case p == "." || strings.HasPrefix(s.prefix, p+"/"):
		return "", unlisted
	case s.exists != nil && s.exists(p):
		return "", unlisted
	default:
		return "", missing
	}
}

// inTree returns the path in the tree of a path from the root of the repository.
func (s *Set) inTree(p string) (string, bool) {
	if s.prefix == "" {
		return p, p != ".." && !strings.HasPrefix(p, "../")
	}
	if p+"/" == s.prefix {
		return ".", true
	}
	return strings.CutPrefix(p, s.prefix)
}

// readme returns the document that stands for a folder of the tree.
func (s *Set) readme(folder string) *Document {
	for _, name := range [...]string{"README.md", "readme.md", "Readme.md", "index.md"} {
		if doc := s.at(path.Join(folder, name)); doc != nil {
			return doc
		}
	}
	return nil
}

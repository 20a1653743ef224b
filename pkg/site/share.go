package site

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/signpost-dev/signpost/pkg/beneath"
)

// Share is a part of a site that one of several machines builds. The zero Share is the
// whole. Every machine reads the whole catalog, for any page may show any part of it; what
// they divide is the drawing and writing of pages, which is most of the work.
type Share struct {
	Part, Of int    // the second of four is {2, 4}
	Build    string // tells the parts of one build from those of another
}

// ParseShare reads "2/4".
func ParseShare(text string) (Share, error) {
	var s Share
	if n, err := fmt.Sscanf(text+"\n", "%d/%d\n", &s.Part, &s.Of); n != 2 || err != nil || s.Part < 1 || s.Of < s.Part || s.Of > mostShares {
		return Share{}, fmt.Errorf("%q is not a share such as 2/4: the second of four parts (of at most %d)", text, mostShares)
	}
	return s, nil
}

const mostShares = 1000

// whole reports whether the share is everything.
func (s Share) whole() bool { return s.Of <= 1 }

// holds reports whether a file of the site belongs to the share. It depends on the name
// alone. The search index, which is one piece of work, belongs to the first.
func (s Share) holds(name string) bool {
	switch {
	case s.whole():
		return true
	case strings.HasPrefix(name, searchFolder):
		return s.Part == 1
	}
	sum := sha256.Sum256([]byte(name))
	return int(binary.BigEndian.Uint64(sum[:])%uint64(s.Of)) == s.Part-1
}

const searchFolder = "search/"

// partFile says which part of a site a folder holds. Its manifest does not say "complete".
const partFile = ".signpost-part"

// part is what partFile holds.
type part struct {
	Part  int               `json:"part"`
	Of    int               `json:"of"`
	Build string            `json:"build"`
	Files map[string]string `json:"files"` // path → hex SHA-256
}

// writePart says in a folder which part of the site it holds.
func (o *Output) writePart(s Share) error {
	p := part{Part: s.Part, Of: s.Of, Build: s.Build, Files: map[string]string{}}
	for name, f := range o.files {
		p.Files[name] = fmt.Sprintf("%x", f.Hash)
	}
	data, err := json.MarshalIndent(p, "", " ")
	if err != nil {
		return err
	}
	return o.below.WriteFile(partFile, append(data, '\n'))
}

// Merge joins the parts of one build, each in a folder, into a whole site. The result is
// what one machine would have built, to the byte. It is an error if a part is missing, is
// of another build, or does not hold what it says.
func Merge(dirs []string, out *Output) (Stats, error) {
	parts := make([]part, len(dirs))
	for i, dir := range dirs {
		var err error
		if parts[i], err = readPart(dir); err != nil {
			return Stats{}, err
		}
	}
	if err := matching(dirs, parts); err != nil {
		return Stats{}, err
	}
	for i, dir := range dirs {
		if err := mergePart(dir, parts[i], out); err != nil {
			return Stats{}, err
		}
	}
	return out.Finish()
}

func readPart(dir string) (p part, err error) {
	data, err := os.ReadFile(filepath.Join(dir, partFile))
	if errors.Is(err, fs.ErrNotExist) {
		return p, fmt.Errorf("%s holds no part of a site: build one with --shard", dir)
	}
	if err == nil {
		err = json.Unmarshal(data, &p)
	}
	if err != nil {
		return p, fmt.Errorf("reading which part of a site %s holds: %w", dir, err)
	}
	return p, nil
}

// matching checks that the parts are all those of one build.
func matching(dirs []string, parts []part) error {
	of := parts[0].Of
	have := map[int]string{}
	for i, p := range parts {
		switch {
		case p.Of != of:
			return fmt.Errorf("%s is one of %d parts, %s one of %d: parts of one build are needed", dirs[0], of, dirs[i], p.Of)
		case p.Build != parts[0].Build:
			return fmt.Errorf("%s and %s are not of one build: the source, the day, the address or the program differ", dirs[0], dirs[i])
		case have[p.Part] != "":
			return fmt.Errorf("%s and %s are both part %d of %d", have[p.Part], dirs[i], p.Part, of)
		}
		have[p.Part] = dirs[i]
	}
	for n := 1; n <= of; n++ {
		if have[n] == "" {
			return fmt.Errorf("part %d of %d is missing", n, of)
		}
	}
	return nil
}

func mergePart(dir string, p part, out *Output) error {
	from, err := beneath.Open(dir)
	if err != nil {
		return err
	}
	defer from.Close()
	for name, hash := range p.Files {
		if !fs.ValidPath(name) {
			return fmt.Errorf("%s: %q cannot be the path of a file", dir, name)
		}
		const most = 1 << 30
		data, _, err := from.ReadFile(name, most)
		if err != nil {
			return fmt.Errorf("%s: %w", dir, err)
		}
		if fmt.Sprintf("%x", sha256.Sum256(data)) != hash {
			return fmt.Errorf("%s: %s does not hold what was built", dir, name)
		}
		if err := out.Put(name, data); err != nil {
			return err
		}
	}
	return nil
}

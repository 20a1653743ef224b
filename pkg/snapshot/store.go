package snapshot

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/signpost-dev/signpost/pkg/beneath"
)

// mostBytes is how large the file of one provider may be.
const mostBytes = 64 << 20

// Store is a folder with a file for each provider: NAME.json.
type Store struct {
	dir  *beneath.Dir
	path string
}

// Open opens a store. It is no error if the folder is not there: then nothing is known.
func Open(dir string) (*Store, error) {
	below, err := beneath.Open(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return &Store{path: dir}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("opening the snapshot store: %w", err)
	}
	return &Store{dir: below, path: dir}, nil
}

// Create opens a store, and makes its folder if it is not there.
func Create(dir string) (*Store, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("making the snapshot store: %w", err)
	}
	return Open(dir)
}

// Close releases the folder.
func (s *Store) Close() error {
	if s.dir == nil {
		return nil
	}
	return s.dir.Close()
}

// Read returns what is known from each provider, by name. A file that cannot be read, or
// is not what it should be, is an error: to leave it out would show its facts as unknown.
func (s *Store) Read() ([]File, error) {
	if s.dir == nil {
		return nil, nil
	}
	entries, err := s.dir.List(".")
	if err != nil {
		return nil, fmt.Errorf("reading the snapshot store %s: %w", s.path, err)
	}
	var files []File
	for _, e := range entries {
		name, ok := strings.CutSuffix(e.Name(), ".json")
		if !ok || !e.Mode().IsRegular() {
			continue
		}
		f, err := s.ReadOne(name)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Provider, b.Provider) })
	return files, nil
}

// ReadOne returns what is known from one provider; nothing if there is no file.
func (s *Store) ReadOne(provider string) (File, error) {
	f := File{Version: Version, Provider: provider}
	if s.dir == nil {
		return f, nil
	}
	data, size, err := s.dir.ReadFile(provider+".json", mostBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return f, nil
	}
	at := path.Join(s.path, provider+".json")
	if err != nil {
		return f, fmt.Errorf("reading %s: %w", at, err)
	}
	if size > mostBytes {
		return f, fmt.Errorf("%s has %d bytes; a snapshot may have %d", at, size, mostBytes)
	}
	if err := json.Unmarshal(data, &f); err != nil {
		return f, fmt.Errorf("%s is no snapshot: %w", at, err)
	}
	if f.Version < 1 || f.Version > Version {
		return f, fmt.Errorf("%s is of version %d; this program reads version %d: use a newer signpost", at, f.Version, Version)
	}
	if f.Provider != provider {
		return f, fmt.Errorf("%s says that it is of the provider %q", at, f.Provider)
	}
	if err := f.Validate(); err != nil {
		return f, fmt.Errorf("%s: %w", at, err)
	}
	return f, nil
}

// named is what the name of a provider looks like.
var named = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,62}$`)

// Write replaces the file of a provider whole.
func (s *Store) Write(f File) error {
	if !named.MatchString(f.Provider) {
		return fmt.Errorf("%q cannot be the name of a provider: 1 to 63 small letters, digits and hyphens", f.Provider)
	}
	f.Version = Version
	if err := f.Validate(); err != nil {
		return fmt.Errorf("the facts of %s: %w", f.Provider, err)
	}
	f.Facts = f.inOrder()
	data, err := json.MarshalIndent(f, "", " ")
	if err != nil {
		return err
	}
	if err := s.replace(f.Provider+".json", append(data, '\n')); err != nil {
		return fmt.Errorf("writing %s: %w", path.Join(s.path, f.Provider+".json"), err)
	}
	return nil
}

// replace writes a file beside the old one and puts it in its place, so that a run that
// is ended leaves one of the two.
func (s *Store) replace(name string, data []byte) error {
	temp := path.Join(path.Dir(name), "."+path.Base(name)+".new")
	root := s.dir.Root()
	if err := root.WriteFile(temp, data, 0o644); err != nil {
		_ = root.Remove(temp) // what is wrong is said by err
		return err
	}
	return root.Rename(temp, name)
}

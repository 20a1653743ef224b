package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/signpost-dev/signpost/internal/bench/generate"
)

// file is one file of a site with its size, plain and as servers send it.
type file struct {
	path    string
	size    int64
	gzipped int64 // of pages and of what every page loads; otherwise 0
}

// sizes are the files of a site.
type sizes struct {
	files    []file
	services []file // pages of services, not of their documents
}

// weigh measures every file of a site. One service page in twenty is compressed, all
// of the home page, of styles and of scripts.
func weigh(site string, services int) (sizes, error) {
	var s sizes
	page := map[string]bool{}
	for i := 0; i < services; i += max(services/500, 1) {
		page[strings.TrimSuffix(generate.DescriptorOf(i), "/service.yaml")+".html"] = true
	}
	err := filepath.WalkDir(site, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(site, name)
		if err != nil {
			return err
		}
		f := file{path: filepath.ToSlash(rel), size: info.Size()}
		if page[f.path] || f.path == "index.html" || strings.HasPrefix(f.path, "search/") || strings.HasPrefix(f.path, "assets/") {
			if f.gzipped, err = gzipped(name); err != nil {
				return err
			}
		}
		if page[f.path] {
			s.services = append(s.services, f)
		}
		s.files = append(s.files, f)
		return nil
	})
	return s, err
}

func gzipped(name string) (int64, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return 0, err
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(data); err != nil {
		return 0, err
	}
	if err := z.Close(); err != nil {
		return 0, err
	}
	return int64(b.Len()), nil
}

func (s sizes) print(w io.Writer, entities int) {
	var pages int
	var total int64
	for _, f := range s.files {
		total += f.size
		if path.Ext(f.path) == ".html" {
			pages++
		}
	}
	fmt.Fprint(w, "\n| site | |\n|---|---:|\n")
	row := func(title, value string) { fmt.Fprintf(w, "| %s | %s |\n", title, value) }
	row("pages", thousands(pages))
	row("files", thousands(len(s.files)))
	row("bytes", fmt.Sprintf("%.1f MB", float64(total)/1e6))
	row("bytes for each entity, its documents included", kilobytes(total/int64(entities)))
	row("service page, median, plain", kilobytes(s.middle(func(f file) int64 { return f.size })))
	row("service page, median, gzip", kilobytes(s.middle(func(f file) int64 { return f.gzipped })))
	row("service page, largest of the sample, gzip", kilobytes(s.most(func(f file) int64 { return f.gzipped })))
	s.one(row, "home page, gzip", func(name string) bool { return name == "index.html" })
	s.one(row, "styles, gzip", func(name string) bool { return path.Ext(name) == ".css" })
	s.one(row, "scripts of every page, gzip", func(name string) bool {
		base := path.Base(name)
		return strings.HasPrefix(name, "assets/") && (strings.HasPrefix(base, "main") || strings.HasPrefix(base, "theme"))
	})
	s.one(row, "search, what the palette loads first, gzip", func(name string) bool { return path.Dir(name) == "search" && path.Ext(name) == ".js" })
	s.one(row, "search, all of it, gzip", func(name string) bool { return strings.HasPrefix(name, "search/") && path.Ext(name) == ".js" })
	row("largest page", s.largest(".html"))
	row("largest other file", s.largest(""))
}

// one sums up the compressed files that are meant.
func (s sizes) one(row func(title, value string), title string, meant func(name string) bool) {
	var n int64
	for _, f := range s.files {
		if meant(f.path) {
			n += f.gzipped
		}
	}
	row(title, kilobytes(n))
}

func (s sizes) middle(of func(file) int64) int64 {
	all := s.sorted(of)
	return all[len(all)/2]
}

func (s sizes) most(of func(file) int64) int64 { return slices.Max(s.sorted(of)) }

func (s sizes) sorted(of func(file) int64) []int64 {
	var all []int64
	for _, f := range s.services {
		all = append(all, of(f))
	}
	slices.Sort(all)
	return all
}

// largest names the largest file with an ending; without one, the largest that is no page.
func (s sizes) largest(ext string) string {
	var most file
	for _, f := range s.files {
		if f.size > most.size && (path.Ext(f.path) == ext || ext == "" && path.Ext(f.path) != ".html") {
			most = f
		}
	}
	return fmt.Sprintf("`%s`, %s", most.path, kilobytes(most.size))
}

func kilobytes(n int64) string { return fmt.Sprintf("%.1f kB", float64(n)/1000) }

// thousands writes 12,345.
func thousands(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

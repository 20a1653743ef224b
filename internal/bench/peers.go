package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// addPeers adds Hugo and Pagefind to what is measured, if they are installed: Hugo builds a
// site of the same documents and of a page for each descriptor, with highlighting;
// Pagefind indexes it.
func (b *bench) addPeers() error {
	hugo, err := exec.LookPath("hugo")
	if err != nil {
		return nil
	}
	source, out := filepath.Join(filepath.Dir(b.catalog), "hugo"), filepath.Join(filepath.Dir(b.catalog), "hugo-site")
	if err := hugoSite(b.catalog, source); err != nil {
		return fmt.Errorf("preparing a site for Hugo: %w", err)
	}
	b.peers = append(b.peers, scenario{
		"hugo, cold", func(*bench) error { return os.RemoveAll(out) },
		func(*bench) []string { return []string{hugo, "--source", source, "--destination", out, "--quiet"} },
	})
	if pagefind, err := exec.LookPath("pagefind"); err == nil {
		b.peers = append(b.peers, scenario{"pagefind", nothing, func(*bench) []string { return []string{pagefind, "--site", out, "--silent"} }})
	}
	return nil
}

// hugoSite writes the source of the site that Hugo builds.
func hugoSite(catalog, to string) error {
	files := map[string]string{
		"hugo.toml":                    "baseURL = \"/\"\ntitle = \"Generated\"\ndisableKinds = [\"taxonomy\", \"term\", \"RSS\", \"sitemap\"]\n[markup.goldmark.renderer]\nunsafe = false\n[markup.highlight]\nnoClasses = false\n",
		"layouts/_default/single.html": "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{{.Title}}</title></head><body><nav><a href=\"/\">Home</a></nav><main><h1>{{.Title}}</h1>{{.Content}}</main></body></html>",
		"layouts/_default/list.html":   "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{{.Title}}</title></head><body><main><h1>{{.Title}}</h1><ul>{{range (.Paginate .RegularPages 50).Pages}}<li><a href=\"{{.RelPermalink}}\">{{.Title}}</a></li>{{end}}</ul>{{template \"_internal/pagination.html\" .}}</main></body></html>",
	}
	for name, text := range files {
		if err := writeFile(filepath.Join(to, name), []byte(text)); err != nil {
			return err
		}
	}
	return filepath.WalkDir(catalog, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(catalog, name)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		switch filepath.Ext(name) {
		case ".yaml":
			data = fmt.Appendf(nil, "---\ntitle: %q\n---\n\n```yaml\n%s\n```\n", rel, data)
			rel = strings.TrimSuffix(rel, ".yaml") + ".md"
		case ".md":
			if !bytes.HasPrefix(data, []byte("---\n")) {
				title, _, _ := bytes.Cut(bytes.TrimPrefix(data, []byte("# ")), []byte("\n"))
				data = fmt.Appendf(nil, "---\ntitle: %q\n---\n%s", title, data)
			}
		default:
			return nil
		}
		return writeFile(filepath.Join(to, "content", rel), data)
	})
}

func writeFile(name string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	return os.WriteFile(name, data, 0o666)
}

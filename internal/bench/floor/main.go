// Command floor does the plain work of a build and nothing else: it reads every file of a
// catalog, parses each descriptor with yaml.v3, converts each document with goldmark, puts
// the result into a small html/template page and writes that. It validates, sanitises,
// highlights, links, indexes and remembers nothing.
//
// It is what the bench compares signpost with in the same run, since seconds mean nothing
// on a machine that others share:
//
//	floor CATALOG OUT
package main

import (
	"bytes"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"golang.org/x/sync/errgroup"
	"gopkg.in/yaml.v3"
)

var page = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{.Title}}</title><link rel="stylesheet" href="/site.css"></head>
<body><header><a href="/">Home</a></header><main><h1>{{.Title}}</h1>
{{range $key, $value := .Fields}}<p>{{$key}}: {{$value}}</p>
{{end}}{{.Body}}</main></body></html>
`))

type view struct {
	Title  string
	Fields map[string]any
	Body   template.HTML
}

func main() {
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "floor:", err)
		os.Exit(1)
	}
}

func run(catalog, out string) error {
	var files []string
	err := filepath.WalkDir(catalog, func(name string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, name)
		}
		return err
	})
	if err != nil {
		return err
	}
	markdown := goldmark.New(goldmark.WithExtensions(extension.GFM))
	var group errgroup.Group
	var next atomic.Int64
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() error {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(files) {
					return nil
				}
				rel, err := filepath.Rel(catalog, files[i])
				if err != nil {
					return err
				}
				if err := convert(markdown, files[i], filepath.Join(out, rel)+".html"); err != nil {
					return err
				}
			}
		})
	}
	return group.Wait()
}

func convert(markdown goldmark.Markdown, from, to string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	v := view{Title: filepath.Base(from)}
	switch filepath.Ext(from) {
	case ".yaml":
		err = yaml.Unmarshal(data, &v.Fields)
	case ".md":
		text := string(data)
		if front, body, ok := strings.Cut(strings.TrimPrefix(text, "---\n"), "\n---\n"); ok && strings.HasPrefix(text, "---\n") {
			if err := yaml.Unmarshal([]byte(front), &v.Fields); err != nil {
				return err
			}
			text = body
		}
		var body bytes.Buffer
		err = markdown.Convert([]byte(text), &body)
		v.Body = template.HTML(body.String())
	}
	if err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	var html bytes.Buffer
	if err := page.Execute(&html, v); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return err
	}
	return os.WriteFile(to, html.Bytes(), 0o666)
}

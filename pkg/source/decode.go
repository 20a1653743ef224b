package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/signpost-dev/signpost/pkg/diag"
	"gopkg.in/yaml.v3"
)

// Document is one document of a YAML file.
type Document struct {
	Index int // from 0, among all documents of the file, empty ones included
	Root  *Node
	Span  diag.Span // of its value, from the first character to the last
}

// Decode reads all documents of a YAML file. Documents without a value, such as
// what follows a closing "---" or a file of comments, are left out.
//
// What makes the file unreadable (encoding, syntax, limits, aliases) gives one
// finding, and the documents before it. What is wrong within a readable file
// (duplicate keys, tags, invisible characters) gives a finding each, and the
// documents are returned: with the first of two equal keys, and the text of what
// is no value of JSON.
func Decode(file string, data []byte, l Limits) ([]*Document, []diag.Diagnostic) {
	return decode(file, data, l, 1)
}

// decode reads YAML that begins at a line of its file.
func decode(file string, data []byte, l Limits, firstLine int) ([]*Document, []diag.Diagnostic) {
	r := &report{file: &file}
	if int64(len(data)) > l.Bytes {
		r.stop(place{}, "source-limit", fmt.Sprintf("the file has %s bytes; the limit is %s", grouped(len(data)), size(l.Bytes)),
			"split it into several files")
		return nil, r.ds
	}
	data, paired := withoutSurrogates(data)
	t := scan(r, data, int32(firstLine), l.Foreign)
	t.paired = paired
	if r.stopped {
		return nil, r.ds
	}
	docs := documents(r, t, l)
	return docs, r.ds
}

func documents(r *report, t *text, l Limits) (docs []*Document) {
	w := &walker{report: r, text: t, limits: l}
	dec := yaml.NewDecoder(bytes.NewReader(t.src))
	for i := 0; ; i++ {
		y, err := next(dec)
		if errors.Is(err, io.EOF) {
			return docs
		}
		if err != nil {
			refuseSyntax(r, t, l, dec, err)
			return docs
		}
		if t.paired {
			joinSurrogates(y)
		}
		if i == l.Documents {
			w.near = w.seek(y)
			r.stop(w.here(), "source-limit", fmt.Sprintf("the file has more than %s documents", grouped(l.Documents)),
				"split it into several files")
			return docs
		}
		if isEmpty(y) {
			continue
		}
		root := w.root(y)
		if r.stopped {
			return docs
		}
		docs = append(docs, &Document{Index: i, Root: root, Span: root.Span()})
	}
}

// next reads a document. The library panics on some broken files; that is an
// error of the file.
func next(dec *yaml.Decoder) (root *yaml.Node, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	var doc yaml.Node
	if err := dec.Decode(&doc); err != nil {
		return nil, err
	}
	return doc.Content[0], nil
}

// isEmpty reports whether nothing was written in a document.
func isEmpty(y *yaml.Node) bool {
	return isNothing(y) && y.Style == 0 && y.Anchor == ""
}

package backstage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/signpost-dev/signpost/pkg/source"
)

// longestTarget bounds the work of matching a glob.
const longestTarget = 1024

var hasScheme = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*://`)

// follow puts what a Location leads to into the queue.
func (r *reader) follow(ctx context.Context, e *entity) error {
	presence, _ := text(e.spec.get("presence"))
	var written []any
	for _, key := range []string{"target", "targets"} {
		switch v := e.spec.get(key).(type) {
		case nil:
		case []any:
			written = append(written, v...)
		default:
			written = append(written, v)
		}
	}
	for _, w := range written {
		t, ok := text(w)
		if !ok {
			r.report.note(Unresolved, e.file, e.line, e.ref(), "a target is not text")
			continue
		}
		if hasScheme.MatchString(t) {
			r.report.note(NotFetched, e.file, e.line, e.ref(), "target %s", t)
			continue
		}
		if err := r.followPath(ctx, e, t, presence == "optional"); err != nil {
			return err
		}
	}
	return nil
}

func (r *reader) followPath(ctx context.Context, e *entity, written string, optional bool) error {
	p, err := within(e.file, written)
	if err != nil {
		r.report.note(Unresolved, e.file, e.line, e.ref(), "target %q: %s", written, err)
		return nil
	}
	if !strings.ContainsAny(p, "*?[{") {
		r.want(target{path: p, from: e, optional: optional})
		return nil
	}
	files, err := r.list(ctx)
	if err != nil {
		return err
	}
	matched := 0
	for _, f := range files {
		if ok, err := doublestar.Match(p, f); err == nil && ok {
			matched++
			r.want(target{path: f, from: e})
		}
	}
	if matched == 0 && !optional {
		r.report.note(Unresolved, e.file, e.line, e.ref(), "target %q matches no file", written)
	}
	return nil
}

// within returns the path that a relative path in a file means, if it stays in
// the source. That it does is assured once more by whoever opens it.
func within(file, written string) (string, error) {
	written = strings.TrimPrefix(written, "file:")
	p := path.Join(path.Dir(file), written)
	switch {
	case written == "" || len(written) > longestTarget:
		return "", errors.New("this is not a path")
	case strings.ContainsAny(written, "\\\x00"):
		return "", errors.New("a path is written with / and without \\")
	case path.IsAbs(written):
		return "", errors.New("it is absolute; only files of the source folder are read")
	case !fs.ValidPath(p):
		return "", errors.New("it leads out of the source folder")
	}
	return p, nil
}

// fillIn replaces the placeholders of an entity, such as {$text: ./intro.md}, by
// what they stand for.
func (r *reader) fillIn(e *entity) error {
	var err error
	for i, f := range e.metadata {
		if e.metadata[i].value, err = r.filled(e, []string{"metadata", f.key}, f.value); err != nil {
			return err
		}
	}
	if e.kind == "api" {
		if err := r.define(e); err != nil {
			return err
		}
	}
	for i, f := range e.spec {
		if e.kind == "api" && f.key == "definition" {
			continue
		}
		if e.spec[i].value, err = r.filled(e, []string{"spec", f.key}, f.value); err != nil {
			return err
		}
	}
	return nil
}

// define takes the definition of an API out of the file that a placeholder names,
// whatever the placeholder is called: plugins bring their own, such as $openapi.
func (r *reader) define(e *entity) error {
	v := e.spec.get("definition")
	d, ok := directiveOf(v)
	if !ok || hasScheme.MatchString(d.target) {
		return nil
	}
	_, data, err := r.resolve(e, d)
	if errors.Is(err, errTooMuch) {
		return err
	}
	if err != nil {
		r.report.note(Unresolved, e.file, e.line, e.ref(), "spec.definition: %s %q: %s", d.key, d.target, plain(err))
		return nil
	}
	r.report.note(Placeholder, e.file, e.line, e.ref(), "spec.definition: %s %s", d.key, d.target)
	e.directives.set("spec.definition", v)
	e.spec.set("definition", string(data))
	return nil
}

// filled returns a value with its placeholders filled in. The error is for a
// source that is too large.
func (r *reader) filled(e *entity, at []string, v any) (any, error) {
	var err error
	switch v := v.(type) {
	case []any:
		for i, item := range v {
			if v[i], err = r.filled(e, append(at[:len(at):len(at)], fmt.Sprint(i)), item); err != nil {
				return nil, err
			}
		}
	case object:
		if d, ok := directiveOf(v); ok && d.known() {
			return r.expand(e, at, d, v)
		}
		for i, f := range v {
			if v[i].value, err = r.filled(e, append(at[:len(at):len(at)], f.key), f.value); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
}

// directive is a placeholder: a map with one key that begins with $.
type directive struct{ key, target string }

func directiveOf(v any) (directive, bool) {
	o, _ := v.(object)
	if len(o) != 1 || !strings.HasPrefix(o[0].key, "$") {
		return directive{}, false
	}
	target, ok := o[0].value.(string)
	return directive{o[0].key, target}, ok
}

// known reports whether the placeholder is one that every Backstage has.
func (d directive) known() bool { return d.key == "$text" || d.key == "$json" || d.key == "$yaml" }

func (r *reader) expand(e *entity, at []string, d directive, v object) (any, error) {
	place := strings.Join(at, ".")
	if hasScheme.MatchString(d.target) {
		r.report.note(NotFetched, e.file, e.line, e.ref(), "%s: %s %s", place, d.key, d.target)
		return v, nil
	}
	name, data, err := r.resolve(e, d)
	if errors.Is(err, errTooMuch) {
		return nil, err
	}
	if err != nil {
		r.report.note(Unresolved, e.file, e.line, e.ref(), "%s: %s %q: %s", place, d.key, d.target, plain(err))
		return v, nil
	}
	var value any = string(data)
	if d.key != "$text" {
		docs, found := source.Decode(name, data, source.ImportLimits)
		if len(docs) == 0 || len(found) > 0 {
			r.report.note(Unresolved, e.file, e.line, e.ref(), "%s: %s %q cannot be read", place, d.key, d.target)
			return v, nil
		}
		value, _ = r.secrets.strip(docs[0].Root)
	}
	r.report.note(Placeholder, e.file, e.line, e.ref(), "%s: %s %s", place, d.key, d.target)
	e.directives.set(place, v)
	return value, nil
}

// resolve reads the file that a placeholder names, and keeps a copy of it.
func (r *reader) resolve(e *entity, d directive) (name string, data []byte, err error) {
	if name, err = within(e.file, d.target); err != nil {
		return "", nil, err
	}
	if data, err = r.read(name); err != nil {
		return "", nil, err
	}
	if !utf8.Valid(data) {
		return "", nil, errors.New("the file is not text")
	}
	r.copies[name] = data
	return name, data, nil
}

package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// commands are what scripts can do beyond running programs.
var commands = map[string]func(*testscript.TestScript, bool, []string){
	"status": status,
	"put":    put,
	"tree":   tree,
	"parses": parses,
	"age":    age,
}

// age makes the files in a folder an hour old: a build takes the time of a file for its
// content only if the file has lain there for some time.
func age(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: age dir")
	}
	before := time.Now().Add(-time.Hour)
	ts.Check(filepath.WalkDir(ts.MkAbs(args[0]), func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return os.Chtimes(name, before, before)
	}))
}

// put writes a file of bytes that a script cannot hold, given as the inside of a
// Go string, so many times over: put big.yaml 'a: b\n' 1000.
func put(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: put FILE TEXT [TIMES]")
	}
	text, err := strconv.Unquote(`"` + args[1] + `"`)
	ts.Check(err)
	times := 1
	if len(args) == 3 {
		times, err = strconv.Atoi(args[2])
		ts.Check(err)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Repeat(text, times)), 0o666))
}

// tree writes the names and contents of the files in a folder, as hashes, into a
// file: tree site site.txt. Two folders with the same files give the same text.
func tree(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: tree DIR FILE")
	}
	var b strings.Builder
	dir := os.DirFS(ts.MkAbs(args[0]))
	ts.Check(fs.WalkDir(dir, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(dir, p)
		fmt.Fprintf(&b, "%x %s\n", sha256.Sum256(data), p)
		return err
	}))
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(b.String()), 0o666))
}

// parses holds that a file is one whole value of JSON or XML: parses json stdout.
func parses(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: parses json|xml FILE")
	}
	data := []byte(ts.ReadFile(args[1]))
	switch args[0] {
	case "json":
		if !json.Valid(data) {
			ts.Fatalf("%s is not JSON", args[1])
		}
	case "xml":
		for dec := xml.NewDecoder(bytes.NewReader(data)); ; {
			if _, err := dec.Token(); errors.Is(err, io.EOF) {
				return
			} else if err != nil {
				ts.Fatalf("%s is not XML: %v", args[1], err)
			}
		}
	default:
		ts.Fatalf("unknown format %s", filepath.Base(args[0]))
	}
}

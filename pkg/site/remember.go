package site

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"time"

	"github.com/signpost-dev/signpost/pkg/cache"
)

// Kinds of records, beside those of files of the catalog.
const (
	keptPage       = "page:"
	keptDictionary = "search dictionary"
	keptAssets     = "assets"
)

// memory is what a build remembers of the one before it in the same folder: of every page
// the digest of its view and how the file looked when it was written. A page whose view
// has the same digest, and whose file still looks so, is neither drawn nor read.
type memory struct {
	cache *cache.Cache // nil: nothing is remembered
	frame string       // digest of what all pages share: templates, site, names of assets
}

// keptFile is what is remembered of a page.
type keptFile struct {
	view cache.Digest
	file File
}

// keyOf returns the digest of a page; the zero one if nothing is remembered.
func (m *memory) keyOf(p Page, more ...string) cache.Digest {
	if m.cache == nil {
		return cache.Digest{}
	}
	return digestOf(p, append(more, m.frame)...)
}

// recall returns the file of a page whose view has not changed.
func (m *memory) recall(page string, view cache.Digest) (File, bool) {
	value, ok := m.cache.Get(keptPage + page)
	if !ok {
		return File{}, false
	}
	d := cache.Decoder{Data: value}
	var k keptFile
	copy(k.view[:], d.String())
	copy(k.file.Hash[:], d.String())
	k.file.Size = int64(d.Uint())
	k.file.Modified = time.Unix(0, int64(d.Int()))
	return k.file, d.Err == nil && k.view == view
}

// keep remembers a page.
func (m *memory) keep(page string, k keptFile) {
	if m.cache == nil {
		return
	}
	var e cache.Encoder
	e.String(string(k.view[:]))
	e.String(string(k.file.Hash[:]))
	e.Uint(int(k.file.Size))
	e.Int(int(k.file.Modified.UnixNano()))
	m.cache.Put(keptPage+page, e.Data)
}

// dictionary returns the terms of the search index of the build before.
func (m *memory) dictionary() []string {
	value, _ := m.cache.Get(keptDictionary)
	d := cache.Decoder{Data: value}
	return d.Strings()
}

func (m *memory) keepDictionary(terms []string) {
	var e cache.Encoder
	e.Strings(terms)
	if before, _ := m.cache.Get(keptDictionary); before != string(e.Data) {
		m.cache.Put(keptDictionary, e.Data)
	}
}

// assets bundles the assets, or recalls them if the templates are the same.
func (m *memory) assets(files fs.FS, digest string) (Assets, error) {
	if value, ok := m.cache.Get(keptAssets); ok {
		d := cache.Decoder{Data: value}
		if a := recallAssets(&d); d.Err == nil && d.Data == digest {
			return a, nil
		}
	}
	a, err := BuildAssets(files)
	if err != nil || m.cache == nil {
		return a, err
	}
	var e cache.Encoder
	a.keep(&e)
	m.cache.Put(keptAssets, append(e.Data, digest...))
	return a, nil
}

func (a Assets) keep(e *cache.Encoder) {
	e.Strings([]string{a.Style, a.Theme, a.Main, a.Palette, a.List, a.Icon})
	e.Uint(len(a.Files))
	for _, f := range a.Files {
		e.String(f.Path)
		e.String(string(f.Data))
	}
}

func recallAssets(d *cache.Decoder) Assets {
	const named = 6
	var a Assets
	names := d.Strings()
	if len(names) != named {
		d.Fail()
		return a
	}
	a.Style, a.Theme, a.Main, a.Palette, a.List, a.Icon = names[0], names[1], names[2], names[3], names[4], names[5]
	a.Files = make([]AssetFile, d.Len())
	for i := range a.Files {
		a.Files[i] = AssetFile{Path: d.String(), Data: []byte(d.String())}
	}
	return a
}

// frameOf returns the digest of what all pages share.
func frameOf(site Site, assets Assets, templates string) string {
	assets.Files = nil // their names hold their hashes
	shared := struct {
		Site      Site
		Assets    Assets
		Templates string
	}{site, assets, templates}
	d := digestOf(Page{Data: shared})
	return string(d[:])
}

// digestOfFiles returns the digest of all files of a file system with their names.
func digestOfFiles(files fs.FS) (string, error) {
	sum := sha256.New()
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(files, name)
		content := sha256.Sum256(data)
		sum.Write([]byte(name))
		sum.Write(content[:])
		return err
	})
	return hex.EncodeToString(sum.Sum(nil)), err
}

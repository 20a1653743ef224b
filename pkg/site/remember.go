package site

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"time"

	"github.com/signpost-dev/signpost/pkg/cache"
	"github.com/signpost-dev/signpost/pkg/search"
)

// Kinds of records, beside those of files of the catalog.
const (
	keptPage       = "page:"
	keptDictionary = "search dictionary"
	keptTexts      = "search texts"
	keptAssets     = "assets"
)

// memory is what a build remembers of the one before it in the same folder: of every page
// the digest of its view and how the file looked when it was written. A page whose view
// has the same digest, and whose file still looks so, is neither drawn nor read.
type memory struct {
	cache *cache.Cache // nil: nothing is remembered
	frame string       // digest of what all pages share: templates, site, names of assets
}

// pageKey is what decides whether a page has changed: the digest of its view, and of all
// that this can depend on (see reach). Either being what it was is enough; zero is
// unknown.
type pageKey struct{ view, reach cache.Digest }

func (k pageKey) same(now pageKey) bool {
	return now.view != cache.Digest{} && now.view == k.view || now.reach != cache.Digest{} && now.reach == k.reach
}

// keptFile is what is remembered of a page.
type keptFile struct {
	pageKey
	file File
}

// keyOf returns the digest of a page; the zero one if nothing is remembered.
func (m *memory) keyOf(p Page, more ...string) cache.Digest {
	if m.cache == nil {
		return cache.Digest{}
	}
	return digestOf(p, append(more, m.frame)...)
}

// recall returns what is remembered of a page.
func (m *memory) recall(page string) (k keptFile, ok bool) {
	value, ok := m.cache.Get(keptPage + page)
	if !ok {
		return k, false
	}
	d := cache.Decoder{Data: value}
	copy(k.view[:], d.String())
	copy(k.reach[:], d.String())
	k.file = RecallFile(&d)
	return k, d.Err == nil
}

// keep remembers a page.
func (m *memory) keep(page string, k keptFile) {
	if m.cache == nil {
		return
	}
	var e cache.Encoder
	e.String(string(k.view[:]))
	e.String(string(k.reach[:]))
	k.file.Keep(&e)
	m.cache.Put(keptPage+page, e.Data)
}

// Keep writes the file for a cache.
func (f File) Keep(e *cache.Encoder) {
	e.String(string(f.Hash[:]))
	e.Uint(int(f.Size))
	e.Int(int(f.Modified.UnixNano()))
}

// RecallFile reads what Keep wrote.
func RecallFile(d *cache.Decoder) (f File) {
	copy(f.Hash[:], d.String())
	f.Size = int64(d.Uint())
	f.Modified = time.Unix(0, int64(d.Int()))
	return f
}

// texts returns the full-text half of the search index of the build before, and its files.
func (m *memory) texts() (t search.Texts, files []File, ok bool) {
	value, ok := m.cache.Get(keptTexts)
	if !ok {
		return t, nil, false
	}
	d := cache.Decoder{Data: value}
	copy(t.Digest[:], d.String())
	t.Directory = d.String()
	t.Files = d.Strings()
	files = make([]File, len(t.Files))
	for i := range files {
		files[i] = RecallFile(&d)
	}
	return t, files, d.Err == nil
}

func (m *memory) keepTexts(t search.Texts, written map[string]File) {
	var e cache.Encoder
	e.String(string(t.Digest[:]))
	e.String(t.Directory)
	e.Strings(t.Files)
	for _, name := range t.Files {
		written[name].Keep(&e)
	}
	if before, _ := m.cache.Get(keptTexts); before != string(e.Data) {
		m.cache.Put(keptTexts, e.Data)
	}
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

// DigestOfFiles returns the digest of all files of a file system with their names.
func DigestOfFiles(files fs.FS) (string, error) {
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

package site

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// Assets are the styles and scripts of the site, bundled, minified and named by
// their content, so that browsers may keep them for ever.
type Assets struct {
	Files []AssetFile // sorted by path

	// Paths from the site's root of the files that pages name.
	Style   string // the one style sheet
	Theme   string // sets light or dark before anything is drawn; blocking, tiny
	Main    string // on every page, deferred
	Palette string // loaded at the first use of search
	List    string // loaded on lists, and on the home page once a team is chosen
	Icon    string // of the browser's tab
}

// AssetFile is one file to write.
type AssetFile struct {
	Path string // from the site's root: "assets/site.1f9c….css"
	Data []byte
}

// entry is a source file that becomes an asset.
type entry struct {
	source string
	name   string // asset's name without hash and extension
	field  func(*Assets) *string
}

var entries = []entry{
	{"css/site.css", "site", func(a *Assets) *string { return &a.Style }},
	{"ts/theme.ts", "theme", func(a *Assets) *string { return &a.Theme }},
	{"ts/palette.ts", "palette", func(a *Assets) *string { return &a.Palette }},
	{"ts/list.ts", "list", func(a *Assets) *string { return &a.List }},
	{"ts/main.ts", "main", func(a *Assets) *string { return &a.Main }}, // last: it names the others
}

// BuildAssets bundles css/site.css and the entry points in ts, reading all
// sources, imports included, from templates. The same sources give the same
// bytes. An error names each file and line that is wrong.
func BuildAssets(templates fs.FS) (Assets, error) {
	var a Assets
	var errs []error
	for _, e := range entries {
		data, err := bundle(templates, e.source, map[string]string{"PALETTE": strconv.Quote(a.Palette), "LIST": strconv.Quote(a.List)})
		if err != nil {
			errs = append(errs, err)
			continue
		}
		*e.field(&a) = a.add(e.name, extension(e.source), data)
	}
	icon, err := fs.ReadFile(templates, "icons/favicon.svg")
	if err != nil {
		errs = append(errs, fmt.Errorf("reading the site's icon: %w", err))
	} else {
		a.Icon = a.add("icon", ".svg", icon)
	}
	slices.SortFunc(a.Files, func(x, y AssetFile) int { return cmp.Compare(x.Path, y.Path) })
	return a, errors.Join(errs...)
}

func (a *Assets) add(name, ext string, data []byte) string {
	sum := sha256.Sum256(data)
	p := "assets/" + name + "." + hex.EncodeToString(sum[:6]) + ext
	a.Files = append(a.Files, AssetFile{Path: p, Data: data})
	return p
}

func extension(source string) string {
	if path.Ext(source) == ".css" {
		return ".css"
	}
	return ".js"
}

// bundle runs esbuild on one entry point, with constants by name.
func bundle(templates fs.FS, source string, constants map[string]string) ([]byte, error) {
	result := api.Build(api.BuildOptions{
		EntryPoints:       []string{source},
		Bundle:            true,
		Outdir:            "/out", // esbuild wants one; nothing is written
		Format:            api.FormatIIFE,
		Target:            api.ES2022,
		Charset:           api.CharsetUTF8,
		LegalComments:     api.LegalCommentsNone,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		TsconfigRaw:       `{"compilerOptions":{"strict":true,"target":"es2022"}}`,
		Define:            constants,
		Plugins:           []api.Plugin{fromFS(templates)},
	})
	if len(result.Errors) > 0 {
		return nil, bundleError(source, result.Errors)
	}
	if len(result.OutputFiles) != 1 {
		return nil, fmt.Errorf("bundling %s: got %d files, want one", source, len(result.OutputFiles))
	}
	return result.OutputFiles[0].Contents, nil
}

func bundleError(source string, messages []api.Message) error {
	var errs []error
	for _, m := range messages {
		if m.Location == nil {
			errs = append(errs, fmt.Errorf("bundling %s: %s", source, m.Text))
			continue
		}
		file := strings.TrimPrefix(m.Location.File, namespace+":")
		errs = append(errs, fmt.Errorf("%s:%d:%d: %s", file, m.Location.Line, m.Location.Column+1, m.Text))
	}
	return errors.Join(errs...)
}

// namespace marks paths that esbuild is to read through the plugin, never from disk.
const namespace = "templates"

// fromFS lets esbuild read from a file system. Imports are relative paths; their
// extension may be left out in TypeScript.
func fromFS(templates fs.FS) api.Plugin {
	return api.Plugin{Name: "templates", Setup: func(b api.PluginBuild) {
		b.OnResolve(api.OnResolveOptions{Filter: ".*"}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			name, err := resolve(templates, args)
			return api.OnResolveResult{Path: name, Namespace: namespace}, err
		})
		b.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: namespace}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			data, err := fs.ReadFile(templates, args.Path)
			text := string(data)
			loader := api.LoaderTS
			switch path.Ext(args.Path) {
			case ".css":
				loader = api.LoaderCSS
			case ".svg":
				loader = api.LoaderText // of an icon that scripts draw
			}
			return api.OnLoadResult{Contents: &text, Loader: loader}, err
		})
	}}
}

// resolve turns an import into a path of the file system.
func resolve(templates fs.FS, args api.OnResolveArgs) (string, error) {
	if args.Kind == api.ResolveEntryPoint {
		return args.Path, nil
	}
	if !strings.HasPrefix(args.Path, ".") {
		return "", fmt.Errorf("%q must be a relative path: nothing is bundled from elsewhere", args.Path)
	}
	name := path.Join(path.Dir(args.Importer), args.Path)
	for _, candidate := range []string{name, name + ".ts"} {
		if info, err := fs.Stat(templates, candidate); err == nil && !info.IsDir() {
			return candidate, nil
		}
	}
	return "", fmt.Errorf("%q does not exist", args.Path)
}

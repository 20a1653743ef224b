package site

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

var (
	use     = []byte(`<use href="`)
	useIcon = []byte(`#sp-i-`) // behind it; looked for first, since number signs are rare
	bodyEnd = []byte("</body>")
)

// usual are the attributes that most icons have. The stylesheet sets them for all, so a
// symbol need not say them again on every page.
var usual = []string{
	` fill="none"`, ` stroke="currentColor"`, ` stroke-width="1.75"`, ` stroke-linecap="round"`, ` stroke-linejoin="round"`,
}

// readIcons reads icons/*.svg and turns each into a symbol with the id "sp-i-NAME".
func readIcons(templates fs.FS) (map[string][]byte, error) {
	files, err := fs.ReadDir(templates, "icons")
	if err != nil {
		return nil, fmt.Errorf("reading icons: %w", err)
	}
	icons := map[string][]byte{}
	for _, file := range files {
		name, ok := strings.CutSuffix(file.Name(), ".svg")
		if !ok {
			continue
		}
		text, err := fs.ReadFile(templates, path.Join("icons", file.Name()))
		if err != nil {
			return nil, fmt.Errorf("reading icons: %w", err)
		}
		inner, isSVG := strings.CutPrefix(strings.TrimSpace(string(text)), "<svg ")
		inner, ends := strings.CutSuffix(inner, "</svg>")
		if !isSVG || !ends {
			return nil, fmt.Errorf(`icons/%s must begin with "<svg " and end with "</svg>"`, file.Name())
		}
		inner = strings.Replace(inner, `xmlns="http://www.w3.org/2000/svg" `, "", 1)
		root, content, _ := strings.Cut(inner, ">")
		for _, attribute := range usual {
			root = strings.Replace(root, attribute, "", 1)
		}
		inner = root + ">" + content
		icons[name] = []byte(`<symbol id="sp-i-` + name + `" ` + inner + `</symbol>`)
	}
	return icons, nil
}

// withIcons adds to a page the symbols that it uses, at the end of its body. They come
// last because the page has to be drawn before one knows which those are, and inside the
// page because another document's symbols do not work from a folder.
func (r *Renderer) withIcons(page *bytes.Buffer) ([]byte, error) {
	names := iconsOf(page.Bytes())
	end := bytes.LastIndex(page.Bytes(), bodyEnd)
	if len(names) == 0 || end < 0 {
		return page.Bytes(), nil
	}
	rest := string(page.Bytes()[end:])
	page.Truncate(end)
	page.WriteString(`<svg class="sprite" width="0" height="0" aria-hidden="true">`)
	for _, name := range names {
		symbol, ok := r.icons[name]
		if !ok {
			return nil, fmt.Errorf("there is no icon %q in icons/", name)
		}
		page.Write(symbol)
	}
	page.WriteString("</svg>\n")
	page.WriteString(rest)
	return page.Bytes(), nil
}

// iconsOf returns the names of the icons that a page uses, sorted.
func iconsOf(page []byte) []string {
	var names []string
	for {
		before, rest, found := bytes.Cut(page, useIcon)
		if !found {
			break
		}
		page = rest
		if !bytes.HasSuffix(before, use) {
			continue // text that looks like one
		}
		name, _, _ := bytes.Cut(rest, []byte{'"'})
		if !slices.ContainsFunc(names, func(known string) bool { return known == string(name) }) {
			names = append(names, string(name))
		}
	}
	slices.Sort(names)
	return names
}

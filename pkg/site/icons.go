package site

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

var (
	usedIcon = regexp.MustCompile(`<use href="#sp-i-([a-z-]+)"`)
	bodyEnd  = []byte("</body>")
)

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
		icons[name] = []byte(`<symbol id="sp-i-` + name + `" ` + inner + `</symbol>`)
	}
	return icons, nil
}

// addIcons puts the symbols that a page uses at the end of its body. They come
// last because the page has to be drawn before one knows which those are, and
// inside the page because another document's symbols do not work from a folder.
func (r *Renderer) addIcons(page []byte) ([]byte, error) {
	var names []string
	for _, m := range usedIcon.FindAllSubmatch(page, -1) {
		names = append(names, string(m[1]))
	}
	slices.Sort(names)
	names = slices.Compact(names)
	end := bytes.LastIndex(page, bodyEnd)
	if len(names) == 0 || end < 0 {
		return page, nil
	}
	var out bytes.Buffer
	out.Write(page[:end])
	out.WriteString(`<svg class="sprite" width="0" height="0" aria-hidden="true">`)
	for _, name := range names {
		symbol, ok := r.icons[name]
		if !ok {
			return nil, fmt.Errorf("there is no icon %q in icons/", name)
		}
		out.Write(symbol)
	}
	out.WriteString("</svg>\n")
	out.Write(page[end:])
	return out.Bytes(), nil
}

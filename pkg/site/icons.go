package site

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// dataImage begins the address of a drawing that stands in the style sheet itself.
const dataImage = "data:image/svg+xml,"

// iconSheet is the style sheet of icons. It ends with a rule for each file in icons/.
const iconSheet = "css/icons.css"

// inStyles writes a drawing so that it can stand in a style sheet's url("data:…").
var inStyles = strings.NewReplacer(`"`, `'`, `%`, `%25`, `#`, `%23`, `<`, `%3C`, `>`, `%3E`, "\n", " ")

// iconRules makes a rule of each icon, for elements with the class "i-NAME". Icons are in
// the style sheet, which browsers fetch once, and not in pages: there the few that each
// page shows would be a tenth of it. They are in it whole, since a file of its own would
// not be used as a mask when pages are opened from a folder.
func iconRules(templates fs.FS) (string, error) {
	files, err := fs.ReadDir(templates, "icons")
	if err != nil {
		return "", fmt.Errorf("reading icons: %w", err)
	}
	var rules strings.Builder
	for _, file := range files {
		name, ok := strings.CutSuffix(file.Name(), ".svg")
		if !ok || name == "favicon" {
			continue
		}
		text, err := fs.ReadFile(templates, path.Join("icons", file.Name()))
		if err != nil {
			return "", fmt.Errorf("reading icons: %w", err)
		}
		drawing := strings.TrimSpace(string(text))
		if !strings.HasPrefix(drawing, "<svg ") || !strings.HasSuffix(drawing, "</svg>") {
			return "", fmt.Errorf(`icons/%s must begin with "<svg " and end with "</svg>"`, file.Name())
		}
		fmt.Fprintf(&rules, ".i-%s { --i: url(\"%s%s\") }\n", name, dataImage, inStyles.Replace(drawing))
	}
	return rules.String(), nil
}

// icon is where a template shows an icon.
var icon = regexp.MustCompile(`{{-? *template "icon" "([^"]*)"`)

// checkIcons finds an icon that a template shows and that does not exist: nothing else
// would say so.
func checkIcons(templates fs.FS, name, text string) error {
	for _, found := range icon.FindAllStringSubmatch(text, -1) {
		if _, err := fs.Stat(templates, "icons/"+found[1]+".svg"); err != nil {
			return fmt.Errorf("%s: there is no icon %q in icons/", name, found[1])
		}
	}
	return nil
}

package scaffold

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Options is what a new catalog says of its organisation. The zero value will do.
type Options struct {
	Title        string // the portal's name; default: from the folder's
	Organisation string // the organisation's full name; default: the title
	Repository   string // https address at which it will stand; default: left for people to fill in
	Version      string // of this program; the new repository's workflow installs it if it is a release, else the latest
}

// OptionError says why an option cannot be used.
type OptionError struct {
	Option string // as it is given: "--title"
	Reason string
}

func (e *OptionError) Error() string { return e.Option + " " + e.Reason }

// values are what the texts of the starter may say.
type values struct {
	Title        string
	Organisation string
	Repository   string // without a slash at its end
	Beside       string // the folder of Repository: other repositories of the organisation
	Account      string // the first part of the repository's path: who keeps it
	Placeholder  bool   // whether the account is yet to be replaced
	Release      string // what to install: v1.2.3 or latest
}

// placeholder stands where we do not know: a guess might be somebody else's account.
const placeholder = "your-organisation"

func (o Options) values(folder string) (values, error) {
	v := values{Release: "latest"}
	if released.MatchString(o.Version) {
		v.Release = o.Version
	}
	var err error
	if v.Title, err = words("--title", o.Title, titleOf(folder)); err != nil {
		return values{}, err
	}
	if v.Organisation, err = words("--organisation", o.Organisation, v.Title); err != nil {
		return values{}, err
	}
	if o.Repository == "" {
		v.Placeholder = true
		o.Repository = "https://github.com/" + placeholder + "/catalog"
	}
	u, err := address(o.Repository)
	if err != nil {
		return values{}, err
	}
	v.Repository = u.String()
	v.Account, _, _ = strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	u.Path = path.Dir(u.Path)
	v.Beside = u.String()
	return v, nil
}

// released matches versions that everybody can install: no commit of a branch, no
// tree with changes.
var released = regexp.MustCompile(`^v[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$`)

// titleOf makes words of a folder's name: "acme-catalog" is "Acme catalog". It is
// empty if the name has neither letters nor digits.
func titleOf(folder string) string {
	text := strings.Join(strings.FieldsFunc(folder, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " ")
	if text == "" {
		return ""
	}
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// longestTitle is what the schema of signpost.yaml allows.
const longestTitle = 200

// words returns a text of one line, or the fallback if there is none.
func words(option, text, fallback string) (string, error) {
	given := text != ""
	if !given {
		text = fallback
	}
	text = strings.TrimSpace(text)
	fault := ""
	switch {
	case text == "":
		fault = "is empty"
	case !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }):
		fault = "has characters that cannot be seen"
	case utf8.RuneCountInString(text) > longestTitle:
		fault = fmt.Sprintf("has more than %d characters", longestTitle)
	default:
		return text, nil
	}
	if given {
		return "", &OptionError{option, fault}
	}
	return "", &OptionError{option, "is missing: the name of the folder does not make one"}
}

// segment is one part of a repository's path. It is put into CODEOWNERS and
// references as it is, and so must be plain.
var segment = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?$`)

var host = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?$`)

// address returns a repository's address in its plainest form.
func address(text string) (*url.URL, error) {
	wrong := &OptionError{"--repository", fmt.Sprintf("is %q; give an address such as https://github.com/acme/catalog", text)}
	u, err := url.Parse(text)
	if err == nil && u.User != nil { // not to be repeated in a log
		return nil, &OptionError{"--repository", "holds a name or password; give the plain address, such as https://github.com/acme/catalog"}
	}
	if err != nil || u.Scheme != "https" || !host.MatchString(u.Host) || u.RawQuery != "" || u.Fragment != "" {
		return nil, wrong
	}
	parts := strings.Split(strings.TrimSuffix(strings.Trim(u.Path, "/"), ".git"), "/")
	if len(parts) < 2 || slices.ContainsFunc(parts, func(p string) bool { return !segment.MatchString(p) }) {
		return nil, wrong
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/" + path.Join(parts...)}, nil
}

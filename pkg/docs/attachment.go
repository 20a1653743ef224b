package docs

import (
	"bytes"
	"path"
	"strings"
)

// beginnings says how the content of an attachment begins, by the extension of its name;
// "" is for text, which can begin with anything.
var beginnings = map[string]string{
	".pdf": "%PDF-", ".csv": "", ".tsv": "", ".txt": "", ".log": "",
	".zip": "PK", ".docx": "PK", ".xlsx": "PK", ".pptx": "PK", ".odt": "PK", ".ods": "PK", ".odp": "PK",
}

// AttachmentType returns the file extension for an attachment that may be published: PDF,
// files of office programs, ZIP, CSV and plain text. No browser runs anything in them in the
// name of the site. It says no to everything else, and to what does not hold what its name
// says.
func AttachmentType(file string, data []byte) (ext string, ok bool) {
	ext = strings.ToLower(path.Ext(file))
	beginning, ok := beginnings[ext]
	if !ok || !bytes.HasPrefix(data, []byte(beginning)) {
		return "", false
	}
	return ext, true
}

package site

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path"
	"strings"
	"sync"

	"github.com/signpost-dev/signpost/pkg/catalog"
	"github.com/signpost-dev/signpost/pkg/diag"
	"github.com/signpost-dev/signpost/pkg/docs"
	"github.com/signpost-dev/signpost/pkg/portal"
	"github.com/signpost-dev/signpost/pkg/source"
)

// drawer turns documents into pages, for a build and for a preview.
type drawer struct {
	tree      *source.Tree
	documents *docs.Set
	portal    *portal.Portal
	renderer  *Renderer
	publish   func(path string, data []byte) error // takes the images and attachments of documents
	images    sync.Map                             // path in the tree → site path, "" for what is not published
}

func (d *drawer) parse(doc *docs.Document) (*docs.Parsed, []diag.Diagnostic, error) {
	data, err := docs.Read(d.tree, doc)
	if err != nil {
		return nil, nil, fmt.Errorf("reading %s: %w", doc.Name, err)
	}
	parsed, found := d.documents.Parse(doc, data)
	return parsed, found, nil
}

// document works out the page of a document. If what its text would become is out of
// proportion, that is an error, and the page is without text.
func (d *drawer) document(pages *DocumentPages, doc *docs.Document, parsed *docs.Parsed) (Page, error) {
	body, err := parsed.Render(d.around())
	var headings []Heading
	for _, h := range parsed.Headings {
		if h.ID != "" && (h.Level == 2 || h.Level == 3) {
			headings = append(headings, Heading{Level: h.Level, Text: h.Text, ID: h.ID})
		}
	}
	return pages.Page(doc, body, headings, parsed.Steps()), err
}

// tooLarge is the finding for a document whose text cannot be shown.
func tooLarge(doc *docs.Document, err error) diag.Diagnostic {
	return diag.Diagnostic{Span: diag.Span{File: doc.Name}, Severity: diag.Error, Code: "document-limit", Message: err.Error()}
}

// around is the site around the text of a document.
func (d *drawer) around() docs.Site {
	return docs.Site{Asset: d.asset, Repository: d.repositoryURL}
}

// asset publishes an image or attachment of the tree under its content's hash. Attachments
// keep their names, for that is what they are saved as.
func (d *drawer) asset(file string) (sitePath string, ok bool) {
	if known, ok := d.images.Load(file); ok {
		return known.(string), known.(string) != ""
	}
	data, err := d.tree.Read(file, source.SpecLimits.Bytes)
	if err != nil {
		return "", false // the link is shown; that it leads nowhere is a finding
	}
	sum := sha256.Sum256(data)
	hash := hex.EncodeToString(sum[:8])
	ext, ok := docs.ImageType(data)
	if ok {
		sitePath = "assets/images/" + hash + ext
	} else if ext, ok = docs.AttachmentType(file, data); ok {
		name := cmp.Or(catalog.Slug(strings.TrimSuffix(path.Base(file), path.Ext(file))), "file")
		sitePath = "assets/files/" + hash + "/" + name + ext
	}
	if ok {
		if d.publish(sitePath, data) != nil {
			return "", false
		}
	}
	d.images.Store(file, sitePath)
	return sitePath, ok
}

// repositoryURL returns where a file of the repository can be seen.
func (d *drawer) repositoryURL(file string) string {
	return d.portal.ViewURL(diag.Span{File: file})
}

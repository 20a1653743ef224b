package docs

import "bytes"

// ImageType returns the file extension for the content of an image that may be
// published: PNG, JPEG, GIF and WebP, known by how they begin and not by their
// name. It says no to everything else; to SVG as well, which is a document that
// can hold scripts and load things.
func ImageType(data []byte) (ext string, ok bool) {
	switch {
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		return ".png", true
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		return ".jpg", true
	case bytes.HasPrefix(data, []byte("GIF87a")), bytes.HasPrefix(data, []byte("GIF89a")):
		return ".gif", true
	case len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return ".webp", true
	default:
		return "", false
	}
}

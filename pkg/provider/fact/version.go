package fact

import "strings"

// Version returns the version of a container image: its tag, or the digest if it has no
// tag. "registry:5000/payments" has neither.
func Version(image string) string {
	image, digest, _ := strings.Cut(image, "@")
	name := image[strings.LastIndexByte(image, '/')+1:]
	if _, tag, ok := strings.Cut(name, ":"); ok && tag != "" {
		return Name(tag)
	}
	return Name(digest)
}

// Image returns the name of a container image without registry, tag and digest:
// "team/payments" of "registry:5000/team/payments:1.2".
func Image(image string) string {
	image, _, _ = strings.Cut(image, "@")
	slash := strings.LastIndexByte(image, '/')
	if colon := strings.LastIndexByte(image, ':'); colon > slash {
		image = image[:colon]
	}
	if host, rest, ok := strings.Cut(image, "/"); ok && strings.ContainsAny(host, ".:") {
		image = rest
	}
	return Name(image)
}

// Commit returns a full commit hash of Git, or nothing.
func Commit(s string) string {
	if len(s) != 40 && len(s) != 64 {
		return ""
	}
	if strings.Trim(s, "0123456789abcdef") != "" {
		return ""
	}
	return s
}

package argocd

import (
	"path"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/fact"
)

// version returns which version runs: the tag of the image that the subject names, or that
// is named as the entity is, or of the only one; else what Git or Helm were asked for, if
// that is not just the newest.
func (a *application) version(s provider.Subject) string {
	wanted := s.With["image"]
	images := map[string]string{}
	for _, image := range a.Status.Summary.Images {
		name, version := fact.Image(image), fact.Version(image)
		if wanted != "" && (name == wanted || path.Base(name) == wanted) || wanted == "" && path.Base(name) == fact.Called(s.Entity) {
			return version
		}
		images[name] = version
	}
	if wanted == "" && len(images) == 1 {
		for _, version := range images {
			return version
		}
	}
	for _, from := range append([]source{a.Spec.Source}, a.Spec.Sources...) {
		if r := from.TargetRevision; r != "" && r != "HEAD" && r != "*" {
			return fact.Name(r)
		}
	}
	return ""
}

// commit returns that of the last operation, or else the one that is compared with.
func (a *application) commit() string {
	var all []string
	if o := a.Status.Operation; o != nil {
		all = append(append(all, o.Result.Revision), o.Result.Revisions...)
	}
	all = append(append(all, a.Status.Sync.Revision), a.Status.Sync.Revisions...)
	for _, revision := range all {
		if commit := fact.Commit(revision); commit != "" { // charts have versions instead
			return commit
		}
	}
	return ""
}

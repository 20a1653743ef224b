package kubernetes

import (
	"fmt"
	"path"
	"strings"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/connect"
	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

// usualLabel names the application that a workload belongs to.
// https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
const usualLabel = "app.kubernetes.io/name"

// find returns the one workload of a subject.
func (k *kubernetes) find(all []workload, s provider.Subject) (*workload, error) {
	if cluster := s.With["cluster"]; cluster != "" && cluster != k.cluster {
		return nil, connect.Wrong("%s: the provider %s reads the cluster %q, not %q; set cluster in signpost.yaml or name another provider", s.Place, k.name, k.cluster, fact.Name(cluster))
	}
	matches, what, err := matcher(s)
	if err != nil {
		return nil, err
	}
	var found []*workload
	for i := range all {
		if namespace := s.With["namespace"]; (namespace == "" || namespace == all[i].Metadata.Namespace) && matches(&all[i]) {
			found = append(found, &all[i])
		}
	}
	switch len(found) {
	case 0:
		return nil, &provider.Error{Kind: snapshot.NotFound, Message: fmt.Sprintf(
			"%s: the cluster has no workload with %s, or the token may not see it", s.Place, what)}
	case 1:
		return found[0], nil
	}
	return nil, connect.Wrong("%s: the cluster has %d workloads with %s, such as %s and %s; say which by namespace and workload", s.Place, len(found), what, found[0].id(), found[1].id())
}

// matcher returns what tells the workload of a subject, and that in words.
func matcher(s provider.Subject) (func(*workload) bool, string, error) {
	if name := s.With["workload"]; name != "" {
		kind, rest, ok := strings.Cut(name, "/")
		if !ok {
			kind, rest = "", name
		}
		if kind = strings.ToLower(kind); kind != "" && kind != deployment && kind != statefulSet {
			return nil, "", connect.Wrong("%s: workload has to be a name, deployment/name or statefulset/name, not %q", s.Place, fact.Name(name))
		}
		return func(w *workload) bool { return w.Metadata.Name == rest && (kind == "" || kind == w.kind) }, fmt.Sprintf("the name %q", fact.Name(name)), nil
	}
	selector := s.With["selector"]
	if selector == "" {
		selector = usualLabel + "=" + fact.Called(s.Entity)
	}
	labels := map[string]string{}
	for part := range strings.SplitSeq(selector, ",") {
		key, value, ok := strings.Cut(strings.TrimSpace(part), "=")
		if !ok || key == "" || strings.ContainsAny(key+value, "!=() ") {
			return nil, "", connect.Wrong("%s: selector has to be label=value, with commas between several, not %q", s.Place, fact.Name(selector))
		}
		labels[key] = value
	}
	return func(w *workload) bool {
		for key, value := range labels {
			if has, ok := w.Metadata.Labels[key]; !ok || has != value {
				return false
			}
		}
		return true
	}, fmt.Sprintf("the labels %s", fact.Name(selector)), nil
}

// version is that of the image of the container that the subject names, or that is named as
// the entity or the workload is; else of the first, beside which there are helpers.
func (w *workload) version(s provider.Subject) string {
	all := w.Spec.Template.Spec.Containers
	for _, name := range []string{s.With["container"], fact.Called(s.Entity), w.Metadata.Name} {
		for _, c := range all {
			if name != "" && (c.Name == name || path.Base(fact.Image(c.Image)) == name) {
				return fact.Version(c.Image)
			}
		}
	}
	if len(all) == 0 {
		return ""
	}
	return fact.Version(all[0].Image)
}

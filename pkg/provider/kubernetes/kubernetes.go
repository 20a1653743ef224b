// Package kubernetes reads which versions run in a cluster, and whether all their replicas
// do. It speaks the REST API with a bearer token, such as that of a service account that
// may list Deployments and StatefulSets; it reads no kubeconfig and runs no plugins. The
// certificate of the cluster has to be one that the system trusts (SSL_CERT_FILE).
//
// Settings: url (required), token (variable of a bearer token; KUBERNETES_TOKEN), private,
// cluster (its name; that of the provider by default), namespaces (with commas between; all
// by default).
//
// A subject of purpose deployments or health has
//   - workload: the name of a Deployment or StatefulSet, or deployment/name;
//   - or selector: labels of it, as label=value with commas between. Without both, the label
//     app.kubernetes.io/name has to be the name of the entity;
//   - namespace, where that leaves several;
//   - container: the one whose image has the version;
//   - cluster: the cluster that is meant, to be told if it is another.
package kubernetes

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/connect"
	"github.com/signpost-dev/signpost/pkg/provider/fact"
	"github.com/signpost-dev/signpost/pkg/snapshot"
)

const (
	deployment  = "deployment"
	statefulSet = "statefulset"
)

type kubernetes struct {
	client     *provider.Client
	name       string // of the provider
	base       string
	cluster    string
	namespaces []string // nil for all
}

// New makes the provider.
func New(s provider.Settings) (provider.Provider, error) {
	o, err := connect.Options(s, "", "KUBERNETES_TOKEN")
	if err != nil {
		return nil, err
	}
	client, err := s.NewClient(o)
	if err != nil {
		return nil, err
	}
	k := &kubernetes{client: client, name: s.Name, base: o.Base, cluster: s.With["cluster"], namespaces: connect.List(s.With["namespaces"])}
	if k.cluster == "" {
		k.cluster = s.Name
	}
	return k, nil
}

// Fetch lists the workloads, and joins them to the subjects. What else runs in a cluster is
// not told: most of it is the cluster's own.
func (k *kubernetes) Fetch(ctx context.Context, r provider.Request) (snapshot.Facts, error) {
	var facts snapshot.Facts
	all, err := k.workloads(ctx)
	if err != nil {
		return facts, err
	}
	missing := map[string]bool{}
	for _, s := range fact.Of(r.Subjects, provider.Deployments, provider.Health) {
		w, err := k.find(all, s)
		if err != nil {
			facts.Problems = append(facts.Problems, provider.OfSubject(s, err))
			if name := s.With["workload"]; name != "" && provider.ProblemOf(err).Kind == snapshot.NotFound && !missing[s.Entity+name] {
				missing[s.Entity+name] = true
				facts.Foreign = append(facts.Foreign, snapshot.Foreign{ID: fact.Name(name), Kind: "workload", Name: fact.Name(name), State: "missing", Entity: s.Entity})
			}
			continue
		}
		if s.Purpose == provider.Health {
			facts.Health = append(facts.Health, w.health(s, r.Now))
		} else {
			facts.Deployments = append(facts.Deployments, w.deployment(s, r))
		}
	}
	return facts, nil
}

// workloads lists all Deployments and StatefulSets that may be seen.
func (k *kubernetes) workloads(ctx context.Context) ([]workload, error) {
	below := []string{""}
	if len(k.namespaces) > 0 {
		below = nil
	}
	for _, namespace := range k.namespaces {
		below = append(below, "/namespaces/"+url.PathEscape(namespace))
	}
	var all []workload
	for _, namespace := range below {
		for _, kind := range []string{deployment, statefulSet} {
			some, err := k.list(ctx, "/apis/apps/v1"+namespace+"/"+kind+"s", kind)
			if err != nil {
				return nil, err
			}
			all = append(all, some...)
		}
	}
	return all, nil
}

// list asks for page after page of one kind.
func (k *kubernetes) list(ctx context.Context, path, kind string) ([]workload, error) {
	asked := http.MethodGet + " " + path
	var all []workload
	seen := map[string]bool{}
	err := k.client.EachPart(ctx, path, url.Values{"limit": {"500"}}, func(data json.RawMessage) (url.Values, error) {
		var l list
		if err := json.Unmarshal(data, &l); err != nil {
			return nil, connect.Garbled(asked, "the answer is not what Kubernetes documents: %v", err)
		}
		if !strings.HasSuffix(l.Kind, "List") {
			return nil, connect.Garbled(asked, "the answer is of the kind %q and no list; is %s a cluster?", fact.Name(l.Kind), k.base)
		}
		for _, w := range l.Items {
			// One that has moved to another page meanwhile counts once.
			if w.kind = kind; !seen[w.id()] {
				all = append(all, w)
			}
			seen[w.id()] = true
		}
		next := l.Metadata.Continue
		if next == "" {
			return nil, nil
		}
		return url.Values{"limit": {"500"}, "continue": {next}}, nil
	})
	return all, err
}

package main

import (
	"github.com/signpost-dev/signpost/pkg/provider"
	"github.com/signpost-dev/signpost/pkg/provider/alertmanager"
	"github.com/signpost-dev/signpost/pkg/provider/argocd"
	"github.com/signpost-dev/signpost/pkg/provider/datadog"
	"github.com/signpost-dev/signpost/pkg/provider/file"
	"github.com/signpost-dev/signpost/pkg/provider/github"
	"github.com/signpost-dev/signpost/pkg/provider/http"
	"github.com/signpost-dev/signpost/pkg/provider/kubernetes"
	"github.com/signpost-dev/signpost/pkg/provider/opsgenie"
	"github.com/signpost-dev/signpost/pkg/provider/pagerduty"
	"github.com/signpost-dev/signpost/pkg/provider/prometheus"
	"github.com/signpost-dev/signpost/pkg/provider/terraform"
)

// providers are the live systems that can be read, by their type in signpost.yaml.
var providers = map[string]func(provider.Settings) (provider.Provider, error){
	"alertmanager": alertmanager.New,
	"argocd":       argocd.New,
	"datadog":      datadog.New,
	"file":         file.New,
	"github":       github.New,
	"http":         http.New,
	"jsm":          opsgenie.NewJSM,
	"kubernetes":   kubernetes.New,
	"opsgenie":     opsgenie.New,
	"pagerduty":    pagerduty.New,
	"prometheus":   prometheus.New,
	"terraform":    terraform.New,
}

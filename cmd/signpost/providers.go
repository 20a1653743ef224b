package main

import (
	"github.com/signpost-dev/signpost/pkg/provider"
)

// providers are the live systems that can be read, by their type in signpost.yaml.
var providers = map[string]func(provider.Settings) (provider.Provider, error){}

package opsgenie

import "regexp"

// identifier is what one of Opsgenie looks like. Others stand in no path and no descriptor.
var identifier = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

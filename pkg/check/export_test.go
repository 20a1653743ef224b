package check

// Checks reports whether the rule looks for itself, rather than stand for what
// those who read have found.
func (r Rule) Checks() bool { return r.check != nil }

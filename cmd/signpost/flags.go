package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// nowFlag is the instant at which a command is taken to run.
type nowFlag struct{ time.Time }

func (f *nowFlag) String() string { return "the clock" }
func (f *nowFlag) Type() string   { return "RFC3339" }

func (f *nowFlag) Set(text string) error {
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			f.Time = t
			return nil
		}
	}
	return fmt.Errorf("write an instant such as 2026-03-01T09:00:00Z, or a day")
}

// instant returns the time that was given, or the clock's.
func (f *nowFlag) instant() time.Time {
	if f.IsZero() {
		return time.Now()
	}
	return f.Time
}

func addNow(flags *pflag.FlagSet, f *nowFlag) {
	flags.Var(f, "now", "the time to judge dates by")
}

// choice is a flag with a fixed set of values.
type choice struct {
	value   string
	allowed []string
}

func (c *choice) String() string { return c.value }
func (c *choice) Type() string   { return strings.Join(c.allowed, "|") }

func (c *choice) Set(text string) error {
	if !slices.Contains(c.allowed, text) {
		return fmt.Errorf("it is one of %s", strings.Join(c.allowed, ", "))
	}
	c.value = text
	return nil
}

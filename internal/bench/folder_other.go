//go:build !linux

package main

import "os"

// memoryFolder is the usual folder for what is temporary: this system has none in memory.
func memoryFolder() string { return os.TempDir() }

package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/spf13/pflag"

	"github.com/signpost-dev/signpost/pkg/cache"
)

// cacheOptions say where a build keeps what the next one need not work out again.
type cacheOptions struct {
	dir string // empty: the user's cache folder
	off bool
}

func (o *cacheOptions) addTo(flags *pflag.FlagSet) {
	flags.StringVar(&o.dir, "cache", "", "where to keep what the next build need not work out again (default the user's cache folder)")
	flags.BoolVar(&o.off, "no-cache", false, "work everything out, and keep nothing for the next build")
}

// folder returns the folder for what is kept, or "" if nothing is.
func (o cacheOptions) folder() (string, error) {
	if o.off {
		return "", nil
	}
	if o.dir != "" {
		if info, err := os.Stat(o.dir); err == nil && !info.IsDir() {
			return "", usageError{fmt.Errorf("--cache %s is not a folder", o.dir)}
		}
		return o.dir, nil
	}
	user, err := os.UserCacheDir()
	if err != nil {
		return "", nil // there is no such folder: CI machines may have none
	}
	return filepath.Join(user, "signpost"), nil
}

// open opens the cache of the builds of one catalog into one folder, and for one set of
// what decides about everything: signpost.yaml and what is left out.
func (o cacheOptions) open(catalog, out string, decisive []byte) (*cache.Cache, error) {
	dir, err := o.folder()
	if err != nil || dir == "" {
		return nil, err
	}
	out, err = filepath.Abs(out)
	if err != nil {
		return nil, err
	}
	name := sha256.Sum256([]byte(catalog + "\x00" + out))
	program, err := programIdentity()
	if err != nil {
		return nil, nil // a program that cannot be told from others must not read their caches
	}
	settings := sha256.Sum256(decisive)
	identity := program + " " + hex.EncodeToString(settings[:])
	return cache.Open(filepath.Join(dir, hex.EncodeToString(name[:16])), identity, time.Now()), nil
}

// programIdentity tells this program from any other version of it.
func programIdentity() (string, error) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "", errors.New("the program does not say how it was built")
	}
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	file, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	revision := ""
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" || s.Key == "vcs.modified" {
			revision += s.Value
		}
	}
	return fmt.Sprintf("%s %s %s %d %d", info.GoVersion, info.Main.Version, revision, file.Size(), file.ModTime().UnixNano()), nil
}

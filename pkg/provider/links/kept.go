package links

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// How long an answer is believed: what is there stays for long, what is not may be mended.
const (
	goodFor = 7 * 24 * time.Hour
	badFor  = time.Hour
)

func (a Answer) fresh(now time.Time) bool {
	believed := badFor
	if a.State == Good || a.State == Moved {
		believed = goodFor
	}
	age := now.Sub(a.Asked)
	return 0 <= age && age < believed
}

const mostKept = 64 << 20 // bytes of the file

// readKept returns the answers of earlier runs. A file that cannot be used is as good as
// none: then everything is asked for.
func readKept(file string) map[string]Answer {
	kept := map[string]Answer{}
	if file == "" {
		return kept
	}
	f, err := os.Open(file)
	if err != nil {
		return kept
	}
	defer f.Close()
	if json.NewDecoder(io.LimitReader(f, mostKept)).Decode(&kept) != nil || kept == nil {
		return map[string]Answer{}
	}
	return kept
}

// writeKept keeps the answers that are still good by now, in place of what there was.
func writeKept(file string, answers map[string]Answer, now time.Time) error {
	for address, a := range answers {
		if !a.fresh(now) {
			delete(answers, address)
		}
	}
	data, err := json.Marshal(answers)
	if err != nil {
		return fmt.Errorf("keeping what links answered: %w", err)
	}
	if err := replace(file, data); err != nil {
		return fmt.Errorf("keeping what links answered: %w", err)
	}
	return nil
}

// replace swaps a file for another whole, so that two runs at once do each other no harm.
func replace(file string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(file), "links-*.new")
	if err != nil {
		return err
	}
	_, err = temp.Write(data)
	if closed := temp.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(temp.Name(), file)
	}
	if err != nil {
		_ = os.Remove(temp.Name())
	}
	return err
}

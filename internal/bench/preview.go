package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/signpost-dev/signpost/internal/bench/generate"
)

// saves is how often each kind of file is saved while a preview runs.
const saves = 9

// preview is what somebody who edits a catalog waits for.
type preview struct {
	first            time.Duration // from the start to the first page
	checked          time.Duration // from the start to the end of the first check
	runbook, service time.Duration // from a save to the changed page, median
	peak             int64
}

// preview runs `signpost serve`, saves files, and fetches their pages as an open page does
// when it is told that something has changed.
func (b *bench) preview(ctx context.Context) (p preview, err error) {
	command := exec.CommandContext(ctx, b.binary, "serve", b.catalog, "--addr", "127.0.0.1:0", "--now", day)
	said, err := command.StderrPipe()
	if err != nil {
		return p, err
	}
	began := time.Now()
	if err := command.Start(); err != nil {
		return p, err
	}
	lines := bufio.NewScanner(said)
	defer func() {
		_ = command.Process.Kill()
		_, _ = io.Copy(io.Discard, said)
		_ = command.Wait() // it was killed
		p.peak = peakMemory(command.ProcessState)
	}()
	address, err := next(lines, "serving on ")
	if err != nil {
		return p, err
	}
	url, _, _ := strings.Cut(address, " ")
	response, err := http.Get(url + "/-/live")
	if err != nil {
		return p, err
	}
	defer response.Body.Close()
	events := bufio.NewScanner(response.Body)
	w := watched{b: b, url: url, said: lines, events: events}
	descriptor, runbook := generate.DescriptorOf(b.services/2), generate.RunbookOf(b.services/2)
	if err := w.changed(ctx, pageOf(descriptor), "</html>"); err != nil {
		return p, err
	}
	p.first = time.Since(began)
	if _, err := next(lines, "shown after "); err != nil {
		return p, err
	}
	p.checked = time.Since(began)
	if p.runbook, err = w.saves(ctx, runbook, "for the %dth time."); err != nil {
		return p, err
	}
	p.service, err = w.saves(ctx, descriptor, "edit-%d,")
	return p, err
}

// pageOf is the page of a generated file.
func pageOf(file string) string {
	return strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(file, "/service.yaml"), ".md"), ".yaml") + ".html"
}

// watched is a preview with a page open.
type watched struct {
	b      *bench
	url    string
	said   *bufio.Scanner // what the command writes
	events *bufio.Scanner // what the page is told
}

// saves returns the median of the times from a save to the page that says so.
func (w *watched) saves(ctx context.Context, file, says string) (time.Duration, error) {
	var all []time.Duration
	for range saves {
		began := time.Now()
		if err := w.b.edit(file); err != nil {
			return 0, err
		}
		if err := w.changed(ctx, pageOf(file), fmt.Sprintf(says, w.b.edits)); err != nil {
			return 0, err
		}
		all = append(all, time.Since(began))
		if _, err := next(w.said, "shown after "); err != nil {
			return 0, err
		}
	}
	slices.Sort(all)
	return all[len(all)/2], nil
}

// changed waits until a page is told of a change after which it says something.
func (w *watched) changed(ctx context.Context, page, says string) error {
	for w.events.Scan() {
		if !strings.HasPrefix(w.events.Text(), "data: ") {
			continue
		}
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, w.url+"/"+page, nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			return err
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil {
			return err
		}
		if response.StatusCode == http.StatusOK && strings.Contains(string(body), says) {
			return nil
		}
	}
	return fmt.Errorf("the preview ended before %s said %q", page, says)
}

// next returns the rest of the next line that begins with a text.
func next(lines *bufio.Scanner, begins string) (string, error) {
	for lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), begins); ok {
			return rest, nil
		}
	}
	return "", fmt.Errorf("the preview ended without saying %q", begins)
}

func (p preview) print(w io.Writer) {
	ms := func(d time.Duration) string { return fmt.Sprintf("%.0f ms", float64(d.Microseconds())/1000) }
	fmt.Fprintf(w, "\n| `serve` | |\n|---|---:|\n| first page | %s |\n| everything checked | %s |\n| a runbook saved, to its page | %s |\n| a service saved, to its page | %s |\n| peak memory | %s |\n",
		ms(p.first), ms(p.checked), ms(p.runbook), ms(p.service), mebibytes(float64(p.peak)))
}

package githistory

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

const (
	// longestToken bounds one path or name in Git's output, in bytes.
	longestToken = 1 << 20

	// longestMessage bounds what is kept of Git's error messages.
	longestMessage = 4 << 10
)

// config is put above a repository's own configuration, which may name programs
// to run at every turn.
var config = []string{
	"core.fsmonitor=false",
	"core.hooksPath=" + os.DevNull,
	"core.attributesFile=" + os.DevNull,
	"core.quotePath=false",
	"diff.external=",
	"diff.orderFile=" + os.DevNull,
	"log.showSignature=false", // runs gpg.program
	"log.showRoot=true",
	"log.follow=false",
	"gc.auto=0",
	"maintenance.auto=false",
	"protocol.allow=never", // a partial clone would fetch what it lacks
	"safe.bareRepository=explicit",
}

// command prepares git to run in dir with nothing of the surroundings but what
// the user's own configuration says, such as which repositories to trust.
func command(ctx context.Context, dir string, args ...string) *exec.Cmd {
	full := []string{"--no-pager", "--no-replace-objects", "--literal-pathspecs"}
	for _, c := range config {
		full = append(full, "-c", c)
	}
	cmd := exec.CommandContext(ctx, "git", append(full, args...)...)
	cmd.Dir = dir
	cmd.WaitDelay = 5 * time.Second
	for _, v := range os.Environ() {
		// GIT_DIR and its like, set while a hook runs, would lead elsewhere.
		if !strings.HasPrefix(v, "GIT_") || strings.HasPrefix(v, "GIT_CONFIG_") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	cmd.Env = append(cmd.Env,
		"LC_ALL=C", "LANGUAGE=", "GIT_CONFIG_NOSYSTEM=1", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0",
		"GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none", "GIT_ATTR_NOSYSTEM=1", "GIT_PAGER=")
	return cmd
}

// output runs git and returns what it prints.
func output(ctx context.Context, dir string, args ...string) ([]byte, error) {
	var out bytes.Buffer
	message := beginning{limit: longestMessage}
	cmd := command(ctx, dir, args...)
	cmd.Stdout, cmd.Stderr = &out, &message
	if err := cmd.Run(); err != nil {
		return nil, failure(ctx, args[0], err, message.text)
	}
	return out.Bytes(), nil
}

// stream runs git and hands over what it prints, up to each NUL, until take
// returns false: then git is stopped, which is no error.
func stream(ctx context.Context, dir string, take func(token string) bool, args ...string) error {
	running, stop := context.WithCancel(ctx)
	defer stop()
	message := beginning{limit: longestMessage}
	cmd := command(running, dir, args...)
	cmd.Stderr = &message
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return failure(ctx, args[0], err, nil)
	}
	tokens := bufio.NewScanner(out)
	tokens.Buffer(nil, longestToken)
	tokens.Split(untilNUL)
	enough := false
	for !enough && tokens.Scan() {
		enough = !take(tokens.Text())
	}
	if enough || tokens.Err() != nil {
		stop()
	}
	err = cmd.Wait()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case enough:
		return nil
	case tokens.Err() != nil:
		return fmt.Errorf("git %s: %w", args[0], tokens.Err())
	case err != nil:
		return failure(ctx, args[0], err, message.text)
	}
	return nil
}

func untilNUL(data []byte, atEOF bool) (int, []byte, error) {
	if i := bytes.IndexByte(data, 0); i >= 0 {
		return i + 1, data[:i], nil
	}
	if atEOF && len(data) > 0 {
		return 0, nil, errors.New("output ends in the middle of a name")
	}
	return 0, nil, nil
}

// failure says why git failed in its own words, which name the remedy where there
// is one: for a repository that belongs to another user, a safe.directory.
func failure(ctx context.Context, what string, err error, message []byte) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if errors.Is(err, exec.ErrNotFound) {
		return fmt.Errorf("the git program was not found; install Git or add it to PATH: %w", err)
	}
	if text := strings.TrimSpace(string(message)); text != "" {
		return fmt.Errorf("git %s: %w: %s", what, err, text)
	}
	return fmt.Errorf("git %s: %w", what, err)
}

// exitStatus returns the status with which git ended, or -1 if it did not.
func exitStatus(err error) int {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	return -1
}

// beginning keeps the first part of what is written to it and drops the rest.
type beginning struct {
	text  []byte
	limit int
}

func (b *beginning) Write(p []byte) (int, error) {
	b.text = append(b.text, p[:min(len(p), b.limit-len(b.text))]...)
	return len(p), nil
}

package providertest

import (
	"bytes"
	"net"
	"net/http"
	"os/exec"
	"testing"
	"time"
)

// Port returns a free port on loopback, as text.
func Port(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// Start starts a program in a folder, waits until an address answers 200, and ends the
// program with the test.
func Start(t *testing.T, dir, ready, program string, args ...string) {
	t.Helper()
	start(t, dir, program, args, ready, func() bool {
		response, err := http.Get(ready)
		if err != nil {
			return false
		}
		response.Body.Close()
		return response.StatusCode == http.StatusOK
	})
}

// StartListening is Start for a program of which it is only known at which host and port it
// takes connections.
func StartListening(t *testing.T, dir, ready, program string, args ...string) {
	t.Helper()
	start(t, dir, program, args, ready, func() bool {
		conn, err := net.Dial("tcp", ready)
		if err != nil {
			return false
		}
		return conn.Close() == nil
	})
}

func start(t *testing.T, dir, program string, args []string, at string, ready func() bool) {
	t.Helper()
	var output bytes.Buffer
	c := exec.Command(program, args...)
	c.Dir, c.Stdout, c.Stderr = dir, &output, &output
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = c.Wait() // it is killed, which is no news
		close(ended)
	}()
	t.Cleanup(func() {
		_ = c.Process.Kill() // or it has ended by itself
		<-ended
	})
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		select {
		case <-ended:
			t.Fatalf("%s ended:\n%s", program, output.String())
		default:
		}
		if ready() {
			return
		}
	}
	t.Fatalf("%s does not answer at %s", program, at)
}

// Eventually tries until a condition holds, for half a minute at most.
func Eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("it never came true that %s", what)
}

package crash

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// process is one life of a limen: of its server, or of a command.
type process struct {
	cmd    *exec.Cmd
	ready  chan string   // its address, once it answers
	trap   chan int      // its descriptor of trapped calls
	exited chan struct{} // closed when it is dead
	died   time.Time     // valid once exited is closed

	mu  sync.Mutex
	log strings.Builder // all else that it wrote
}

// launch starts a limen with this environment.
func launch(t *testing.T, env ...string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(os.Args[0]), ready: make(chan string, 1), trap: make(chan int, 1), exited: make(chan struct{})}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stdout, p.cmd.Stderr = w, w
	err = p.cmd.Start()
	w.Close()
	if err != nil {
		t.Fatal(err)
	}
	go p.listen(r)
	return p
}

// listen reads what the server writes until its death closes the pipe.
func (p *process) listen(r *os.File) {
	defer r.Close()
	for lines := bufio.NewScanner(r); lines.Scan(); {
		var address string
		var fd int
		if n, _ := fmt.Sscanf(lines.Text(), "ready %s", &address); n == 1 {
			p.ready <- address
		} else if n, _ := fmt.Sscanf(lines.Text(), "trap %d", &fd); n == 1 {
			p.trap <- fd
		} else {
			p.mu.Lock()
			fmt.Fprintln(&p.log, lines.Text())
			p.mu.Unlock()
		}
	}
	_ = p.cmd.Wait() // the exit code is in ProcessState
	p.died = time.Now()
	close(p.exited)
}

// said returns what the server wrote.
func (p *process) said() string { p.mu.Lock(); defer p.mu.Unlock(); return p.log.String() }

var errDied = errors.New("the server died before it was ready")

// up waits until the server answers and returns its address.
func (p *process) up(ctx context.Context) (string, error) {
	select {
	case a := <-p.ready:
		return a, nil
	case <-p.exited:
		return "", errDied
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// dead reports whether the server is.
func (p *process) dead() bool {
	select {
	case <-p.exited:
		return true
	default:
		return false
	}
}

// ends waits until a command is done, for some seconds, and returns its exit
// code.
func (p *process) ends() int {
	select {
	case <-p.exited:
	case <-time.After(20 * time.Second):
		p.kill()
	}
	return p.cmd.ProcessState.ExitCode()
}

// kill ends the server at once and waits until it is dead.
func (p *process) kill() { _ = p.cmd.Process.Kill(); <-p.exited }

// stop tells the server to finish and returns its exit code. One that does not
// is killed after some seconds.
func (p *process) stop() int { _ = p.cmd.Process.Signal(syscall.SIGTERM); return p.ends() }

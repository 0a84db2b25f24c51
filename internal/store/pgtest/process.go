package pgtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

const patience = 60 * time.Second // for a start, with its recovery, on a slow disk

// Restart starts the server where it does not run, after Kill with the
// recovery of a crash, and else stops it in an orderly way first. The address
// stays the same.
func (s *Server) Restart(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.end(syscall.SIGINT); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		if s.port == 0 {
			port, err := freePort()
			if err != nil {
				return err
			}
			s.port = port
		}
		err := s.start(ctx)
		if err == nil || !errors.Is(err, errPort) || ctx.Err() != nil {
			return err
		}
		if s.names.Load() == 0 {
			s.port = 0 // nobody knows it yet: take another
		}
		time.Sleep(100 * time.Millisecond)
	}
}

var errPort = errors.New("the port is in use")

// freePort returns a port of the loopback that nobody listens on just now.
func freePort() (int, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

// start starts the server and waits until it answers.
func (s *Server) start(ctx context.Context) error {
	log, err := os.Create(filepath.Join(s.dir, "log"))
	if err != nil {
		return err
	}
	defer log.Close()
	cmd := exec.Command(s.programs.postgres, "-D", s.data(), "-p", strconv.Itoa(s.port))
	s.owner.run(cmd, s.dir)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return err
	}
	s.cmd = cmd
	if err := errors.Join(s.guardian.watch(cmd.Process.Pid), s.answers(ctx)); err != nil {
		return errors.Join(err, s.end(syscall.SIGQUIT))
	}
	return nil
}

// answers waits until the server takes connections.
func (s *Server) answers(ctx context.Context) error {
	for {
		conn, err := pgx.Connect(ctx, s.URL("postgres"))
		if err == nil {
			return conn.Close(ctx)
		}
		if ctx.Err() != nil || !running(s.cmd.Process.Pid) {
			return s.failure(err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// failure says in a line why the server did not come up.
func (s *Server) failure(cause error) error {
	log, err := os.ReadFile(filepath.Join(s.dir, "log"))
	switch {
	case err != nil || len(bytes.TrimSpace(log)) == 0:
		return fmt.Errorf("PostgreSQL did not start: %w", cause)
	case bytes.Contains(log, []byte("Address already in use")):
		return fmt.Errorf("PostgreSQL did not start: %w", errPort)
	}
	return fmt.Errorf("PostgreSQL did not start: %s", lastLine(log))
}

// Standby starts the server anew as one that follows another: it answers
// readers and takes no writes.
func (s *Server) Standby(ctx context.Context) error {
	signal := filepath.Join(s.data(), "standby.signal")
	if err := errors.Join(os.WriteFile(signal, nil, 0o600), s.owner.own(signal)); err != nil {
		return err
	}
	return s.Restart(ctx)
}

// Kill ends the server as a power cut would, with SIGKILL to the postmaster
// and all its processes, and returns when they are gone. Connections break.
// What was written and not synced stays in the page cache, as after every
// crash of a process.
func (s *Server) Kill() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd == nil {
		return errors.New("the server does not run")
	}
	pid := s.cmd.Process.Pid
	if err := s.cmd.Process.Signal(syscall.SIGSTOP); err != nil { // so that it starts no more of them
		return err
	}
	if err := wait(func() bool { p, ok := lookup(pid); return !ok || p.state == 'T' }); err != nil {
		return err
	}
	children := childrenOf(pid)
	for _, child := range children {
		if err := syscall.Kill(child, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
			return err
		}
	}
	if err := s.end(syscall.SIGKILL); err != nil {
		return err
	}
	for _, child := range children {
		if err := wait(func() bool { return !running(child) }); err != nil {
			return err
		}
	}
	return os.Remove(filepath.Join(s.data(), "postmaster.pid")) // its number may be another's by now
}

// end signals the postmaster, if it runs, and waits for it.
func (s *Server) end(with syscall.Signal) error {
	if s.cmd == nil {
		return nil
	}
	if err := s.cmd.Process.Signal(with); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	_ = s.cmd.Wait() // how it ended is known
	s.cmd = nil
	return s.guardian.watch(0)
}

// Stop ends the server and removes its files. It may be called again.
func (s *Server) Stop() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.guardian == nil {
		return nil
	}
	err := errors.Join(s.end(syscall.SIGQUIT), s.guardian.dismiss())
	s.guardian = nil
	return err
}

func wait(done func() bool) error {
	for end := time.Now().Add(patience); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			return errors.New("a process of the server does not end")
		}
	}
	return nil
}

type process struct {
	parent int
	state  byte
}

// lookup reads /proc/PID/stat, in which the parenthesized name may hold
// anything, spaces and parentheses too.
//
// Source: proc_pid_stat(5).
func lookup(pid int) (p process, ok bool) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return p, false
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) < 2 {
		return p, false
	}
	p.state = fields[0][0]
	p.parent, err = strconv.Atoi(fields[1])
	return p, err == nil
}

func running(pid int) bool {
	p, ok := lookup(pid)
	return ok && p.state != 'Z' && p.state != 'X'
}

func childrenOf(pid int) (children []int) {
	entries, _ := os.ReadDir("/proc") // without it there are none to be found
	for _, e := range entries {
		child, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		if p, ok := lookup(child); ok && p.parent == pid {
			children = append(children, child)
		}
	}
	return children
}

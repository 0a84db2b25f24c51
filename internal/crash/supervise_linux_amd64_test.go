package crash

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// notification and response are struct seccomp_notif and seccomp_notif_resp.
//
// Source: linux/seccomp.h.
type notification struct {
	id          uint64
	thread      uint32
	flags       uint32
	nr          int32
	arch        uint32
	instruction uint64
	args        [6]uint64
}

type response struct {
	id    uint64
	value int64
	errno int32
	flags uint32
}

// supervisor holds the trapped calls of one process.
type supervisor struct {
	listener int
	proc     *process
	dir      string
	// fate says what becomes of the nth call on a file in dir, from 1.
	fate func(n int) fault
	done chan struct{}

	mu    sync.Mutex
	calls []call
}

// supervise takes over the trapped calls of p. It skips the test where the
// kernel or its guard does not allow that.
func supervise(t *testing.T, p *process, dir string, fate func(n int) fault) *supervisor {
	t.Helper()
	s := &supervisor{proc: p, dir: dir, fate: fate, done: make(chan struct{})}
	select {
	case fd := <-p.trap:
		if err := s.take(fd); err != nil {
			p.kill()
			t.Skip("no faults here: a process may not take over a child's calls:", err)
		}
	case <-p.exited:
		if why, ok := strings.CutPrefix(p.said(), trapRefused); ok {
			t.Skip("no faults here: the kernel does not trap calls:", strings.TrimSpace(why))
		}
		t.Fatalf("the server died before it began:\n%s", p.said())
	}
	go s.watch()
	return s
}

// take gets the child's descriptor.
func (s *supervisor) take(fd int) error {
	child, err := unix.PidfdOpen(s.proc.cmd.Process.Pid, 0)
	if err != nil {
		return err
	}
	defer unix.Close(child)
	s.listener, err = unix.PidfdGetfd(child, fd, 0)
	return err
}

// watch answers calls until the process is dead.
func (s *supervisor) watch() {
	defer close(s.done)
	defer unix.Close(s.listener)
	for {
		poll := []unix.PollFd{{Fd: int32(s.listener), Events: unix.POLLIN}}
		if _, err := unix.Poll(poll, -1); err == unix.EINTR {
			continue
		}
		if poll[0].Revents&unix.POLLIN == 0 {
			return
		}
		var n notification
		if !s.ioctl(unix.SECCOMP_IOCTL_NOTIF_RECV, unsafe.Pointer(&n)) {
			continue // its thread is gone
		}
		r := response{id: n.id}
		switch s.judge(&n) {
		case eio:
			r.errno = -int32(unix.EIO)
		case enospc:
			r.errno = -int32(unix.ENOSPC)
		case sigkill:
			_ = s.proc.cmd.Process.Kill()
			continue
		default:
			r.flags = unix.SECCOMP_USER_NOTIF_FLAG_CONTINUE
		}
		s.ioctl(unix.SECCOMP_IOCTL_NOTIF_SEND, unsafe.Pointer(&r))
	}
}

func (s *supervisor) ioctl(request uint, p unsafe.Pointer) bool {
	_, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(s.listener), uintptr(request), uintptr(p))
	return errno == 0
}

// judge notes a call on a file of the data folder and says what becomes of it.
func (s *supervisor) judge(n *notification) fault {
	path, ok := strings.CutPrefix(s.path(n), s.dir+"/")
	if !ok {
		return none
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := call{name: trapped[n.nr], path: path, at: time.Now(), fault: s.fate(len(s.calls) + 1)}
	s.calls = append(s.calls, c)
	return c.fault
}

// path is the file that a call is about: of a rename, the old name.
func (s *supervisor) path(n *notification) string {
	proc := fmt.Sprintf("/proc/%d", n.thread)
	at, name := int32(unix.AT_FDCWD), n.args[0]
	switch n.nr {
	case unix.SYS_OPEN, unix.SYS_RENAME, unix.SYS_UNLINK, unix.SYS_MKDIR:
	case unix.SYS_OPENAT, unix.SYS_RENAMEAT, unix.SYS_RENAMEAT2, unix.SYS_UNLINKAT, unix.SYS_MKDIRAT:
		at, name = int32(n.args[0]), n.args[1]
	default: // a descriptor
		path, _ := os.Readlink(fmt.Sprintf("%s/fd/%d", proc, n.args[0]))
		return path
	}
	path := text(proc+"/mem", int64(name))
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	base := proc + "/cwd"
	if at != unix.AT_FDCWD {
		base = fmt.Sprintf("%s/fd/%d", proc, at)
	}
	base, _ = os.Readlink(base)
	return filepath.Join(base, path)
}

// text reads a string that ends with a zero byte from a process's memory.
func text(mem string, at int64) string {
	f, err := os.Open(mem)
	if err != nil {
		return ""
	}
	defer f.Close()
	b := make([]byte, 4096)
	n, _ := f.ReadAt(b, at)
	s, _, _ := strings.Cut(string(b[:n]), "\x00")
	return s
}

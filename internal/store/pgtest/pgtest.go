// Package pgtest runs a PostgreSQL server of its own for tests, benchmarks and
// the crash harness: a fresh cluster on the local disk, with the durable
// settings that a real one has (fsync on), gone without a trace when the
// process ends, however it ends.
//
// Tests call Start and Database; everything else calls New.
//
// Source: PostgreSQL 15 documentation, 19.2 (creating a cluster), 19.5
// (shutting down), 20 (configuration).
package pgtest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Options says how a server is made. The zero value is a durable server in the
// temporary folder.
type Options struct {
	// Dir is an existing folder on the disk that is to hold the data; "" is
	// the temporary folder. A folder that the server's user cannot reach is
	// replaced by /tmp.
	Dir string
	// Settings are written to postgresql.conf, such as "fsync": "off".
	Settings map[string]string
}

// Server is a running PostgreSQL server. Its calls are safe for concurrent
// use, but Kill, Restart and Stop exclude each other.
type Server struct {
	programs programs
	owner    *owner
	dir      string // all of it; removed by the guardian
	sockets  string
	password string
	port     int
	guardian *guardian
	names    atomic.Int64 // databases made

	mu  sync.Mutex
	cmd *exec.Cmd // nil while it does not run
}

// New makes a cluster and starts its server: about a second. The server is
// stopped and its files are removed by Stop, or else when this process ends,
// killed or not. The error is one line, and ErrMissing where there is no
// PostgreSQL on this machine.
func New(ctx context.Context, o Options) (*Server, error) {
	s, err := prepare(o)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(s.initdb(ctx, o.Settings), s.Restart(ctx)); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

// prepare finds the programs and makes the folders.
func prepare(o Options) (*Server, error) {
	found, err := findPrograms()
	if err != nil {
		return nil, err
	}
	own, err := findOwner()
	if err != nil {
		return nil, err
	}
	s := &Server{programs: found, owner: own, password: rand.Text()}
	if s.dir, err = own.makeDir(o.Dir, os.TempDir(), "/tmp"); err != nil {
		return nil, err
	}
	s.sockets = s.dir
	if len(s.dir) > maxSocketDir {
		if s.sockets, err = own.makeDir("/tmp"); err != nil {
			return nil, errors.Join(err, os.RemoveAll(s.dir))
		}
	}
	if s.guardian, err = newGuardian(s.dir, s.sockets); err != nil {
		return nil, errors.Join(err, os.RemoveAll(s.dir), os.RemoveAll(s.sockets))
	}
	return s, nil
}

// maxSocketDir is the longest folder for a socket: sun_path has 108 bytes, of
// which the name takes up to 20 and a NUL the last.
const maxSocketDir = 108 - len("/.s.PGSQL.65535") - 1

// data is the folder of the cluster.
func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// initdb makes the cluster: locale C, UTF-8, a superuser "limen" with a random
// password; the socket's folder is the owner's alone and asks for none.
func (s *Server) initdb(ctx context.Context, settings map[string]string) error {
	file := filepath.Join(s.dir, "password")
	if err := errors.Join(os.WriteFile(file, []byte(s.password), 0o600), s.owner.own(file)); err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, s.programs.initdb, "--pgdata", s.data(), "--username", "limen", "--pwfile", file, "--locale", "C",
		"--encoding", "UTF8", "--auth-local", "trust", "--auth-host", "scram-sha-256", "--no-sync", "--no-instructions")
	s.owner.run(cmd, s.dir)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb failed: %w: %s", err, lastLine(out))
	}
	return s.configure(settings)
}

// configure appends to postgresql.conf, where the last line about a setting
// counts, and so that ALTER SYSTEM can still change it.
func (s *Server) configure(settings map[string]string) error {
	all := map[string]string{
		"listen_addresses": "127.0.0.1", "unix_socket_directories": s.sockets, "unix_socket_permissions": "0700",
		"dynamic_shared_memory_type": "mmap", // in the cluster's folder: a kill leaves nothing in /dev/shm
	}
	maps.Copy(all, settings)
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(&text, "%s = '%s'\n", name, strings.ReplaceAll(all[name], "'", "''"))
	}
	f, err := os.OpenFile(filepath.Join(s.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text.String())
	return errors.Join(err, f.Close())
}

func lastLine(out []byte) string {
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return lines[len(lines)-1]
}

package crash

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"limen/authz"
	"limen/internal/app"
)

// gates is how many gates a site has, each with a key and connections of its own.
const gates = 8

// site is one installation: its folders, the server process of the moment, and
// the ledger that outlives it.
type site struct {
	place
	t      *testing.T
	ledger *ledger
	keys   map[string]string // bearer tokens by who: carrier, officer, GATE-0 …

	parties atomic.Int64

	// door is held for reading by whoever waits for an answer, and for writing
	// while the server is down.
	door sync.RWMutex
	base string
	proc *process
}

// emptySite is an installation where limen was never started. It is down.
func emptySite(t *testing.T, root, store string) *site {
	t.Helper()
	s := &site{place: place{root, store}, t: t, ledger: newLedger(), keys: map[string]string{}}
	folders := []string{s.witness()}
	if store != "" {
		folders = append(folders, s.data()) // holds the keys; nobody makes it
	}
	for _, dir := range folders {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	s.door.Lock()
	return s
}

// newSite makes an installation with its keys. It is down.
func newSite(t *testing.T, root, store string) *site {
	t.Helper()
	s := emptySite(t, root, store)
	a, err := s.place.open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]app.NewKey{"carrier": {Role: authz.Carrier, Carrier: "ZZ"}, "officer": {Role: authz.Officer, Label: "A. Officer"}}
	for i := range gates {
		keys[gate(i)] = app.NewKey{Role: authz.Point, Port: "BGR", Point: gatePoint(i)}
	}
	for who, k := range keys {
		if s.keys[who], err = a.IssueKey(t.Context(), k); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	return s
}

// clone is a copy of a site that is down, with its ledger.
func (s *site) clone(t *testing.T, root string) *site {
	t.Helper()
	c := emptySite(t, root, s.store)
	c.keys = s.keys
	c.parties.Store(s.parties.Load())
	for _, d := range s.ledger.deeds {
		same := *d // nobody adds tries to it any more
		c.ledger.deeds = append(c.ledger.deeds, &same)
	}
	if err := copyFolder(s.root, root); err != nil {
		t.Fatal(err)
	}
	return c
}

// copyFolder copies files with their permissions.
func copyFolder(from, to string) error {
	return filepath.WalkDir(from, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		at := filepath.Join(to, strings.TrimPrefix(path, from))
		if e.IsDir() {
			return os.MkdirAll(at, 0o700)
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(at, b, info.Mode().Perm())
	})
}

// start starts the server and waits until it answers. The site stays closed to
// its clients.
func (s *site) start(env ...string) {
	s.t.Helper()
	for began := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		s.launch(env...)
		address, err := s.proc.up(s.t.Context())
		if err == nil {
			s.base = "http://" + address
			return
		}
		// PostgreSQL takes a moment to see that a dead server's connection is.
		if !strings.Contains(s.proc.said(), "data-locked") || time.Since(began) > 10*time.Second {
			s.t.Fatalf("%v:\n%s", err, s.proc.said())
		}
	}
}

// launch starts the server and does not wait.
func (s *site) launch(env ...string) {
	s.t.Helper()
	s.proc = s.command("serve", env...)
}

// command starts a limen in this installation.
func (s *site) command(task string, env ...string) *process {
	s.t.Helper()
	return launch(s.t, append(env, childTask+"="+task, childRoot+"="+s.root, childStore+"="+s.store)...)
}

// kill kills the server and closes the site to its clients: when it returns,
// what was sent is answered or in doubt.
func (s *site) kill() {
	s.t.Helper()
	if s.proc.dead() {
		s.t.Errorf("the server died by itself:\n%s", s.proc.said())
	}
	s.proc.kill()
	s.door.Lock()
}

// stop stops the server in good order and closes the site.
func (s *site) stop() {
	s.t.Helper()
	if code := s.proc.stop(); code != 0 {
		s.t.Errorf("told to stop, the server exits with %d:\n%s", code, s.proc.said())
	}
	s.door.Lock()
}

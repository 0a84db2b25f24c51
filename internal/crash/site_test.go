package crash

import (
	"sync"
	"sync/atomic"
	"testing"

	"limen/authz"
	"limen/internal/app"
)

// gates is how many gates a site has, each with a key and connections of its own.
const gates = 8

// site is one installation: a data folder, the server process of the moment,
// and the ledger that outlives it.
type site struct {
	t      *testing.T
	dir    string
	ledger *ledger
	keys   map[string]string // bearer tokens by who: carrier, officer, GATE-0 …

	parties atomic.Int64

	// open is held for reading by whoever waits for an answer, and for writing
	// while the server is down.
	open sync.RWMutex
	base string
	proc *process
}

// newSite makes an installation with its keys. It is down.
func newSite(t *testing.T, dir string) *site {
	t.Helper()
	s := &site{t: t, dir: dir, ledger: newLedger(), keys: map[string]string{}}
	a, err := open(t.Context(), dir)
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
	s.open.Lock()
	return s
}

// start starts the server and waits until it answers. The site stays closed to
// its clients.
func (s *site) start(env ...string) {
	s.t.Helper()
	s.proc = launch(s.t, s.dir, env...)
	address, err := s.proc.up(s.t.Context())
	if err != nil {
		s.t.Fatalf("%v:\n%s", err, s.proc.said())
	}
	s.base = "http://" + address
}

// kill kills the server and closes the site to its clients: when it returns,
// what was sent is answered or in doubt.
func (s *site) kill() { s.proc.kill(); s.open.Lock() }

// stop stops the server in good order and closes the site.
func (s *site) stop() {
	s.t.Helper()
	if code := s.proc.stop(); code != 0 {
		s.t.Errorf("told to stop, the server exits with %d:\n%s", code, s.proc.said())
	}
	s.open.Lock()
}

package pgtest

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync"
)

// TB is what this package needs of testing.TB.
type TB interface {
	Helper()
	Skip(args ...any)
	Fatal(args ...any)
	Error(args ...any)
	Cleanup(func())
}

var shared = sync.OnceValues(func() (*Server, error) { return New(context.Background(), Options{}) })

// Start returns the server that the tests of one binary share; it ends with
// the binary. Where none can be started the test is skipped with the reason in
// one line, or fails if the environment says LIMEN_POSTGRES=required.
// A test that kills or changes the server takes StartOwn.
func Start(tb TB) *Server {
	tb.Helper()
	s, err := shared()
	excuse(tb, err)
	return s
}

// StartOwn returns a server for one test alone.
func StartOwn(tb TB, o Options) *Server {
	tb.Helper()
	s, err := New(context.Background(), o)
	excuse(tb, err)
	tb.Cleanup(func() {
		if err := s.Stop(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

func excuse(tb TB, err error) {
	tb.Helper()
	switch {
	case err == nil:
	case os.Getenv("LIMEN_POSTGRES") == "required":
		tb.Fatal(err)
	default:
		tb.Skip("not run on PostgreSQL: " + err.Error())
	}
}

// Database makes an empty database for one test and returns its address.
func (s *Server) Database(tb TB) string {
	tb.Helper()
	name, err := s.NewDatabase(context.Background())
	if err != nil {
		tb.Fatal(err)
	}
	return s.URL(name)
}

var announced sync.Once

// Announce says to w, once a process and in one line, why nothing is run on
// PostgreSQL here, and what to do about it; where a server is to be had it
// says nothing. It does not start one.
func Announce(w io.Writer) {
	announced.Do(func() {
		_, err := findPrograms()
		if err == nil {
			_, err = findOwner()
		}
		if err != nil {
			fmt.Fprintln(w, "not run on PostgreSQL:", err)
		}
	})
}

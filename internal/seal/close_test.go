package seal

import (
	"os/signal"
	"syscall"
	"testing"
)

// A disk that takes no more of keys.db is noticed at the latest when it is
// closed: SQLite's own last checkpoint tells nobody that it failed.
func TestFailedCheckpointAtTheEnd(t *testing.T) {
	k, err := OpenFileKeys(t.Context(), t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	for range mintBatch + 1 {
		if _, _, err := k.Mint(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	signal.Ignore(syscall.SIGXFSZ)
	var was syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 4096, Max: was.Max}); err != nil {
		t.Fatal(err)
	}
	err = k.Close()
	if serr := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &was); serr != nil {
		t.Fatal(serr)
	}
	if err == nil {
		t.Error("closed, and nobody noticed that the log cannot be moved into keys.db")
	}
	select {
	case <-k.Stopped():
	default:
		t.Error("the keys have not stopped")
	}
	if err := k.Close(); err != nil {
		t.Errorf("closing again tries again: %v", err)
	}
	_ = k.db.Close() // as the end of the process would
}

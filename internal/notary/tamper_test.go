package notary_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"limen/audit"
	"limen/errs"
	"limen/internal/notary"
)

// tampering are changes of one row of a log of 300 leaves, of which 200 are
// signed, and of its bookkeeping. all is what the whole verification finds,
// start whether start-up does.
var tampering = []struct {
	name, query string
	bad         int64 // the first bad leaf
	until       int64
	start       bool
}{
	{"a leaf", `UPDATE audit SET leaf = CAST(replace(CAST(leaf AS TEXT), 'decision', 'crossing') AS BLOB) WHERE seq = 77`, 77, 77, false},
	{"a leaf, its opening with it", `UPDATE audit SET leaf = (SELECT leaf FROM audit WHERE seq = 78) WHERE seq = 77`, 77, 77, false},
	{"the hash of a leaf", `UPDATE audit SET hashes = zeroblob(32) WHERE seq = 76`, 76, 76, false},
	{"an inner hash", `UPDATE audit SET hashes = CAST(substr(hashes, 1, 32) || zeroblob(length(hashes) - 32) AS BLOB) WHERE seq = 79`, 79, 79, false},
	{"an inner hash that is signed", `UPDATE audit SET hashes = CAST(substr(hashes, 1, 32) || zeroblob(length(hashes) - 32) AS BLOB) WHERE seq = 127`, 127, 127, true},
	{"who did it", `UPDATE audit SET actor = 'somebody else' WHERE seq = 77`, 77, 77, false},
	{"what was recorded", `UPDATE audit SET detail = CAST('{"n":2}' AS BLOB) WHERE seq = 77`, 77, 77, false},
	{"when", `UPDATE audit SET at = at + 1 WHERE seq = 77`, 77, 77, false},
	{"a salt taken out", `UPDATE audit SET salt = x'' WHERE seq = 77`, 77, 77, false},
	{"a row gone", `DELETE FROM audit WHERE seq = 77`, 77, 77, false},
	{"the unsigned end gone", `DELETE FROM audit WHERE seq = 299`, 299, 299, true},
	{"the unsigned end gone, and its count", `DELETE FROM audit WHERE seq >= 250; UPDATE log_head SET size = 250`, -1, -1, false}, // nothing vouched for it
	{"the signed end gone, and its count", `DELETE FROM audit WHERE seq >= 199; UPDATE log_head SET size = 199`, 0, 199, true},
	{"an unsigned leaf", `UPDATE audit SET leaf = CAST(replace(CAST(leaf AS TEXT), 'decision', 'crossing') AS BLOB) WHERE seq = 277`, 277, 277, true},
	{"an unsigned hash", `UPDATE audit SET hashes = zeroblob(length(hashes)) WHERE seq = 277`, 277, 277, true},
	{"an unsigned opening", `UPDATE audit SET subject = 'subject-1' WHERE seq = 277`, 277, 277, true},
	{"a checkpoint", `UPDATE checkpoints SET note = CAST(replace(CAST(note AS TEXT), 'limen/', 'limes/') AS BLOB)`, 200, 200, true},
	{"a checkpoint moved", `UPDATE checkpoints SET size = 150`, 0, 150, true},
}

// TestTampering changes rows behind limen's back: the whole verification names
// the leaf, and start-up refuses what it looks at: the latest checkpoint and all
// leaves after it.
func TestTampering(t *testing.T) {
	s := newSite(t, "")
	s.grow(200)
	s.stop()
	if err := s.open(); err != nil { // no notary runs: 100 more stay unsigned
		t.Fatal(err)
	}
	s.grow(100)
	s.Store.Close()
	if rep, err := s.verify(); err != nil || rep.Size != 300 || rep.Unsigned != 100 {
		t.Fatalf("%+v, %v", rep, err)
	}
	back := s.keep()
	for _, c := range tampering {
		back()
		s.alter(c.query)
		_, err := s.verify()
		bad, is := asBad(err)
		if is != (c.bad >= 0) || is && (bad.Index != c.bad || bad.Until != c.until) {
			t.Errorf("%s: %v, want leaf %d to %d", c.name, err, c.bad, c.until)
		}
		err = s.open()
		if err == nil {
			s.Store.Close()
		}
		if (errs.CodeOf(err) == "audit-altered") != c.start || (err != nil) != c.start {
			t.Errorf("%s: start-up says %v", c.name, err)
		}
	}
	back()
	if _, err := s.verify(); err != nil {
		t.Errorf("put back: %v", err)
	}
}

func asBad(err error) (audit.BadIndex, bool) {
	for e := err; e != nil; {
		if bad, is := e.(audit.BadIndex); is {
			return bad, true
		}
		u, is := e.(interface{ Unwrap() error })
		if !is {
			return audit.BadIndex{}, false
		}
		e = u.Unwrap()
	}
	return audit.BadIndex{}, false
}

// TestSetBackWhileRunning: a notary remembers what it signed.
func TestSetBackWhileRunning(t *testing.T) {
	s := newSite(t, "")
	s.stops = true
	s.grow(50)
	if _, _, err := s.Signed(t.Context(), 49); err != nil {
		t.Fatal(err)
	}
	s.alter(`DELETE FROM audit WHERE seq >= 40; DELETE FROM checkpoints; UPDATE log_head SET size = 40`)
	select {
	case <-s.Store.Stopped():
	case <-time.After(10 * time.Second):
		t.Fatal("the store goes on")
	}
	if err := s.Store.Err(); !strings.Contains(err.Error(), "it has 40 leaves, but 50 were signed") || !strings.Contains(s.log.String(), "audit-altered") {
		t.Errorf("stopped for %v\n%s", err, s.log.String())
	}
}

// TestKeyFile: no new key where something was signed, none that others may
// read, none that is damaged.
func TestKeyFile(t *testing.T) {
	s := newSite(t, "")
	s.grow(3)
	s.stop()
	path := filepath.Join(s.dir, notary.KeyFile)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", info, err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	os.Chmod(path, 0o640)
	s.refused("audit-key-readable")
	os.Chmod(path, 0o600)
	os.WriteFile(path, raw[:len(raw)-2], 0o600)
	s.refused("audit-key")
	os.Remove(path)
	s.refused("audit-key-missing")
	if _, err := os.Stat(path); err == nil {
		t.Error("a new key was made")
	}
	other := newSite(t, "")
	other.stop()
	stranger, err := os.ReadFile(filepath.Join(other.dir, notary.KeyFile))
	if err != nil {
		t.Fatal(err)
	}
	os.WriteFile(path, stranger, 0o600)
	s.refused("audit-altered") // not signed by this key
	os.WriteFile(path, raw, 0o600)
	s.start()
	if other.Key().Origin() == s.Key().Origin() || !strings.HasPrefix(s.Key().Public, s.Key().Origin()+"+") {
		t.Errorf("keys %s and %s", s.Key().Public, other.Key().Public)
	}
}

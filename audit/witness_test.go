package audit_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"limen/audit"
)

func verify(t testing.TB, l *log, v note.Verifiers, held ...[]byte) (audit.Report, audit.BadIndex) {
	t.Helper()
	report, err := audit.VerifyLog(bytes.NewReader(l.export(t)), v, held...)
	if err == nil {
		return report, audit.BadIndex{Index: -1}
	}
	bad, ok := errors.AsType[audit.BadIndex](err)
	if !ok {
		t.Fatal(err)
	}
	return report, bad
}

// TestOnlyAWitnessSeesRollback sets a log back to an earlier signed state. By
// itself it is a good log; against a checkpoint held elsewhere it is short.
func TestOnlyAWitnessSeesRollback(t *testing.T) {
	k := newKeys(t, origin)
	for i := range uint64(20) {
		r := rand.New(rand.NewPCG(5, i))
		early := 1 + r.IntN(900)
		l := newLog().grow(1000).sign(t, k, int64(early), 1000)
		back := l.clone()
		back.splice(early, 1000, nil, nil)
		delete(back.checkpoints, 1000)
		if _, bad := verify(t, back, k.list); bad.Index != -1 {
			t.Fatalf("a log that was truly signed: %v", bad)
		}
		if _, bad := verify(t, back, k.list, l.checkpoints[int64(early)][0]); bad.Index != -1 {
			t.Fatalf("the witness holds only what was signed by then: %v", bad)
		}
		report, bad := verify(t, back, k.list, l.checkpoints[1000][0], l.checkpoints[int64(early)][0])
		if bad.Index != int64(early) || bad.Until != bad.Index || report.Held != 1 || !strings.Contains(bad.Reason, "1000") {
			t.Errorf("set back to %d: %v, %+v", early, bad, report)
		}
	}
}

// TestOnlyAWitnessSeesAFork writes another history and signs it with the log's
// own key, longer, shorter and as long as the true one.
func TestOnlyAWitnessSeesAFork(t *testing.T) {
	k := newKeys(t, origin)
	for i := range uint64(30) {
		r := rand.New(rand.NewPCG(6, i))
		from, held := r.IntN(500), []int64{200, 500}
		was := newLog().grow(500).sign(t, k, held...)
		l := was.clone()
		l.leaf[from] = forged(r)
		l.leaf = l.leaf[:max(from+1, 500-int(i%3)*30)] // as long, or cut shorter
		if i%2 == 0 {
			l.grow(100)
		}
		l.rehash()
		l.checkpoints = map[int64][][]byte{}
		l.sign(t, k, int64(len(l.leaf)/2), int64(len(l.leaf)))
		if _, bad := verify(t, l, k.list); bad.Index != -1 {
			t.Fatalf("a fork signed anew is a good log by itself: %v", bad)
		}
		_, bad := verify(t, l, k.list, was.checkpoints[200][0], was.checkpoints[500][0])
		short := len(l.leaf) < 500 && from >= 200
		switch {
		case bad.Index == -1:
			t.Errorf("a fork from %d was not detected", from)
		case short && bad.Index != int64(len(l.leaf)): // nothing but its length can be compared
			t.Errorf("a short fork of %d leaves: %v", len(l.leaf), bad)
		case !short && (int64(from) < bad.Index || int64(from) > bad.Until):
			t.Errorf("a fork from %d: %v", from, bad)
		}
	}
}

// TestCheckpointsOfOthers puts checkpoints of another key, of another log, and
// for other leaves into a good log.
func TestCheckpointsOfOthers(t *testing.T) {
	k, other, strange := newKeys(t, origin), newKeys(t, origin), newKeys(t, "limen.example/other")
	l := newLog().grow(60).sign(t, k, 20, 60)
	foreign := newLog()
	foreign.origin = "limen.example/other"
	foreign.grow(60).sign(t, strange, 20)
	both := note.VerifierList(verifierOf(t, k), verifierOf(t, strange))
	elsewhere := newLog().grow(61)
	elsewhere.leaf = elsewhere.leaf[1:] // other leaves, as many
	elsewhere.rehash().sign(t, k, 20)
	for _, c := range []struct {
		name         string
		put          []byte
		index, until int64
	}{
		{"signed by a key of the same name", newLog().grow(60).sign(t, other, 20).checkpoints[20][0], 20, 20},
		{"of another log, whose key is known", foreign.checkpoints[20][0], 20, 20},
		{"of other leaves", elsewhere.checkpoints[20][0], 0, 19},
		{"of fewer leaves", newLog().grow(60).sign(t, k, 7).checkpoints[7][0], 0, 19},
		{"of more leaves", l.checkpoints[60][0], 0, 20},
		{"none", nil, 20, 20},
		{"too long", make([]byte, audit.MaxCheckpoint+1), 20, 20},
	} {
		bent := l.clone()
		bent.checkpoints[20] = [][]byte{c.put}
		_, bad := verify(t, bent, both)
		if bad.Index != c.index || bad.Until != c.until {
			t.Errorf("%s: %v, want %d to %d", c.name, bad, c.index, c.until)
		}
	}
	if _, err := audit.VerifyLog(bytes.NewReader(l.export(t)), both, foreign.checkpoints[20][0]); err == nil {
		t.Error("a held checkpoint of another log passed")
	}
	_, err := audit.VerifyLog(bytes.NewReader(l.export(t)), k.list, foreign.checkpoints[20][0])
	if _, bad := errors.AsType[audit.BadIndex](err); err == nil || bad {
		t.Errorf("a held checkpoint of an unknown key is no fault of the log: %v", err)
	}
}

func verifierOf(t testing.TB, k keys) note.Verifier {
	t.Helper()
	v, err := note.NewVerifier(k.vkey)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// TestUnsignedTail counts what no checkpoint vouches for.
func TestUnsignedTail(t *testing.T) {
	k := newKeys(t, origin)
	l := newLog().grow(60).sign(t, k, 50)
	if report, bad := verify(t, l, k.list); bad.Index != -1 || report.Unsigned != 10 || report.Newest.Size != 50 {
		t.Errorf("%v, %+v", bad, report)
	}
	l.checkpoints = nil
	if report, bad := verify(t, l, k.list); bad.Index != -1 || report.Unsigned != 60 {
		t.Errorf("%v, %+v", bad, report)
	}
}

// TestTimesBackward notes leaf times that fall back by more than a minute, and
// raises no alarm.
func TestTimesBackward(t *testing.T) {
	k := newKeys(t, origin)
	l := newLog()
	for i, second := range []int{0, 100, 41, 40, 100, 39, 0} { // 100 to 39 is 61 s back; 100 to 41 only 59
		e, s := entry(i)
		e.At = time.Unix(1_800_000_000+int64(second), 0)
		l.leaf = append(l.leaf, e.Leaf(s).Bytes())
	}
	l.rehash().sign(t, k, 7)
	if report, bad := verify(t, l, k.list); bad.Index != -1 || report.Backward != 1 || report.BackwardAt != 5 {
		t.Errorf("%v, %+v", bad, report)
	}
}

// TestBrokenOff cuts an export at every byte: each cut is detected at the leaf
// that is cut or missing.
func TestBrokenOff(t *testing.T) {
	k := newKeys(t, origin)
	l := newLog().grow(9).sign(t, k, 4, 9)
	good := l.export(t)
	owner := owners(t, l, len(good))
	for n := range good {
		_, err := audit.VerifyLog(bytes.NewReader(good[:n]), k.list)
		bad, ok := errors.AsType[audit.BadIndex](err)
		if !ok || owner[n] >= 0 && (bad.Index != owner[n] || bad.Until != owner[n]) {
			t.Errorf("cut at byte %d, in leaf %d: %v", n, owner[n], err)
		}
	}
	if _, err := audit.VerifyLog(bytes.NewReader(append(bytes.Clone(good), 0)), k.list); err == nil {
		t.Error("a byte after the end mark passed")
	}
}

// TestUnreadableIsNotBad tells a log that cannot be read from a bad one.
func TestUnreadableIsNotBad(t *testing.T) {
	k := newKeys(t, origin)
	good := newLog().grow(9).sign(t, k, 9).export(t)
	broken := errors.New("the disk is gone")
	for _, n := range []int{0, 20, 40, 500, len(good)} {
		_, err := audit.VerifyLog(&failing{good[:n], broken}, k.list)
		if _, bad := errors.AsType[audit.BadIndex](err); bad || !errors.Is(err, broken) {
			t.Errorf("failed after %d bytes: %v", n, err)
		}
	}
}

type failing struct {
	b   []byte
	err error
}

func (f *failing) Read(p []byte) (int, error) {
	if len(f.b) == 0 {
		return 0, f.err
	}
	n := copy(p, f.b)
	f.b = f.b[n:]
	return n, nil
}

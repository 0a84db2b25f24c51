package audit_test

import (
	"bytes"
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"limen/audit"
)

// long is set for the long forms of the tests of promise 03.
var long = os.Getenv("LIMEN_LONG") != ""

// remembering keeps what a verifier found of each message and signature, so
// that a test can verify the same checkpoints a hundred thousand times.
type remembering struct {
	note.Verifier
	known map[string]bool
}

func (r remembering) Verify(msg, sig []byte) bool {
	at := string(msg) + "\x00" + string(sig)
	ok, known := r.known[at]
	if !known {
		ok = r.Verifier.Verify(msg, sig)
		r.known[at] = ok
	}
	return ok
}

func remember(t testing.TB, k keys) note.Verifiers {
	t.Helper()
	v, err := note.NewVerifier(k.vkey)
	if err != nil {
		t.Fatal(err)
	}
	return note.VerifierList(remembering{v, map[string]bool{}})
}

// TestEveryBit flips every bit of an exported log of 256 leaves: each flip is
// detected, and a flip in a leaf's record names exactly that leaf. The quick
// form flips every bit of a log of 8 leaves, and every 509th of the large one.
func TestEveryBit(t *testing.T) {
	k := newKeys(t, origin)
	stride := 509
	if long {
		stride = 1
	}
	flipAll(t, k, newLog().grow(8).sign(t, k, 0, 3, 8), 1)
	flipAll(t, k, newLog().grow(256).sign(t, k, 0, 1, 100, 200, 256), stride)
}

// flipAll flips every stride-th bit of the export of l, one after the other.
func flipAll(t *testing.T, k keys, l *log, stride int) {
	good := l.export(t)
	owner := owners(t, l, len(good))
	const workers = 2
	var flipped atomic.Int64
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			v, b := remember(t, k), bytes.Clone(good)
			for bit := w * stride; bit < 8*len(b); bit += workers * stride {
				b[bit/8] ^= 1 << (bit % 8)
				flip(t, b, v, bit, owner[bit/8])
				b[bit/8] ^= 1 << (bit % 8)
				flipped.Add(1)
			}
		})
	}
	wait.Wait()
	if want := (8*len(good) + stride - 1) / stride; flipped.Load() != int64(want) {
		t.Errorf("%d flips, want %d", flipped.Load(), want)
	}
	t.Logf("%d leaves: %d of %d bits flipped", len(l.leaf), flipped.Load(), 8*len(good))
}

func flip(t *testing.T, b []byte, v note.Verifiers, bit int, owner int64) {
	report, err := audit.VerifyLog(bytes.NewReader(b), v)
	bad, ok := errors.AsType[audit.BadIndex](err)
	switch {
	case !ok:
		t.Errorf("bit %d: not detected: %v, %+v", bit, err, report)
	case owner >= 0 && (bad.Index != owner || bad.Until != owner):
		t.Errorf("bit %d belongs to leaf %d: %v", bit, owner, bad)
	case bad.Index < 0 || bad.Until < bad.Index || bad.Reason == "":
		t.Errorf("bit %d: %+v", bit, bad)
	}
}

// owners returns of each byte of the export the leaf whose record it is in, or
// -1. It is worked out from the format, not from the code.
func owners(t *testing.T, l *log, size int) []int64 {
	var out []int64
	add := func(n int, owner int64) {
		for range n {
			out = append(out, owner)
		}
	}
	checkpoints := func(at int) {
		for _, c := range l.checkpoints[int64(at)] {
			add(3+len(c), -1)
		}
	}
	add(len("limen.log.v1\n"+origin+"\n"), -1)
	for i := range l.leaf {
		checkpoints(i)
		add(13+len(l.leaf[i])+len(l.hashes[i]), int64(i))
	}
	checkpoints(len(l.leaf))
	add(17, -1)
	if len(out) != size {
		t.Fatalf("the export has %d bytes, by its format it has %d", size, len(out))
	}
	return out
}

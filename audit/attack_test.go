package audit_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"limen/audit"
)

// An attack changes a log that is signed at its end. It has the stored hashes
// and the checkpoints to play with, but not the key.
type attack struct {
	name string
	do   func(r *rand.Rand, l *log)
}

// span draws a run of 1 to 64 leaves.
func span(r *rand.Rand, l *log) (from, to int) {
	from = r.IntN(len(l.leaf))
	return from, min(len(l.leaf), from+1+r.IntN(1<<r.IntN(7)))
}

// splice replaces the records from..to.
func (l *log) splice(from, to int, leaf, hashes [][]byte) {
	l.leaf = slices.Replace(l.leaf, from, to, leaf...)
	l.hashes = slices.Replace(l.hashes, from, to, hashes...)
}

// cut returns a copy of the records from..to.
func (l *log) cut(from, to int) (leaf, hashes [][]byte) {
	return slices.Clone(l.leaf[from:to]), slices.Clone(l.hashes[from:to])
}

func forged(r *rand.Rand) []byte {
	e, s := entry(r.IntN(1 << 40))
	e.Actor = "forger"
	return e.Leaf(s).Bytes()
}

var attacks = []attack{
	{"delete", func(r *rand.Rand, l *log) {
		from, to := span(r, l)
		l.splice(from, to, nil, nil)
	}},
	{"swap two", func(r *rand.Rand, l *log) {
		i, j := r.IntN(len(l.leaf)), r.IntN(len(l.leaf)-1)
		if j >= i {
			j++
		}
		l.leaf[i], l.leaf[j] = l.leaf[j], l.leaf[i]
		l.hashes[i], l.hashes[j] = l.hashes[j], l.hashes[i]
	}},
	{"duplicate", func(r *rand.Rand, l *log) {
		from, to := span(r, l)
		leaf, hashes := l.cut(from, to)
		l.splice(to, to, leaf, hashes)
	}},
	{"insert", func(r *rand.Rand, l *log) {
		at := r.IntN(len(l.leaf) + 1)
		_, hashes := new(audit.Tree).Append(forged(r))
		l.splice(at, at, [][]byte{forged(r)}, [][]byte{hashes})
	}},
	{"truncate", func(r *rand.Rand, l *log) {
		from, _ := span(r, l)
		l.splice(from, len(l.leaf), nil, nil)
	}},
	{"alter", func(r *rand.Rand, l *log) { l.leaf[r.IntN(len(l.leaf))] = forged(r) }},
	{"alter with its own hash", func(r *rand.Rand, l *log) {
		i := r.IntN(len(l.leaf))
		l.leaf[i] = forged(r)
		_, own := new(audit.Tree).Append(l.leaf[i])
		l.hashes[i] = append(own, l.hashes[i][32:]...)
	}},
	{"move", func(r *rand.Rand, l *log) {
		from, to := span(r, l)
		leaf, hashes := l.cut(from, to)
		l.splice(from, to, nil, nil)
		at := r.IntN(len(l.leaf) + 1)
		if at == from {
			leaf[0] = forged(r) // moved to where it was
		}
		l.splice(at, at, leaf, hashes)
	}},
	{"reverse", func(r *rand.Rand, l *log) {
		from, to := span(r, l)
		if to-from < 2 {
			l.leaf[from] = forged(r)
		}
		slices.Reverse(l.leaf[from:to])
		slices.Reverse(l.hashes[from:to])
	}},
	{"swap two runs", func(r *rand.Rand, l *log) {
		n := 1 << r.IntN(6)
		i, j := r.IntN(len(l.leaf)/n-1), len(l.leaf)/n-1
		for k := range n {
			a, b := i*n+k, j*n+k
			l.leaf[a], l.leaf[b] = l.leaf[b], l.leaf[a]
			l.hashes[a], l.hashes[b] = l.hashes[b], l.hashes[a]
		}
	}},
	{"alter a stored hash", func(r *rand.Rand, l *log) {
		i := r.IntN(len(l.leaf))
		l.hashes[i] = bytes.Clone(l.hashes[i])
		l.hashes[i][r.IntN(len(l.hashes[i]))] ^= 1 << r.IntN(8)
	}},
	{"lose stored hashes", func(r *rand.Rand, l *log) {
		i := r.IntN(len(l.leaf))
		l.hashes[i] = l.hashes[i][:r.IntN(len(l.hashes[i]))]
	}},
}

// firstDifference returns the first record of l that is not that of was.
func firstDifference(was, l *log) int64 {
	n := min(len(was.leaf), len(l.leaf))
	for i := range n {
		if !bytes.Equal(was.leaf[i], l.leaf[i]) || !bytes.Equal(was.hashes[i], l.hashes[i]) {
			return int64(i)
		}
	}
	return int64(n)
}

// strike attacks a copy of l. Half of the attackers compute all stored hashes
// anew, and half leave the checkpoints where they stood in the stream rather
// than after as many leaves as they speak of.
func strike(r *rand.Rand, was *log, a attack) (*log, string) {
	l, name := was.clone(), a.name
	a.do(r, l)
	first := firstDifference(was, l)
	if shift := int64(len(l.leaf) - len(was.leaf)); r.IntN(2) == 0 && shift != 0 {
		name += ", checkpoints in place"
		l.checkpoints = map[int64][][]byte{}
		for size, list := range was.checkpoints {
			if size > first {
				size = max(first, size+shift)
			}
			l.checkpoints[size] = append(l.checkpoints[size], list...)
		}
	}
	if r.IntN(2) == 0 && a.name != "alter a stored hash" && a.name != "lose stored hashes" {
		name += ", rehashed"
		l.rehashFrom(int(first))
	}
	return l, name
}

// TestStructuralAttacks strikes a signed log and finds every strike, with the
// first bad index in the range that is named. Quick: 200 strikes on 1,000
// entries; long: 10,000 on 100,000.
func TestStructuralAttacks(t *testing.T) {
	entries, strikes := 1000, 200
	if long {
		entries, strikes = 100_000, 10_000
	}
	k := newKeys(t, origin)
	was := newLog().grow(entries)
	sizes := []int64{0, int64(entries)}
	for range 40 {
		sizes = append(sizes, rand.Int64N(int64(entries)))
	}
	was.sign(t, k, sizes...)
	parallel(strikes, func(i int) {
		r := rand.New(rand.NewPCG(3, uint64(i)))
		l, name := strike(r, was, attacks[i%len(attacks)])
		checkStrike(t, fmt.Sprintf("%d %s", i, name), was, l, k.list)
	})
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func checkStrike(t *testing.T, name string, was, l *log, v note.Verifiers) {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	l.write(t, b)
	_, err := audit.VerifyLog(b, v)
	bad, ok := errors.AsType[audit.BadIndex](err)
	first := firstDifference(was, l)
	if !ok || first < bad.Index || first > bad.Until {
		t.Errorf("%s: first altered is %d: %v", name, first, err)
	}
}

// parallel runs do for 0 to n-1 on two goroutines.
func parallel(n int, do func(i int)) {
	done := make(chan bool)
	for w := range 2 {
		go func() {
			for i := w; i < n; i += 2 {
				do(i)
			}
			done <- true
		}()
	}
	<-done
	<-done
}

// TestCleanLogs verifies logs of random sizes with checkpoints at random
// places, held ones too, and hears no alarm. Quick: 200; long: 10,000, up to
// 100,000 entries.
func TestCleanLogs(t *testing.T) {
	runs, most := 200, 11
	if long {
		runs, most = 10_000, 17
	}
	k := newKeys(t, origin)
	all := newLog().grow(1 << most)
	parallel(runs, func(i int) {
		r := rand.New(rand.NewPCG(4, uint64(i)))
		size := r.IntN(1 + 1<<r.IntN(most))
		if long && i%100 == 0 {
			size = 100_000
		}
		l := &log{origin, all.leaf[:size], all.hashes[:size], map[int64][][]byte{}}
		sizes := []int64{int64(size)}
		for range r.IntN(8) {
			sizes = append(sizes, r.Int64N(int64(size)+1))
		}
		l.sign(t, k, sizes...)
		held := l.checkpoints[sizes[r.IntN(len(sizes))]]
		report, err := audit.VerifyLog(bytes.NewReader(l.export(t)), k.list, held...)
		if err != nil || report.Size != int64(size) || report.Unsigned != 0 || report.Held != len(held) || report.Backward != 0 {
			t.Errorf("run %d, %d entries: %v, %+v", i, size, err, report)
		}
	})
}

package audit

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// BadIndex says where a log is not what it should be.
type BadIndex struct {
	// Index is the first bad leaf. Where the damage is not in a leaf (a
	// checkpoint, the end mark), it is the number of leaves before it.
	Index int64
	// Until is the last leaf that Index may be if only a range is known, and
	// equal to Index if it is known exactly.
	Until  int64
	Reason string
}

// Error returns where and why.
func (b BadIndex) Error() string {
	if b.Until > b.Index {
		return fmt.Sprintf("the log is bad at a leaf from %d to %d: %s", b.Index, b.Until, b.Reason)
	}
	return fmt.Sprintf("the log is bad at leaf %d: %s", b.Index, b.Reason)
}

// Backward is how far the time of a leaf may lie before that of the leaf in
// front of it without being noted: leaves queue, and clocks are set.
const Backward = time.Minute

// Report says what was found in a log.
type Report struct {
	Origin      string
	Size        int64     // leaves read
	Root        tlog.Hash // of these leaves
	Checkpoints int64     // of the log itself, all good
	Newest      Checkpoint
	Unsigned    int64 // leaves after the newest checkpoint: nothing vouches for them yet
	Held        int   // checkpoints held elsewhere, all good
	First, Last time.Time
	// Backward counts leaves whose time lies more than Backward before the
	// leaf in front, and checkpoints older than the one before; BackwardAt is
	// the index of the first. A clock was set, or a key was misused.
	Backward, BackwardAt int64
}

// VerifyLog reads a log that a Writer wrote and verifies every leaf, stored
// hash and checkpoint against the keys, and against checkpoints held
// elsewhere. It reads once and keeps O(log n) memory beside the held
// checkpoints.
//
// The error is a BadIndex if the log is bad, and a plain error if it cannot be
// read or a held checkpoint is not one of this log's key. The Report beside an
// error says how far it was good. Named exactly is a leaf whose record
// contradicts itself (number, form, own hash), whose stored hashes are false
// while the leaves are as signed, or where the stream breaks off. If leaves
// agree among themselves but not with a checkpoint or with hashes stored
// later, the first bad one is in the range since the last good checkpoint; if
// only a held checkpoint disagrees, since the last held one that agrees. Where
// a held checkpoint is of more leaves than there are, the first missing one is
// named.
func VerifyLog(r io.Reader, v note.Verifiers, held ...[]byte) (Report, error) {
	l := &logReader{r: bufio.NewReaderSize(r, 16<<10), keys: v, tree: &Tree{}}
	err := l.hold(held)
	if err == nil {
		err = l.run()
	}
	l.rep.Size, l.rep.Root = l.tree.Size(), l.tree.Root()
	l.rep.Unsigned = l.rep.Size - l.rep.Newest.Size
	if _, bad := errors.AsType[BadIndex](err); bad && l.doubt != nil {
		return l.rep, *l.doubt
	}
	return l.rep, err
}

// logReader verifies a stream record by record.
type logReader struct {
	r    *bufio.Reader
	keys note.Verifiers
	held []Checkpoint // not yet reached, by size
	tree *Tree
	rep  Report

	heldGood int64     // size of the last held checkpoint that agreed
	doubt    *BadIndex // an inner hash that does not follow from the leaves; the next checkpoint says which is false
	buf      []byte
}

// hold opens the checkpoints held elsewhere.
func (l *logReader) hold(held [][]byte) error {
	for i, b := range held {
		c, err := OpenCheckpoint(b, l.keys)
		if err != nil {
			return fmt.Errorf("held checkpoint %d: %w", i+1, err)
		}
		l.held = append(l.held, c)
	}
	slices.SortStableFunc(l.held, func(a, b Checkpoint) int { return cmp.Compare(a.Size, b.Size) })
	return nil
}

func (l *logReader) run() error {
	if err := l.header(); err != nil {
		return err
	}
	for {
		if err := l.compareHeld(); err != nil {
			return err
		}
		mark, err := l.r.ReadByte()
		if err != nil {
			return l.broken(err)
		}
		switch mark {
		case markLeaf:
			err = l.leaf()
		case markCheckpoint:
			err = l.checkpoint()
		case markEnd:
			return l.end()
		default:
			err = l.bad("what stands here is no record")
		}
		if err != nil {
			return err
		}
	}
}

// bad names the leaf that is to come next.
func (l *logReader) bad(format string, args ...any) error {
	return BadIndex{l.tree.Size(), l.tree.Size(), fmt.Sprintf(format, args...)}
}

// since names the leaves from index on to the last one read.
func (l *logReader) since(index int64, format string, args ...any) error {
	return BadIndex{min(index, l.tree.Size()), max(index, l.tree.Size()-1), fmt.Sprintf(format, args...)}
}

// broken returns what it means that a read failed: at the end of the stream the
// log is cut off, else the stream cannot be read.
func (l *logReader) broken(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return l.bad("the log breaks off after %d leaves, without its end mark", l.tree.Size())
	}
	return fmt.Errorf("the log cannot be read: %w", err)
}

// read returns the next n bytes, good until the next read.
func (l *logReader) read(n int) ([]byte, error) {
	l.buf = slices.Grow(l.buf[:0], n)[:n]
	if _, err := io.ReadFull(l.r, l.buf); err != nil {
		return nil, l.broken(err)
	}
	return l.buf, nil
}

// header reads the first two lines. All held checkpoints must be of this log.
func (l *logReader) header() error {
	b, err := l.read(len(logPrefix))
	if err != nil {
		return err
	}
	if string(b) != logPrefix {
		return l.bad("the log does not start with %q", logPrefix)
	}
	var name []byte
	for len(name) <= MaxOrigin {
		c, err := l.r.ReadByte()
		if err != nil {
			return l.broken(err)
		}
		if c == '\n' {
			break
		}
		name = append(name, c)
	}
	l.rep.Origin = string(name)
	if !validOrigin(l.rep.Origin) {
		return l.bad("the log's name is not one")
	}
	for _, c := range l.held {
		if c.Origin != l.rep.Origin {
			return l.bad("the log's name is not that of the held checkpoints")
		}
	}
	return nil
}

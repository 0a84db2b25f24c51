package audit

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"time"

	"golang.org/x/mod/sumdb/tlog"
)

// leaf verifies one leaf and its stored hashes, and adds it to the tree.
func (l *logReader) leaf() error {
	index := l.tree.Size()
	head, err := l.read(12)
	if err != nil {
		return err
	}
	at := int64(binary.BigEndian.Uint64(head))
	leafLen, hashLen := int(binary.BigEndian.Uint16(head[8:])), int(binary.BigEndian.Uint16(head[10:]))
	switch {
	case index == MaxSize:
		return l.bad("a log has at most %d leaves", int64(MaxSize))
	case at > index:
		return l.bad("the leaf is missing: in its place stands leaf %d", at)
	case at != index:
		return l.bad("in its place stands leaf %d again, or out of order", at)
	case leafLen > MaxLeaf:
		return l.bad("the leaf is longer than a leaf can be")
	}
	b, err := l.read(leafLen + hashLen)
	if err != nil {
		return err
	}
	parsed, err := ParseLeaf(b[:leafLen])
	if err != nil {
		return l.bad("%v", err)
	}
	_, hashes := l.tree.Append(b[:leafLen])
	l.times(index, parsed.At)
	return l.compareHashes(index, hashes, b[leafLen:])
}

// compareHashes holds the stored hashes of a leaf against the ones that follow
// from all leaves so far. If its own hash differs, the leaf is bad. If another
// one does, or if there are too few or too many, then either these are bad, or
// leaves before were changed together with their own hashes: the next
// checkpoint tells which, so the reading goes on.
func (l *logReader) compareHashes(index int64, want, stored []byte) error {
	if bytes.Equal(want, stored) || l.doubt != nil {
		return nil
	}
	level, levels := 0, min(len(want), len(stored))/tlog.HashSize
	for level < levels && bytes.Equal(want[level*tlog.HashSize:][:tlog.HashSize], stored[level*tlog.HashSize:][:tlog.HashSize]) {
		level++
	}
	var reason string
	switch {
	case level == 0:
		return BadIndex{index, index, "the leaf is not the one that its stored hash is of"}
	case len(stored) != len(want) && !l.recordNext():
		return BadIndex{index, index, "the length of the stored hashes is wrong, and what follows is no record"}
	case level < levels:
		reason = fmt.Sprintf("the hash stored for leaves %d to %d does not follow from them", index+1-1<<level, index)
	default:
		reason = fmt.Sprintf("leaf %d is stored with %d bytes of hashes, and a leaf at this place has %d", index, len(stored), len(want))
	}
	l.doubt = &BadIndex{l.rep.Newest.Size, index, reason}
	return nil
}

// recordNext reports whether a record that may come next starts here, rather
// than the middle of one.
func (l *logReader) recordNext() bool {
	b, _ := l.r.Peek(3 + len(l.rep.Origin))
	if len(b) > 3 && b[0] == markCheckpoint {
		return string(b[3:]) == l.rep.Origin
	}
	b, _ = l.r.Peek(9)
	return len(b) == 9 && (b[0] == markLeaf || b[0] == markEnd) && int64(binary.BigEndian.Uint64(b[1:])) == l.tree.Size()
}

// times notes the time of a leaf.
func (l *logReader) times(index int64, at time.Time) {
	if index == 0 {
		l.rep.First = at
	} else if at.Before(l.rep.Last.Add(-Backward)) {
		l.backward(index)
	}
	l.rep.Last = at
}

func (l *logReader) backward(index int64) {
	if l.rep.Backward == 0 {
		l.rep.BackwardAt = index
	}
	l.rep.Backward++
}

// checkpoint verifies one checkpoint of the log itself.
func (l *logReader) checkpoint() error {
	head, err := l.read(2)
	if err != nil {
		return err
	}
	n := int(binary.BigEndian.Uint16(head))
	if n > MaxCheckpoint {
		return l.bad("the checkpoint before this leaf is longer than one can be")
	}
	b, err := l.read(n)
	if err != nil {
		return err
	}
	c, err := OpenCheckpoint(b, l.keys)
	if err != nil {
		return l.bad("the checkpoint before this leaf is bad: %v", err)
	}
	if err := l.compareOwn(c); err != nil {
		return err
	}
	if d := l.doubt; d != nil { // the leaves are as signed, so it is the stored hash
		l.doubt = nil
		return BadIndex{d.Until, d.Until, "the leaves are as they were signed, but the hashes stored with this one are not theirs"}
	}
	if l.rep.Checkpoints > 0 && c.At.Before(l.rep.Newest.At) {
		l.backward(c.Size)
	}
	l.rep.Newest = c
	l.rep.Checkpoints++
	return nil
}

// compareOwn holds a checkpoint against the leaves before it.
func (l *logReader) compareOwn(c Checkpoint) error {
	size, good := l.tree.Size(), l.rep.Newest.Size
	switch {
	case c.Origin != l.rep.Origin:
		return l.bad("the log's name is not that of its checkpoint")
	case c.Size > size:
		return BadIndex{good, size, fmt.Sprintf("leaves are missing: a signed checkpoint says that there were %d, and only %d stand before it", c.Size, size)}
	case c.Size < size:
		return l.since(good, "a signed checkpoint of %d leaves stands after %d: leaves were put in, or it was moved", c.Size, size)
	case c.Root != l.tree.Root():
		return l.since(good, "the leaves are not the ones that the checkpoint of %d leaves was signed for", c.Size)
	}
	return nil
}

// compareHeld holds the checkpoints held elsewhere that speak of as many leaves
// as were read against them.
func (l *logReader) compareHeld() error {
	for len(l.held) > 0 && l.held[0].Size == l.tree.Size() {
		c := l.held[0]
		if c.Root != l.tree.Root() {
			return l.since(l.heldGood, "the leaves are not the ones that the checkpoint of %d leaves held elsewhere was signed for: the log was rewritten, and perhaps signed anew", c.Size)
		}
		l.held, l.heldGood = l.held[1:], c.Size
		l.rep.Held++
	}
	return nil
}

// end verifies the end mark, and that nothing is missing at the end.
func (l *logReader) end() error {
	b, err := l.read(16)
	if err != nil {
		return err
	}
	leaves, checkpoints := int64(binary.BigEndian.Uint64(b)), int64(binary.BigEndian.Uint64(b[8:]))
	size := l.tree.Size()
	switch {
	case leaves != size:
		return BadIndex{l.rep.Newest.Size, size, fmt.Sprintf("the end mark says that there are %d leaves, but there are %d", leaves, size)}
	case checkpoints != l.rep.Checkpoints:
		return l.bad("the end mark says that there are %d checkpoints, but there are %d", checkpoints, l.rep.Checkpoints)
	case len(l.held) > 0:
		return l.bad("leaves are missing: a checkpoint held elsewhere was signed for %d leaves, but the log has only %d; it was cut off or set back", l.held[len(l.held)-1].Size, size)
	}
	if _, err := l.r.ReadByte(); err == nil {
		return l.bad("something stands after the end mark")
	} else if err != io.EOF {
		return l.broken(err)
	}
	if l.doubt != nil {
		return *l.doubt
	}
	return nil
}

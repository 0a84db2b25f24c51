package audit

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

// A log written out is one stream:
//
//	"limen.log.v1\n", the log's name, "\n"
//	'L' index(8) leaf length(2) hashes length(2) leaf hashes     for each leaf
//	'C' length(2) checkpoint                                      where it belongs
//	'E' number of leaves(8) number of checkpoints(8)              then nothing
//
// Numbers are big-endian. A checkpoint stands after exactly as many leaves as
// it speaks of.
const (
	logPrefix      = "limen.log.v1\n"
	markLeaf       = 'L'
	markCheckpoint = 'C'
	markEnd        = 'E'
)

// Writer writes a whole log out for others to verify. It writes what it is
// given and judges nothing: finding fault is VerifyLog's part. After an error
// every later call returns it.
type Writer struct {
	w                   *bufio.Writer
	leaves, checkpoints int64
	err                 error
}

// NewWriter starts the log named origin on w. Nothing is whole until Close.
func NewWriter(w io.Writer, origin string) *Writer {
	out := &Writer{w: bufio.NewWriterSize(w, 64<<10)}
	if !validOrigin(origin) {
		out.err = errors.New("the log's name is not one")
	}
	out.write([]byte(logPrefix + origin + "\n"))
	return out
}

// Leaf writes the next leaf and the hashes stored with it.
func (w *Writer) Leaf(leaf, hashes []byte) error {
	if len(leaf) > math.MaxUint16 || len(hashes) > math.MaxUint16 {
		w.fail(fmt.Errorf("leaf %d is too long to be written out", w.leaves))
	}
	var head [13]byte
	head[0] = markLeaf
	binary.BigEndian.PutUint64(head[1:], uint64(w.leaves))
	binary.BigEndian.PutUint16(head[9:], uint16(len(leaf)))
	binary.BigEndian.PutUint16(head[11:], uint16(len(hashes)))
	w.write(head[:])
	w.write(leaf)
	w.write(hashes)
	w.leaves++
	return w.err
}

// Checkpoint writes a signed checkpoint. Its place is right after the leaves
// that it speaks of: call it when exactly Size leaves are written.
func (w *Writer) Checkpoint(signed []byte) error {
	if len(signed) > math.MaxUint16 {
		w.fail(fmt.Errorf("the checkpoint after %d leaves is too long to be written out", w.leaves))
	}
	w.write(binary.BigEndian.AppendUint16([]byte{markCheckpoint}, uint16(len(signed))))
	w.write(signed)
	w.checkpoints++
	return w.err
}

// Close writes the end mark. It does not close the stream below.
func (w *Writer) Close() error {
	b := binary.BigEndian.AppendUint64([]byte{markEnd}, uint64(w.leaves))
	w.write(binary.BigEndian.AppendUint64(b, uint64(w.checkpoints)))
	if w.err == nil {
		w.fail(w.w.Flush())
	}
	return w.err
}

func (w *Writer) write(b []byte) {
	if w.err == nil {
		_, w.err = w.w.Write(b)
	}
}

func (w *Writer) fail(err error) {
	if w.err == nil {
		w.err = err
	}
}

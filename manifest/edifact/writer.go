package edifact

import (
	"io"

	"limen/errs"
)

// Writer writes segments. The first error stays: later calls do nothing and
// Err returns it. It is not safe for concurrent use.
type Writer struct {
	dst      io.Writer
	syntax   Syntax
	buf      []byte
	segments int
	err      error
}

// NewWriter returns a Writer with the given service characters. Errors:
// errs.Invalid with code "syntax-invalid", from Err, if they cannot work or if
// there is no release character.
func NewWriter(dst io.Writer, s Syntax) *Writer {
	w := &Writer{dst: dst, syntax: s}
	if !s.valid() || !s.hasRelease() {
		w.err = errs.New(errs.Invalid, "syntax-invalid", "the service characters cannot be told apart")
	}
	return w
}

// Err returns the first error of the Writer.
func (w *Writer) Err() error { return w.err }

// Segments returns how many segments have been written.
func (w *Writer) Segments() int { return w.segments }

// Advice writes the service string advice.
func (w *Writer) Advice() {
	s := w.syntax
	w.write([]byte{'U', 'N', 'A', s.Component, s.Element, s.Decimal, s.Release, s.Repetition, s.Terminator, '\n'})
}

// E is one element given by its components.
func E(components ...string) []string { return components }

// Segment writes one segment on a line of its own. Components and elements
// that are empty at the end are left out; service characters in values are
// released.
//
// Errors, from Err: those of the destination; errs.Invalid with code
// "value-control" for a control character in a value, which a reader would
// lose, and errs.TooLarge with code "segment-too-long" for one over MaxSegment.
func (w *Writer) Segment(tag string, elements ...[]string) {
	w.buf = append(w.buf[:0], tag...)
	for i, e := range trimElements(elements) {
		w.buf = append(w.buf, w.syntax.Element)
		for j, v := range trimComponents(e) {
			if j > 0 {
				w.buf = append(w.buf, w.syntax.Component)
			}
			w.value(v, tag, i+1)
		}
	}
	if len(w.buf) > MaxSegment && w.err == nil {
		w.err = errs.New(errs.TooLarge, "segment-too-long", "a %s segment would be longer than %d bytes", tag, MaxSegment)
	}
	w.buf = append(w.buf, w.syntax.Terminator, '\n')
	w.write(w.buf)
	w.segments++
}

func (w *Writer) value(v, tag string, element int) {
	for i := range len(v) {
		c := v[i]
		if c < ' ' || c == 0x7f {
			if w.err == nil {
				w.err = errs.New(errs.Invalid, "value-control", "element %d of a %s segment has a control character", element, tag)
			}
			return
		}
		if w.syntax.isService(c) {
			w.buf = append(w.buf, w.syntax.Release)
		}
		w.buf = append(w.buf, c)
	}
}

func (w *Writer) write(b []byte) {
	if w.err == nil {
		_, w.err = w.dst.Write(b)
	}
}

func trimElements(e [][]string) [][]string {
	for len(e) > 0 && len(trimComponents(e[len(e)-1])) == 0 {
		e = e[:len(e)-1]
	}
	return e
}

func trimComponents(c []string) []string {
	for len(c) > 0 && c[len(c)-1] == "" {
		c = c[:len(c)-1]
	}
	return c
}

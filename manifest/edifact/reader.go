package edifact

import (
	"bytes"
	"io"

	"limen/errs"
)

// bufferSize leaves room for the longest segment and for some reading ahead.
const bufferSize = 2*MaxSegment + 4096

// maxIdleReads is how often in a row a source may return nothing and no error.
const maxIdleReads = 100

// Reader reads segments from a stream. It is not safe for concurrent use.
type Reader struct {
	src     io.Reader
	srcErr  error
	buf     []byte
	pos     int   // next byte to read; buf[pos:] is unread
	base    int64 // offset in the input of buf[0]
	start   int   // where in buf the current segment's tag begins
	syntax  Syntax
	started bool
	badUNA  bool
	raw     []byte // current segment as sent
	prev    []byte // the one before
	clean   []byte // current segment without breaks and release characters
	seg     Segment
}

// NewReader returns a Reader of the interchange in src. It reads src in blocks
// and may read past the interchange's end.
func NewReader(src io.Reader) *Reader {
	return &Reader{src: src, buf: make([]byte, 0, bufferSize), syntax: DefaultSyntax()}
}

// Syntax returns the service characters in force: those of the service string
// advice once the first segment has been read, the default ones otherwise.
func (r *Reader) Syntax() Syntax { return r.syntax }

// BadAdvice reports that the interchange began with a service string advice
// that cannot work, and that the default characters were taken instead.
func (r *Reader) BadAdvice() bool { return r.badUNA }

// Offset returns how many bytes of the input have been read into segments.
func (r *Reader) Offset() int64 { return r.base + int64(r.pos) }

// Next returns the next segment, which is valid until the following call; the
// service string advice is not returned as a segment. At the end of the input
// it returns io.EOF.
//
// Errors: those of the source, unchanged; errs.TooLarge with code
// "segment-too-long", "elements-too-many" or "components-too-many" for a
// segment over a limit. Reading cannot go on after an error.
func (r *Reader) Next() (*Segment, error) {
	if !r.started {
		r.begin()
	}
	r.prev = append(r.prev[:0], r.raw...)
	if err := r.skipBlanks(); err != nil {
		return nil, err
	}
	length, partial, err := r.findEnd()
	if err != nil {
		return nil, err
	}
	r.raw = r.buf[r.pos : r.pos+length]
	r.start = r.pos
	r.seg.reset()
	r.seg.Offset = r.base + int64(r.pos)
	r.seg.Partial = partial
	r.seg.Repeated = bytes.Equal(r.raw, r.prev)
	r.pos += length
	if !partial {
		r.pos++
	}
	if err := r.split(); err != nil {
		return nil, err
	}
	return &r.seg, nil
}

// Resume takes back the end of the current segment: it is cut before the last
// three letters of element e, and Next returns the segment that begins with
// them. It is for a walker that finds a tag in the middle of a segment whose
// terminator was lost. It must be called before Next, and reports false,
// changing nothing, if e has no such letters or the segment would begin where
// it already does.
func (r *Reader) Resume(e int) bool {
	n := r.seg.Components(e)
	if n == 0 || len(r.seg.Value(e, n-1)) < 3 {
		return false
	}
	last := int(r.seg.elements[e]) + n - 1
	at := r.start + int(r.seg.ends[last])
	for letters := 0; letters < 3; {
		at--
		if at <= r.start {
			return false
		}
		if !r.syntax.isBreak(r.buf[at]) {
			letters++
		}
	}
	v := r.seg.values[last]
	r.seg.values[last] = v[:len(v)-3]
	r.seg.values, r.seg.ends = r.seg.values[:last+1], r.seg.ends[:last+1]
	r.seg.elements = r.seg.elements[:e+1]
	r.pos = at
	return true
}

// begin passes over a byte order mark and reads the service string advice.
func (r *Reader) begin() {
	r.started = true
	r.fill(3)
	if bytes.HasPrefix(r.buf, []byte("\xef\xbb\xbf")) {
		r.pos = 3
	}
	if r.skipBlanks() != nil {
		return
	}
	r.fill(unaLength)
	b := r.buf[r.pos:]
	if len(b) < unaLength || string(b[:3]) != "UNA" {
		return
	}
	syntax, ok := parseUNA(b)
	r.pos += unaLength
	if r.badUNA = !ok; ok {
		r.syntax = syntax
	}
}

// fill reads until at least n unread bytes are in the buffer or the source has
// no more. n must not exceed MaxSegment+1.
func (r *Reader) fill(n int) {
	for idle := 0; len(r.buf)-r.pos < n && r.srcErr == nil; idle++ {
		if cap(r.buf)-r.pos < n || r.pos >= MaxSegment {
			kept := copy(r.buf, r.buf[r.pos:])
			r.base += int64(r.pos)
			r.buf, r.pos = r.buf[:kept], 0
		}
		var got int
		got, r.srcErr = r.src.Read(r.buf[len(r.buf):cap(r.buf)])
		r.buf = r.buf[:len(r.buf)+got]
		if got > 0 {
			idle = 0
		} else if idle >= maxIdleReads && r.srcErr == nil {
			r.srcErr = io.ErrNoProgress
		}
	}
}

// skipBlanks moves to the next byte that can begin a segment. Blanks and
// control characters before a tag, and empty segments, carry nothing.
func (r *Reader) skipBlanks() error {
	for {
		for r.pos < len(r.buf) {
			c := r.buf[r.pos]
			if c > ' ' && c != r.syntax.Terminator || c == r.syntax.Element {
				return nil
			}
			r.pos++
		}
		if r.fill(1); r.pos == len(r.buf) {
			return r.srcErr
		}
	}
}

// findEnd returns the length of the segment at pos. The last segment may end
// with the input instead of a terminator; it is then partial.
func (r *Reader) findEnd() (length int, partial bool, err error) {
	for {
		b := r.buf[r.pos:]
		for length < len(b) {
			i := bytes.IndexByte(b[length:], r.syntax.Terminator)
			if i < 0 {
				length = len(b)
				break
			}
			if length += i; length > MaxSegment {
				break
			}
			if !r.released(b[:length]) {
				return length, false, nil
			}
			length++
		}
		if length > MaxSegment {
			return 0, false, errs.New(errs.TooLarge, "segment-too-long",
				"the segment at byte %d is longer than %d bytes", r.base+int64(r.pos), MaxSegment)
		}
		if r.fill(len(b) + 1); len(r.buf)-r.pos == len(b) {
			if r.srcErr != io.EOF {
				return 0, false, r.srcErr
			}
			return length, true, nil
		}
	}
}

// released reports whether the character after b is released: whether an odd
// number of release characters stands before it. Line breaks do not count.
func (r *Reader) released(b []byte) bool {
	if !r.syntax.hasRelease() {
		return false
	}
	odd := false
	for i := len(b) - 1; i >= 0; i-- {
		switch {
		case b[i] == r.syntax.Release:
			odd = !odd
		case !r.syntax.isBreak(b[i]):
			return odd
		}
	}
	return odd
}

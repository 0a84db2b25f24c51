package edifact

import (
	"bytes"

	"limen/errs"
)

// split cuts the current segment into elements and components.
func (r *Reader) split() error {
	r.seg.elements = append(r.seg.elements, 0)
	if r.plain() {
		return r.splitPlain()
	}
	return r.splitReleased()
}

// plain reports whether the segment has neither a release character nor a line
// break, as nearly all have, so that its values can stay where they are.
func (r *Reader) plain() bool {
	s := r.syntax
	return !(s.hasRelease() && bytes.IndexByte(r.raw, s.Release) >= 0) &&
		(s.isService('\r') || bytes.IndexByte(r.raw, '\r') < 0) &&
		(s.isService('\n') || bytes.IndexByte(r.raw, '\n') < 0)
}

func (r *Reader) splitPlain() error {
	begin := 0
	for i, c := range r.raw {
		if c != r.syntax.Component && c != r.syntax.Element {
			continue
		}
		if err := r.addValue(r.raw[begin:i], i, c == r.syntax.Element); err != nil {
			return err
		}
		begin = i + 1
	}
	return r.addValue(r.raw[begin:], len(r.raw), false)
}

// splitReleased copies the values out without release characters and breaks.
func (r *Reader) splitReleased() error {
	if cap(r.clean) < len(r.raw) {
		r.clean = make([]byte, 0, MaxSegment)
	}
	out, begin, released := r.clean[:0], 0, false
	for i, c := range r.raw {
		switch {
		case r.syntax.isBreak(c):
		case !released && r.syntax.hasRelease() && c == r.syntax.Release:
			released = true
		case !released && (c == r.syntax.Component || c == r.syntax.Element):
			if err := r.addValue(out[begin:], i, c == r.syntax.Element); err != nil {
				return err
			}
			begin = len(out)
		default:
			out, released = append(out, c), false
		}
	}
	return r.addValue(out[begin:], len(r.raw), false)
}

// addValue ends a component at byte end of the segment, and its element too if
// the separator that ended it says so.
func (r *Reader) addValue(v []byte, end int, endsElement bool) error {
	s := &r.seg
	if len(s.values) >= MaxComponents {
		return errs.New(errs.TooLarge, "components-too-many",
			"the segment at byte %d has more than %d components", s.Offset, MaxComponents)
	}
	s.values = append(s.values, v)
	s.ends = append(s.ends, int32(end))
	if !endsElement {
		return nil
	}
	if len(s.elements) >= MaxElements {
		return errs.New(errs.TooLarge, "elements-too-many",
			"the segment at byte %d has more than %d elements", s.Offset, MaxElements)
	}
	s.elements = append(s.elements, int32(len(s.values)))
	return nil
}

package edifact

// Limits of one segment. The longest that the PAXLST guide allows has some
// 2,600 characters and 10 elements of up to 5 components.
const (
	// MaxSegment is the longest segment in bytes, terminator excluded.
	MaxSegment = 16 << 10
	// MaxElements is the most elements in a segment, the tag included.
	MaxElements = 128
	// MaxComponents is the most components in all elements of a segment.
	MaxComponents = 512
)

// Segment is one segment of an interchange. Its bytes belong to the Reader and
// change with the next call of Next.
type Segment struct {
	// Offset is the byte of the input at which the tag begins.
	Offset int64
	// Partial is set for a last segment that has no terminator.
	Partial bool
	// Repeated is set if the segment has the same bytes as the one before.
	Repeated bool

	values   [][]byte // all components in order
	ends     []int32  // where each of them ends, counted from Offset
	elements []int32  // index in values of each element's first component
}

// Tag returns the segment's tag, without blanks around it.
func (s *Segment) Tag() []byte { return trim(s.Value(0, 0)) }

// Elements returns the number of elements, the tag included.
func (s *Segment) Elements() int { return len(s.elements) }

// Components returns the number of components of element e, 0 if there is no
// such element. Element 0 is the tag.
func (s *Segment) Components(e int) int {
	if e < 0 || e >= len(s.elements) {
		return 0
	}
	return int(s.after(e) - s.elements[e])
}

// Value returns component c of element e as sent, release characters resolved
// and line breaks dropped; nil if there is none. Both count from 0, and
// element 0 is the tag.
func (s *Segment) Value(e, c int) []byte {
	if c < 0 || c >= s.Components(e) {
		return nil
	}
	return s.values[int(s.elements[e])+c]
}

// Code returns component c of element e without blanks around it.
func (s *Segment) Code(e, c int) []byte { return trim(s.Value(e, c)) }

// after returns the index in values just after element e.
func (s *Segment) after(e int) int32 {
	if e+1 < len(s.elements) {
		return s.elements[e+1]
	}
	return int32(len(s.values))
}

func (s *Segment) reset() {
	s.values, s.ends, s.elements = s.values[:0], s.ends[:0], s.elements[:0]
}

func trim(b []byte) []byte {
	for len(b) > 0 && b[0] == ' ' {
		b = b[1:]
	}
	for len(b) > 0 && b[len(b)-1] == ' ' {
		b = b[:len(b)-1]
	}
	return b
}

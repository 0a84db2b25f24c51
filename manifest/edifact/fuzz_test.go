package edifact_test

import (
	"bytes"
	"io"
	"os"
	"testing"

	"limen/errs"
	"limen/manifest/edifact"
)

const corpus = "testdata/fuzz/FuzzReader"

func TestCorpusIsThere(t *testing.T) {
	files, err := os.ReadDir(corpus)
	if err != nil || len(files) < 3 {
		t.Fatalf("%s holds %d inputs (%v): the fuzz corpus is committed with the tests", corpus, len(files), err)
	}
}

// FuzzReader holds the reader to this: no panic; offsets rise and lie inside
// the input; values together are no longer than the input; the same segments
// whether read at once or byte by byte; limits are the only errors.
func FuzzReader(f *testing.F) {
	f.Fuzz(func(t *testing.T, input []byte) {
		in, slow := edifact.NewReader(bytes.NewReader(input)), edifact.NewReader(oneByOne{bytes.NewReader(input)})
		last, total := int64(-1), 0
		for n := 0; ; n++ {
			s, err := in.Next()
			other, otherErr := slow.Next()
			if (err == nil) != (otherErr == nil) {
				t.Fatalf("segment %d: %v, and byte by byte %v", n, err, otherErr)
			}
			if err != nil {
				if err != io.EOF && errs.KindOf(err) != errs.TooLarge {
					t.Fatal(err)
				}
				return
			}
			if s.Offset <= last || s.Offset >= int64(len(input)) || in.Offset() > int64(len(input)) {
				t.Fatalf("segment %d is at %d, after %d, of %d bytes", n, s.Offset, last, len(input))
			}
			last = s.Offset
			for e := range s.Elements() {
				for c := range s.Components(e) {
					total += len(s.Value(e, c))
					if !bytes.Equal(s.Value(e, c), other.Value(e, c)) {
						t.Fatalf("segment %d differs byte by byte", n)
					}
				}
			}
			if n%7 == 3 && s.Elements() > 1 {
				e := s.Elements() - 1
				if in.Resume(e) != slow.Resume(e) {
					t.Fatalf("segment %d resumes in one reader only", n)
				}
				total = 0
			}
			if total > len(input) {
				t.Fatalf("%d bytes of values from %d of input", total, len(input))
			}
		}
	})
}

type oneByOne struct{ r io.Reader }

func (o oneByOne) Read(b []byte) (int, error) {
	if len(b) > 1 {
		b = b[:1]
	}
	return o.r.Read(b)
}

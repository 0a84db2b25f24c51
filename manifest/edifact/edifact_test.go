package edifact_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"limen/errs"
	"limen/manifest/edifact"

	"pgregory.net/rapid"
)

// readAll returns each segment as tag|component,component|… with its offset.
func readAll(r io.Reader) (segments []string, offsets []int64, err error) {
	in := edifact.NewReader(r)
	for {
		s, err := in.Next()
		if err == io.EOF {
			return segments, offsets, nil
		}
		if err != nil {
			return segments, offsets, err
		}
		var elements []string
		for e := range s.Elements() {
			var components []string
			for c := range s.Components(e) {
				components = append(components, string(s.Value(e, c)))
			}
			elements = append(elements, strings.Join(components, ","))
		}
		segments = append(segments, strings.Join(elements, "|"))
		offsets = append(offsets, s.Offset)
	}
}

func TestReader(t *testing.T) {
	for name, c := range map[string]struct {
		input string
		want  []string
	}{
		"plain":             {"UNB+A:B+C'UNZ+1'", []string{"UNB|A,B|C", "UNZ|1"}},
		"advice":            {"UNA:+.? 'UNB+A'", []string{"UNB|A"}},
		"own characters":    {"UNA*^,\\ ~UNB^A*B~X^\\~\\^\\*\\\\~", []string{"UNB|A,B", `X|~^*\`}},
		"no release":        {"UNA:+.  'UNB+WHAT?'X+?'", []string{"UNB|WHAT?", "X|?"}},
		"line end as end":   {"UNA:+.? \nUNB+A\nUNZ+1\r\n", []string{"UNB|A", "UNZ|1"}},
		"released":          {"NAD+O?'NEIL:A?+B?:C??'X'", []string{"NAD|O'NEIL,A+B:C?", "X"}},
		"released end":      {"X+A?''Y+A??'Z'", []string{"X|A'", "Y|A?", "Z"}},
		"lines":             {" UNB+A'\r\n UNZ+1'\n", []string{"UNB|A", "UNZ|1"}},
		"line in a value":   {"UN\r\nB+AB\nCD:E?\n'F'X'", []string{"UNB|ABCD,E'F", "X"}},
		"empty":             {"''X'' '", []string{"X"}},
		"empty values":      {"X++:A:+'", []string{"X||,A,|"}},
		"no end":            {"X+1'Y+2", []string{"X|1", "Y|2"}},
		"mark":              {"\xef\xbb\xbfUNA:+.? 'X+1'", []string{"X|1"}},
		"advice that fails": {"UNA++.? 'X+1:2'", []string{"X|1,2"}},
		"nothing":           {" \r\n", nil},
	} {
		for _, r := range []io.Reader{strings.NewReader(c.input), iotest.OneByteReader(strings.NewReader(c.input))} {
			got, _, err := readAll(r)
			if err != nil || fmt.Sprint(got) != fmt.Sprint(c.want) || len(got) != len(c.want) {
				t.Errorf("%s: %q, %v", name, got, err)
			}
		}
	}
}

func TestOffsets(t *testing.T) {
	input := "\xef\xbb\xbf UNA:+.? '\r\n UNB+A'\n\nUNZ+1'"
	_, offsets, _ := readAll(strings.NewReader(input))
	for i, tag := range []string{"UNB", "UNZ"} {
		if !strings.HasPrefix(input[offsets[i]:], tag) {
			t.Errorf("%s is said to be at %d", tag, offsets[i])
		}
	}
	long := strings.Repeat("ABC+DEF:GHI'\n", 20_000)
	segments, offsets, err := readAll(strings.NewReader(long))
	if err != nil || len(segments) != 20_000 || offsets[19_999] != 19_999*13 {
		t.Errorf("%d segments, the last at %d, %v", len(segments), offsets[len(offsets)-1], err)
	}
}

func TestFlags(t *testing.T) {
	in := edifact.NewReader(strings.NewReader("A+1'A+1'A+2'B"))
	for i, want := range []struct{ repeated, partial bool }{{}, {repeated: true}, {}, {partial: true}} {
		s, err := in.Next()
		if err != nil || s.Repeated != want.repeated || s.Partial != want.partial {
			t.Errorf("segment %d: %+v, %v", i, s, err)
		}
	}
}

func TestResume(t *testing.T) {
	in := edifact.NewReader(strings.NewReader("LOC+91:U\nSN\nAD+FL+++A:B'X'"))
	s, _ := in.Next()
	if in.Resume(0) || in.Resume(9) {
		t.Error("resumed where nothing can begin")
	}
	if !in.Resume(1) || string(s.Value(1, 1)) != "US" || s.Elements() != 2 {
		t.Fatalf("the first part is %s", s.Value(1, 1))
	}
	if s, _ = in.Next(); string(s.Tag()) != "NAD" || string(s.Value(4, 1)) != "B" || s.Offset != 10 {
		t.Errorf("resumed with %s at %d", s.Tag(), s.Offset)
	}
	if s, _ = in.Next(); string(s.Tag()) != "X" {
		t.Errorf("then %s", s.Tag())
	}
}

func TestLimits(t *testing.T) {
	for code, input := range map[string]string{
		"segment-too-long":    "A+" + strings.Repeat("x", edifact.MaxSegment),
		"elements-too-many":   strings.Repeat("+", edifact.MaxElements+1) + "'",
		"components-too-many": "A" + strings.Repeat(":", edifact.MaxComponents+1) + "'",
	} {
		if _, _, err := readAll(strings.NewReader(input)); errs.CodeOf(err) != code || errs.KindOf(err) != errs.TooLarge {
			t.Errorf("%s: %v", code, err)
		}
	}
	most := "A+" + strings.Repeat("x", edifact.MaxSegment-2) + "'"
	if got, _, err := readAll(strings.NewReader(most + most)); err != nil || len(got) != 2 {
		t.Errorf("longest: %d segments, %v", len(got), err)
	}
}

// stuck is a source that never has anything.
type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }

func TestSourceErrors(t *testing.T) {
	if _, _, err := readAll(stuck{}); err != io.ErrNoProgress {
		t.Errorf("stuck: %v", err)
	}
	if _, _, err := readAll(iotest.ErrReader(io.ErrClosedPipe)); err != io.ErrClosedPipe {
		t.Errorf("closed: %v", err)
	}
}

// What the writer writes is read back, whatever the values and characters.
func TestWriteThenRead(t *testing.T) {
	value := rapid.StringOfN(rapid.RuneFrom([]rune(":+.?'*A1 éß")), 0, 12, -1)
	rapid.Check(t, func(t *rapid.T) {
		syntax := rapid.SampledFrom([]edifact.Syntax{
			edifact.DefaultSyntax(),
			{Component: ':', Element: '*', Decimal: '.', Release: '?', Repetition: ' ', Terminator: '$'},
			{Component: '|', Element: '^', Decimal: ',', Release: '\\', Repetition: '*', Terminator: '~'},
		}).Draw(t, "syntax")
		elements := rapid.SliceOfN(rapid.SliceOfN(value, 1, 4), 0, 5).Draw(t, "elements")
		var b bytes.Buffer
		w := edifact.NewWriter(&b, syntax)
		w.Advice()
		w.Segment("ABC", elements...)
		w.Segment("END", edifact.E("x"))
		if w.Err() != nil || w.Segments() != 2 {
			t.Fatal(w.Err())
		}
		in := edifact.NewReader(&b)
		s, err := in.Next()
		if err != nil || in.Syntax() != syntax {
			t.Fatal(err)
		}
		for e, components := range elements {
			for c, want := range components {
				if got := string(s.Value(e+1, c)); got != want {
					t.Fatalf("element %d component %d is %q, was %q", e+1, c, got, want)
				}
			}
		}
		if s, err = in.Next(); err != nil || string(s.Tag()) != "END" {
			t.Fatalf("the end is %v", err)
		}
	})
}

func TestWriterRefuses(t *testing.T) {
	w := edifact.NewWriter(io.Discard, edifact.DefaultSyntax())
	w.Segment("A", edifact.E("a\nb"))
	if errs.CodeOf(w.Err()) != "value-control" {
		t.Errorf("control character: %v", w.Err())
	}
	w = edifact.NewWriter(io.Discard, edifact.DefaultSyntax())
	w.Segment("A", edifact.E(strings.Repeat("x", edifact.MaxSegment)))
	if errs.CodeOf(w.Err()) != "segment-too-long" {
		t.Errorf("long: %v", w.Err())
	}
	if errs.CodeOf(edifact.NewWriter(io.Discard, edifact.Syntax{}).Err()) != "syntax-invalid" {
		t.Error("no characters at all")
	}
}

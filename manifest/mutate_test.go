package manifest_test

import (
	"fmt"
	"strings"
	"testing"

	"limen/manifest"
)

// ways are what carriers and networks do to a segment.
var ways = []struct {
	name string
	// told is false for what may make another value of the same form, which
	// no reader can tell.
	told bool
	do   func(segment string) string
}{
	{"drop", true, func(s string) string { return "" }},
	{"duplicate", true, func(s string) string { return s + "'\n" + s + "'\n" }},
	{"garble the tag", true, func(s string) string { return "#" + s[1:] + "'\n" }},
	{"garble the qualifier", true, func(s string) string { return garble(s, 4) + "'\n" }},
	{"garble the middle", false, func(s string) string { return garble(s, len(s)/2) + "'\n" }},
	{"garble the end", false, func(s string) string { return garble(s, len(s)-1) + "'\n" }},
	{"control characters", true, func(s string) string { return s[:len(s)-2] + "\x00\x01'\n" }},
	{"other character set", true, func(s string) string { return s[:len(s)-2] + "\xc4\xff'\n" }},
	{"a separator too many", true, func(s string) string { return s[:4] + "+" + s[4:] + "'\n" }},
	{"a terminator too many", true, func(s string) string { return s[:len(s)/2] + "'" + s[len(s)/2:] + "'\n" }},
	{"truncate to the tag", true, func(s string) string { return s[:3] + "'\n" }},
	{"truncate in the middle", false, func(s string) string { return s[:len(s)/2] + "'\n" }},
	{"lose the terminator", true, func(s string) string { return s }},
	{"lose it, but for the line", true, func(s string) string { return s + "\n" }},
	{"lose the end and the terminator", true, func(s string) string { return s[:len(s)/2] }},
	{"lose it at the tag", true, func(s string) string { return s[:2] }},
	{"release the terminator", true, func(s string) string { return s + "?'\n" }},
}

func garble(s string, at int) string {
	at = min(at, len(s)-1)
	return s[:at] + "#" + s[at+1:]
}

// passengerOf returns which passenger each segment is about, 0 for none.
func passengerOf(segments []string) []int {
	of, n := make([]int, len(segments)), 0
	for i, s := range segments {
		switch {
		case strings.HasPrefix(s, "NAD+") && !strings.HasPrefix(s, "NAD+MS"):
			n++
		case strings.HasPrefix(s, "CNT"):
			n = 0
		}
		of[i] = n
	}
	return of
}

// Break every segment of the message in every way: each other passenger is as
// in the clean message, byte for byte, and the loss is told.
func TestBrokenSegmentCostsItsPassengerOnly(t *testing.T) {
	head, rest, _ := strings.Cut(sample, "UNH")
	body, tail, _ := strings.Cut("UNH"+rest, "UNE")
	segments := strings.Split(strings.TrimSuffix(strings.ReplaceAll(body, "?'", "?@"), "'\n"), "'\n")
	for i := range segments {
		segments[i] = strings.ReplaceAll(segments[i], "?@", "?'")
	}
	of := passengerOf(segments)
	clean := parse(t, sample).Messages[0].Passengers
	tried := 0
	for i := range segments {
		for _, way := range ways {
			input := head + strings.Join(segments[:i], "'\n") + "'\n" + way.do(segments[i]) + strings.Join(append([]string{}, segments[i+1:]...), "'\n") + "'\nUNE" + tail
			if i == 0 {
				input = strings.Replace(input, head+"'\n", head, 1)
			}
			p, err := manifest.ParsePAXLST(strings.NewReader(input))
			if err != nil {
				t.Fatalf("%s of %s: %v", way.name, segments[i][:3], err)
			}
			tried++
			checkOthers(t, fmt.Sprintf("%s: segment %d, %s", way.name, i+1, segments[i]), p, clean, of[i])
			if told(p) == 0 && way.told && fmt.Sprintf("%#v", p.Messages[0].Passengers) != fmt.Sprintf("%#v", clean) {
				t.Errorf("%s: segment %d, %s: a loss that no diagnostic tells", way.name, i+1, segments[i])
			}
		}
	}
	if want := len(segments) * len(ways); tried != want || len(segments) != 54 {
		t.Errorf("tried %d of %d ways on %d segments", tried, want, len(segments))
	}
}

// checkOthers finds each passenger but the broken one in what was read.
func checkOthers(t *testing.T, what string, p manifest.Parsed, clean []manifest.Passenger, broken int) {
	t.Helper()
	found := map[string]bool{}
	for _, m := range p.Messages {
		for _, got := range m.Passengers {
			found[fmt.Sprintf("%#v", got)] = true
		}
		for _, d := range m.Diagnostics {
			// Where the tag of NAD or CNT is gone, the segment cannot be told
			// from one of the passenger before.
			before := d.Tag == "" && (d.Passenger == broken-1 || broken == 0 && d.Passenger == len(clean))
			if d.Passenger != 0 && d.Passenger != broken && !before {
				t.Errorf("%s: diagnostic on another passenger: %+v", what, d)
			}
		}
	}
	for i, want := range clean {
		if i+1 != broken && !found[fmt.Sprintf("%#v", want)] {
			t.Errorf("%s: passenger %d is lost or changed: %+v", what, i+1, p)
		}
	}
}

// told counts the diagnostics.
func told(p manifest.Parsed) int {
	n := len(p.Diagnostics)
	for _, m := range p.Messages {
		n += len(m.Diagnostics)
	}
	return n
}

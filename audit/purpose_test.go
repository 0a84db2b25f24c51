package audit_test

import (
	"strings"
	"testing"

	"limen/audit"
)

func TestParsePurpose(t *testing.T) {
	for _, c := range []struct {
		in string
		ok bool
	}{
		{"boarding preparation", true},
		{"x", true},
		{strings.Repeat("x", audit.MaxPurpose), true},
		{strings.Repeat("x", audit.MaxPurpose+1), false},
		{strings.Repeat("ß", audit.MaxPurpose/2+1), false}, // bytes count, not letters
		{"", false},
		{"   ", false}, // states nothing
		{"\t\n", false},
	} {
		p, err := audit.ParsePurpose(c.in)
		if (err == nil) != c.ok || err != nil && p != "" {
			t.Errorf("%.20q: %q, %v", c.in, p, err)
		}
	}
}

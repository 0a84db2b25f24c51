package httpapi

import (
	"strings"
	"testing"

	"limen/audit"
	"limen/errs"
)

func TestParsePurposeIsInvalid(t *testing.T) {
	for _, in := range []string{"", "   ", strings.Repeat("x", audit.MaxPurpose+1)} {
		p, err := parsePurpose(in)
		if p != "" || errs.KindOf(err) != errs.Invalid || errs.CodeOf(err) != "purpose" {
			t.Errorf("%.20q: %q, %v", in, p, err)
		}
	}
	if p, err := parsePurpose(" boarding "); p != "boarding" || err != nil {
		t.Errorf("%q, %v", p, err)
	}
}

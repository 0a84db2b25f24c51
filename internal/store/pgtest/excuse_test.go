package pgtest

import (
	"fmt"
	"strings"
	"testing"
)

// said keeps what a test would be told.
type said struct {
	TB
	skipped, failed string
}

func (*said) Helper()             {}
func (s *said) Skip(args ...any)  { s.skipped = fmt.Sprint(args...) }
func (s *said) Fatal(args ...any) { s.failed = fmt.Sprint(args...) }

func TestWithoutAServerTestsAreSkippedInOneLine(t *testing.T) {
	t.Setenv("LIMEN_POSTGRES", "")
	var tb said
	excuse(&tb, ErrMissing)
	if !strings.Contains(tb.skipped, "apt-get install postgresql") || strings.Contains(tb.skipped, "\n") || tb.failed != "" {
		t.Errorf("%+v", tb)
	}
	t.Setenv("LIMEN_POSTGRES", "required")
	tb = said{}
	excuse(&tb, ErrMissing)
	if tb.failed == "" || tb.skipped != "" {
		t.Errorf("required: %+v", tb)
	}
	tb = said{}
	if excuse(&tb, nil); tb != (said{}) {
		t.Errorf("nothing is wrong: %+v", tb)
	}
}

func TestVersionInAPath(t *testing.T) {
	for path, want := range map[string]int{"/usr/lib/postgresql/15/bin": 15, "/usr/lib/postgresql/9.6/bin": 0, "/usr/pgsql-17/bin": 17, "/usr/local/pgsql/bin": 0} {
		if got := versionIn(path); got != want {
			t.Errorf("%s: %d, want %d", path, got, want)
		}
	}
}

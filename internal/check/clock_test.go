package check_test

import (
	"testing"
	"time"

	"limen/internal/check"
	"limen/internal/check/checktest"
)

// A clock that ran ahead and was set back since makes nothing overdue.
func TestClockSetBack(t *testing.T) {
	s := checktest.New(t, "")
	checktest.History(s)
	r := look(t, s, func(o *check.Options) { o.Now = s.Clock.Add(-6 * time.Hour) })
	if got := rulesOf(r); len(got) != 0 {
		t.Errorf("six hours back: %v", got)
	}
}

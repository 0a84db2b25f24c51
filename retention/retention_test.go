package retention_test

import (
	"strings"
	"testing"
	"time"

	"limen/errs"
	"limen/retention"
)

// The periods as the law has them, worked out by hand.
func TestDue(t *testing.T) {
	start := time.Date(2026, 2, 20, 22, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		class retention.Class
		due   string
		why   string
	}{
		{retention.CitizenImage, "2026-02-21T10:00:00Z", "never more than 12 hours"},
		{retention.Unresolved, "2026-02-21T10:00:00Z", "it may be a citizen's"},
		{retention.AlienImage, "2026-03-06T22:00:00Z", "14 days, and February has 28"},
		{retention.VoyageGallery, "2026-02-21T10:00:00Z", "12 hours after the voyage"},
	} {
		got, err := retention.Due(c.class, start)
		if err != nil || got.Format(time.RFC3339) != c.due {
			t.Errorf("%s: due %s, %v; want %s: %s", c.class, got.Format(time.RFC3339), err, c.due, c.why)
		}
	}
	for _, c := range []retention.Class{"", "forever", "Alien-Image"} {
		if _, err := retention.Due(c, start); errs.KindOf(err) != errs.Invalid || errs.CodeOf(err) != "retention-class" {
			t.Errorf("class %q: %v", c, err)
		}
	}
}

func TestRules(t *testing.T) {
	seen := map[retention.Class]bool{}
	for _, r := range retention.Rules() {
		if seen[r.Class] || r.Class == "" || r.Period <= 0 || r.Clock == "" || r.Source == "" {
			t.Errorf("%+v", r)
		}
		seen[r.Class] = true
		// What is known from secondary sources only is marked so.
		if strings.Contains(r.Source, "PIA") && !strings.Contains(r.Note, "[check]") {
			t.Errorf("%s: %s is known at second hand, and the note is %q", r.Class, r.Source, r.Note)
		}
		if r.Class == retention.Unresolved && r.Period > periodOf(t, retention.CitizenImage) {
			t.Error("a capture that may be a citizen's is kept longer than a citizen's")
		}
	}
	retention.Rules()[0].Period = 0
	if retention.Rules()[0].Period == 0 {
		t.Error("a caller changed the rules")
	}
}

func periodOf(t *testing.T, c retention.Class) time.Duration {
	t.Helper()
	due, err := retention.Due(c, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return due.Sub(time.Time{})
}

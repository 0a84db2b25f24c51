package retention_test

import (
	"os"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"limen/errs"
	"limen/retention"
	"limen/travel"
)

// cases returns the rows of a file of testdata, split at the bars.
func cases(t *testing.T, file string, fields int) [][]string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for n, line := range strings.Split(string(text), "\n") {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		row := strings.Split(line, "|")
		if len(row) != fields {
			t.Fatalf("%s:%d has %d fields, not %d", file, n+1, len(row), fields)
		}
		for i := range row {
			row[i] = strings.TrimSpace(row[i])
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		t.Fatalf("%s has no cases", file)
	}
	return rows
}

func instant(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestDue(t *testing.T) {
	seen := map[retention.Class]bool{}
	for _, c := range cases(t, "due.txt", 4) {
		class := retention.Class(c[0])
		seen[class] = true
		got, err := retention.Due(class, instant(t, c[1]))
		if err != nil || got.Format(time.RFC3339) != c[2] {
			t.Errorf("%s from %s: due %s, %v; want %s: %s", c[0], c[1], got.Format(time.RFC3339), err, c[2], c[3])
		}
	}
	for _, r := range retention.Rules() {
		if !seen[r.Class] {
			t.Errorf("%s has no case", r.Class)
		}
	}
}

func TestDueDay(t *testing.T) {
	for _, c := range cases(t, "dueday.txt", 5) {
		day, err := travel.ParseDay(c[1])
		if err != nil {
			t.Fatal(err)
		}
		zone, err := time.LoadLocation(c[2])
		if err != nil {
			t.Fatal(err)
		}
		got, err := retention.DueDay(retention.Class(c[0]), day, zone)
		if s := got.UTC().Format(time.RFC3339); err != nil || s != c[3] {
			t.Errorf("%s from %s in %s: due %s, %v; want %s: %s", c[0], c[1], c[2], s, err, c[3], c[4])
		}
	}
}

func TestDueRefuses(t *testing.T) {
	now := time.Date(2026, 2, 20, 22, 0, 0, 0, time.UTC)
	refused := func(what string, err error, code string) {
		t.Helper()
		if errs.KindOf(err) != errs.Invalid || errs.CodeOf(err) != code {
			t.Errorf("%s: %v; want %s", what, err, code)
		}
	}
	for _, c := range []retention.Class{"", "forever", "Alien-Image", "alien-image "} {
		_, err := retention.Due(c, now)
		refused("Due of "+string(c), err, "retention-class")
		_, err = retention.DueDay(c, travel.DayOf(now), time.UTC)
		refused("DueDay of "+string(c), err, "retention-class")
	}
	for _, r := range retention.Rules() {
		_, err := retention.Due(r.Class, time.Time{})
		refused("Due of a clock that has not started", err, "retention-start")
		_, err = retention.DueDay(r.Class, travel.Day{}, time.UTC)
		refused("DueDay of no day", err, "retention-start")
		if _, err = retention.DueDay(r.Class, travel.DayOf(now), time.UTC); r.Period.Hours != 0 {
			refused("DueDay of hours", err, "retention-day")
		}
	}
}

func TestWarning(t *testing.T) {
	asked := 0
	for _, r := range retention.Rules() {
		at, ok := retention.Warning(r.Class, instant(t, "2031-05-31T08:00:00Z"))
		if ok {
			asked++
		}
		// February has no 31st: its last day, which is before three months.
		if ok != (r.Class == retention.EUNoExit) || ok && at.Format(time.RFC3339) != "2031-02-28T08:00:00Z" {
			t.Errorf("%s: %s, %v", r.Class, at, ok)
		}
	}
	if asked != 1 {
		t.Errorf("%d classes are announced", asked)
	}
	if _, ok := retention.Warning("forever", time.Unix(1, 0)); ok {
		t.Error("an unknown class is announced")
	}
}

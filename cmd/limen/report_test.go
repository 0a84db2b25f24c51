package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"limen/internal/store"
	"limen/internal/store/sqlite"
	"limen/report"
	"limen/stay"
	"limen/travel"
)

// overstays runs limen report overstay.
func overstays(t *testing.T, c reportOverstayCmd) (string, error) {
	t.Helper()
	if c.Threshold == 0 {
		c.Threshold = report.DefaultThreshold
	}
	if c.Home == "" {
		c.Home = "USA"
	}
	if c.Format == "" {
		c.Format = "table"
	}
	var out, log bytes.Buffer
	err := c.Run(t.Context(), &streams{Out: &out, Err: &log})
	return out.String(), err
}

// TestReportOfARecord: the record is counted beside a server, for a purpose.
func TestReportOfARecord(t *testing.T) {
	dir := t.TempDir()
	c := reportOverstayCmd{siteFlags: siteFlags{Data: dir}, Year: 2026, On: "2026-12-01", Purpose: "annual report"}
	if _, err := overstays(t, c); err == nil || !strings.Contains(err.Error(), "there is no record in "+dir) {
		t.Errorf("no record: %v", err)
	}
	server, err := sqlite.Open(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	err = server.Write(t.Context(), func(tx *store.Tx) error {
		s := store.Stay{Stay: stay.Stay{Admission: stay.Admission{ID: "a1", Traveler: "t1", Class: "B-2",
			Day: travel.Day{Year: 2026, Month: 1, Date: 5}, AdmitUntil: travel.Day{Year: 2026, Month: 7, Date: 4}}}, Mode: "air", Country: "FRA"}
		return tx.PutStay(s)
	})
	if err != nil {
		t.Fatal(err)
	}
	out, err := overstays(t, c)
	if err != nil || !strings.Contains(out, "France") || !strings.Contains(out, "100.00 %") {
		t.Errorf("%v\n%s", err, out)
	}
	c.Public = true
	if out, err = overstays(t, c); err != nil || strings.Contains(out, "100.00 %") || !strings.Contains(out, report.WithheldMark) {
		t.Errorf("public: %v\n%s", err, out)
	}
	c.Purpose = ""
	if _, err := overstays(t, c); err == nil || !strings.Contains(message(err), "--purpose") {
		t.Errorf("no purpose: %v", err)
	}
}

// TestReportOfNobody: without a record the report shows people who do not
// exist, says so, and is the same every time.
func TestReportOfNobody(t *testing.T) {
	c := reportOverstayCmd{Year: 2026, Sim: 3000, Seed: 1}
	out, err := overstays(t, c)
	if err != nil || !strings.Contains(out, "SYNTHETIC, these people do not exist") || !strings.Contains(out, "by the records of 2027-01-31") {
		t.Fatalf("%v\n%s", err, out)
	}
	if again, err := overstays(t, c); err != nil || again != out {
		t.Errorf("another report the second time: %v", err)
	}
	c.Out, c.Format = filepath.Join(t.TempDir(), "r.html"), "html"
	if _, err := overstays(t, c); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(c.Out); err != nil || !bytes.Contains(b, []byte("do not exist")) {
		t.Errorf("the page: %v", err)
	}
	if left, _ := filepath.Glob(c.Out + ".part"); left != nil {
		t.Errorf("left behind: %v", left)
	}
}

func TestReportRefuses(t *testing.T) {
	ok := reportOverstayCmd{Year: 2026, Sim: 100, Seed: 1}
	for want, edit := range map[string]func(*reportOverstayCmd){
		"report-year":      func(c *reportOverstayCmd) { c.Year = 26 },
		"report-home":      func(c *reportOverstayCmd) { c.Home = "US" },
		"report-threshold": func(c *reportOverstayCmd) { c.Public, c.Threshold = true, 2 },
		"report-options":   func(c *reportOverstayCmd) { c.On = "2025-10-01" },
		"is not a day":     func(c *reportOverstayCmd) { c.On = "soon" },
		"sim-size":         func(c *reportOverstayCmd) { c.Sim = -5 },
	} {
		c := ok
		edit(&c)
		if _, err := overstays(t, c); err == nil || !strings.Contains(message(err), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	c := ok
	c.Year, c.On = time.Now().Year()+2, ""
	c.Sim, c.Purpose, c.Data = 0, "x", t.TempDir()
	if _, err := overstays(t, c); err == nil || !strings.Contains(message(err), "no stay of that year is over yet") {
		t.Errorf("a year to come: %v", err)
	}
}

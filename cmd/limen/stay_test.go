package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// computed runs the command on a file's text, or on several with -- between,
// and returns what it prints.
func computed(t *testing.T, c stayComputeCmd, text string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	for i, passport := range strings.Split(text, "--\n") {
		name := filepath.Join(dir, fmt.Sprintf("passport-%d.csv", i+1))
		if err := os.WriteFile(name, []byte(passport), 0o600); err != nil {
			t.Fatal(err)
		}
		c.Files = append(c.Files, name)
	}
	if c.Days == 0 {
		c.Days = 90 // as kong sets it
	}
	var out bytes.Buffer
	err := c.Run(&streams{Out: &out})
	return out.String(), err
}

func computedJSON(t *testing.T, c stayComputeCmd, text string) map[string]any {
	t.Helper()
	c.JSON = true
	out, err := computed(t, c, text)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal([]byte(out), &m); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return m
}

// The days of the examples were counted on a calendar.
func TestStayCompute(t *testing.T) {
	const lastYear = "2025-11-20,entry\n2025-12-05,exit\n2026-02-01,entry\n2026-03-20,exit\n2026-04-10,entry\n"
	for name, c := range map[string]struct {
		cmd  stayComputeCmd
		text string
		want map[string]any
	}{
		"a stay from the new year on": {stayComputeCmd{Rule: "eu-ees", On: "2026-05-01"}, "2026-01-01,entry\n",
			map[string]any{"days_used": 121., "days_left": 0., "overstay_days": 31., "window_start": "2025-11-03", "first_overstay_day": "2026-04-01", "state": "suspected-overstay"}},
		"the 90th day": {stayComputeCmd{Rule: "eu-ees", On: "2026-03-31"}, "2026-01-01,entry\n",
			map[string]any{"days_used": 90., "days_left": 0., "overstay_days": 0., "last_day": "2026-03-31", "state": "current"}},
		"three stays": {stayComputeCmd{Rule: "eu-ees", On: "2026-05-01"}, lastYear,
			map[string]any{"days_used": 86., "days_left": 4., "overstay_days": 0., "last_day": "2026-05-05", "next_entry": "2026-05-02"}},
		"as a spreadsheet writes it": {stayComputeCmd{Rule: "eu-ees", On: "2026-05-01"}, "\ufeffDate,Direction,Permit\r\n\r\n# one\r\n\"2026-04-30\",\"Entry\",\r\n",
			map[string]any{"days_used": 2., "days_left": 88.}},
		"a permit": {stayComputeCmd{Rule: "eu-ees", On: "2026-05-01"}, "2026-01-01,entry,permit\n2026-04-30,exit,permit\n2026-05-01,entry\n",
			map[string]any{"days_used": 1., "days_left": 89.}},
		"a permit from the middle of a stay on": {stayComputeCmd{Rule: "eu-ees", On: "2026-05-01", Permit: []string{"2026-01-11.."}}, "2026-01-01,entry\n",
			map[string]any{"days_used": 10., "overstay_days": 0.}},
		"a visa of 30 days": {stayComputeCmd{Rule: "eu-ees", On: "2026-05-01", Visa: "double", Valid: "2026-04-01..2026-06-30", Days: 30}, lastYear,
			map[string]any{"days_used": 86., "days_left": 4., "entries_used": 1.}},
		"a visa that ends": {stayComputeCmd{Rule: "eu-ees", On: "2026-05-01", Visa: "single", Valid: "2026-04-01..2026-05-02", Days: 30}, lastYear,
			map[string]any{"days_left": 1., "last_day": "2026-05-02", "next_entry": "", "entries_used_up": true}},
		"an exit is missing": {stayComputeCmd{Rule: "eu-ees", On: "2026-03-15"}, "2026-01-01,entry\n2026-02-01,entry\n2026-03-01,exit\n",
			map[string]any{"days_used": 60., "days_used_certain": 30.}},
		"two passports": {stayComputeCmd{Rule: "eu-ees", On: "2026-05-01"}, "2026-01-01,entry\n2026-02-10,exit\n2026-04-30,entry\n--\n2026-02-10,entry\n2026-02-19,exit\n",
			map[string]any{"days_used": 52., "days_used_certain": 52., "in_country": true}},
		"in on one passport, out on the other": {stayComputeCmd{Rule: "eu-ees", On: "2026-05-01"}, "2026-02-10,exit\n2026-02-10,exit\n--\n2026-01-01,entry\n2026-02-10,entry\n",
			map[string]any{"days_used": 41., "days_used_certain": 41., "in_country": false}},
		"a traveler asks": {stayComputeCmd{Rule: "eu-ees", On: "2026-05-01", Reply: "traveler"}, lastYear,
			map[string]any{"ok": true, "days_left": 4.}},
		"until a date": {stayComputeCmd{Rule: "us", On: "2026-07-04", Until: "2026-06-30"}, lastYear,
			map[string]any{"window_start": "2026-04-10", "days_used": 86., "days_left": 0., "overstay_days": 4.}},
		"on the last day": {stayComputeCmd{Rule: "us", On: "2026-06-30", Until: "2026-06-30"}, lastYear,
			map[string]any{"days_used": 82., "days_left": 0., "overstay_days": 0., "state": "current"}},
		"left, late": {stayComputeCmd{Rule: "us", On: "2026-12-31", Until: "2026-04-12"}, lastYear + "2026-04-15,exit\n",
			map[string]any{"days_used": 6., "days_left": 0., "overstay_days": 3., "state": "overstay-out-of-country"}},
		"D/S": {stayComputeCmd{Rule: "us", On: "2030-01-01", DS: true, Class: "F-1"}, lastYear,
			map[string]any{"days_left": nil, "overstay_days": 0., "state": "duration-of-status", "citation": "8 CFR 214.2(f)(5)(i)"}},
	} {
		got := computedJSON(t, c.cmd, c.text)
		for k, want := range c.want {
			if v, there := got[k]; !there || v != want {
				t.Errorf("%s: %s is %v, want %v", name, k, v, want)
			}
		}
	}
}

// A carrier learns two words, and nothing else.
func TestCarrierSeesNoHistory(t *testing.T) {
	m := computedJSON(t, stayComputeCmd{Rule: "eu-ees", On: "2026-05-01", Reply: "carrier"}, "2026-01-01,entry\n")
	if len(m) != 1 || m["ok"] != false {
		t.Errorf("%v", m)
	}
	for on, want := range map[string]string{"2026-03-31": "OK\n", "2026-04-01": "NOT OK\n"} {
		if out, err := computed(t, stayComputeCmd{Rule: "eu-ees", On: on, Reply: "carrier"}, "2026-01-01,entry\n"); err != nil || out != want {
			t.Errorf("%s: %q, %v", on, out, err)
		}
	}
	// A gap in the record keeps nobody from boarding.
	if out, _ := computed(t, stayComputeCmd{Rule: "eu-ees", On: "2026-06-01", Reply: "carrier"}, "2026-01-01,entry\n2026-05-01,entry\n2026-05-02,exit\n"); out != "OK\n" {
		t.Errorf("with a missing exit: %q", out)
	}
}

// What is wrong is named with its line, and nothing is printed.
func TestStayComputeRefuses(t *testing.T) {
	eu, us := stayComputeCmd{Rule: "eu-ees", On: "2026-05-01"}, stayComputeCmd{Rule: "us", On: "2026-05-01", Until: "2026-06-30"}
	with := func(c stayComputeCmd, f func(*stayComputeCmd)) stayComputeCmd { f(&c); return c }
	for name, c := range map[string]struct {
		cmd        stayComputeCmd
		text, want string
	}{
		"an exit before any entry":      {eu, "date,what\n\n2026-01-01,exit\n", "line 3: the crossing is an exit before any entry"},
		"days out of order":             {eu, "2026-01-02,entry\n# back\n2026-01-01,exit\n", "line 3: the crossing is earlier"},
		"a day that does not exist":     {eu, "2026-01-02,entry\n2026-02-29,exit\n", "line 2: the first field is a day"},
		"neither entry nor exit":        {eu, "2026-01-02,in\n", "line 1: the second field"},
		"another third field":           {eu, "2026-01-02,entry,visa\n", "line 1: the third field"},
		"a fourth field":                {eu, "2026-01-02,entry,,x\n", "line 1: there are at most three"},
		"the second of two files":       {eu, "2026-01-02,entry\n--\n2026-01-03,exit\n2026-01-04,out\n", "file 2, line 2: the second field"},
		"an exit before, in the second": {eu, "2026-01-02,entry\n--\n2026-01-01,exit\n", "file 2, line 1: the crossing is an exit before any entry"},
		"a quote that is not closed":    {eu, "2026-01-02,entry\n\"2026", "line 2:"},
		"an exit under a new permit":    {eu, "2026-01-02,entry\n2026-01-03,exit,permit\n", "line 2: the crossing is an exit under a permit"},
		"a permit that ends too early":  {with(eu, func(c *stayComputeCmd) { c.Permit = []string{"2026-01-02..2026-01-01"} }), "2026-01-02,entry\n", "permit 1:"},
		"a visa without validity":       {with(eu, func(c *stayComputeCmd) { c.Visa = "single" }), "2026-01-02,entry\n", "--visa and --valid"},
		"a visa of any entries":         {with(eu, func(c *stayComputeCmd) { c.Visa, c.Valid = "any", "2026-01-01..2026-02-01" }), "2026-01-02,entry\n", "single, double or multiple"},
		"a flag of the other rule":      {with(eu, func(c *stayComputeCmd) { c.DS = true }), "2026-01-02,entry\n", "belong to --rule us"},
		"a day that is none":            {with(eu, func(c *stayComputeCmd) { c.On = "today" }), "2026-01-02,entry\n", "--on"},
		"admit-until before the entry":  {with(us, func(c *stayComputeCmd) { c.Until = "2026-01-01" }), "\n2026-01-02,entry\n", "line 2: the last entry is after the admit-until date"},
		"no entry at all":               {us, "# nothing\n", "no entry"},
		"us, an exit before any entry":  {us, "2026-01-01,exit\n", "line 1: the crossing is an exit before any entry"},
		"us, a permit":                  {us, "2026-01-01,entry,permit\n", "line 1: there are no stays under a permit"},
		"us, neither date nor D/S":      {with(us, func(c *stayComputeCmd) { c.Until = "" }), "2026-01-01,entry\n", "either --admit-until or --ds"},
		"us, both":                      {with(us, func(c *stayComputeCmd) { c.DS = true }), "2026-01-01,entry\n", "either --admit-until or --ds"},
	} {
		for _, asJSON := range []bool{false, true} {
			c.cmd.JSON = asJSON
			out, err := computed(t, c.cmd, c.text)
			if err == nil || !strings.Contains(err.Error(), c.want) || out != "" {
				t.Errorf("%s: %v, printed %q", name, err, out)
			}
		}
	}
}

// The picture has a sign for each day of the window.
func TestStayPicture(t *testing.T) {
	out, err := computed(t, stayComputeCmd{Rule: "eu-ees", On: "2026-05-01", Permit: []string{"2026-04-29.."}},
		"2025-11-03,entry\n2025-12-02,entry\n2025-12-05,exit\n2026-01-01,entry\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"  2025-11-03  #????????? ?????????? ?????????#\n",
		"  2025-12-03  ###....... .......... .........#\n",
		"  2026-04-02  !!!!!!!!!! !!!!!!!!!! !!!!!!!ppp\n",
		"Ask: No exit is on record between the entries of 2025-11-03 and 2025-12-02",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
}

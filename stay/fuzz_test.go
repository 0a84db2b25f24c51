package stay_test

import (
	"strconv"
	"strings"
	"testing"

	"limen/errs"
	"limen/stay"
	"limen/travel"
)

// FuzzParseFile: no bytes hurt; what is read is what the lines say, and an error
// says in which line and repeats nothing of the file.
func FuzzParseFile(f *testing.F) {
	for _, s := range []string{
		"date,entry|exit,permit\n2026-01-05,entry\n2026-02-01,exit\n", "\ufeff2026-01-05,entry,permit\r\n\r\n# x\r\n2026-02-01,exit,permit\r\n",
		"\"2026-01-05\",\"ENTRY\"\n", "2026-01-05,entry\n2026-01-04,exit\n", "2026-01-05,exit\n", "2026-02-30,entry\n", "\"2026\n-01-05\",entry\n",
		"0001-01-01,entry\n9999-12-31,exit\n", "2026-01-05,entry\n2026-01-05,entry\n2026-01-05,exit\n2026-01-05,exit\n", ",,,\n", "\"",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := stay.ParseFile(data)
		if err == nil {
			_, err = file.History(nil)
		}
		if err != nil {
			if k := errs.KindOf(err); k != errs.Invalid && k != errs.TooLarge || errs.CodeOf(err) != "stay-file" {
				t.Fatalf("%v", err)
			}
			if !strings.Contains(err.Error(), "line ") && len(data) <= stay.MaxFile {
				t.Fatalf("no line: %v", err)
			}
			return
		}
		lines := strings.Split(string(data), "\n")
		for i, c := range file.Crossings {
			line, err := strconv.Atoi(strings.TrimPrefix(file.Places[i], "line "))
			if err != nil || line < 1 || line > len(lines) || c.Direction != travel.Entry && c.Direction != travel.Exit {
				t.Fatalf("crossing %d: %+v in %q of %d", i, c, file.Places[i], len(lines))
			}
			if !strings.Contains(string(data), c.Day.String()) {
				t.Fatalf("%s is not in the file", c.Day)
			}
		}
		if twice := stay.MergeFiles(file, file); len(twice.Crossings) != 2*len(file.Crossings) {
			t.Fatalf("%d crossings of %d twice", len(twice.Crossings), len(file.Crossings))
		}
		h, _ := file.History(nil)
		for _, c := range file.Crossings {
			bounded(t, h, c.Day)
		}
	})
}

// bounded checks what holds of any answer.
func bounded(t *testing.T, h stay.History, on travel.Day) {
	t.Helper()
	r := stay.Schengen()
	a := r.Compute(h, on)
	certain := r.Compute(h.Certain(), on)
	switch {
	case a.DaysUsed < 0 || a.DaysUsed > r.Window || a.DaysLeft < 0 || a.DaysLeft > r.Limit || a.OverstayDays < 0:
		t.Fatalf("%+v", a)
	case certain.DaysUsed > a.DaysUsed || certain.OverstayDays > a.OverstayDays:
		t.Fatalf("certain %+v of %+v", certain, a)
	case a.DaysUsed > r.Limit && a.DaysLeft > 0:
		t.Fatalf("days left beyond the limit: %+v", a)
	}
}

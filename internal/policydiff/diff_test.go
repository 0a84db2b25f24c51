package policydiff_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"limen/errs"
	"limen/internal/policydiff"
	"limen/internal/traffic"
	"limen/policy"
)

// person draws a row that may lack anything.
func person(t *rapid.T) (row traffic.Row) {
	pick := func(c traffic.Column, values ...string) {
		row.Cells[c] = rapid.SampledFrom(append(values, "")).Draw(t, c.String())
	}
	row.Cells[traffic.On] = "2026-01-10"
	row.Cells[traffic.Direction] = rapid.SampledFrom([]string{"entry", "exit"}).Draw(t, "direction")
	pick(traffic.Mode, "air", "sea", "land", "pedestrian", "private_aircraft", "other")
	pick(traffic.Port, "JFK", "USSAN")
	pick(traffic.Citizenship, "USA", "CAN", "GBR", "D", "USA CAN", "CAN GBR")
	if all := strings.Fields(row.Cells[traffic.Citizenship]); len(all) == 0 {
		pick(traffic.PresentsAs, "USA", "CAN")
	} else {
		pick(traffic.PresentsAs, all...)
	}
	pick(traffic.Birth, "2012-01-10", "2012-01-11", "1946-01-10", "1946-01-11", "1980-01-01", "2026-01-10")
	pick(traffic.Class, "B-2", "LPR", "A-1", "C-3", "E-1", "G-5")
	for _, c := range []traffic.Column{traffic.PilotPort, traffic.StatusEnded, traffic.Attendant, traffic.TaiwanOfficial, traffic.Resident, traffic.VisaRequired, traffic.I94, traffic.Refused} {
		pick(c, "yes", "no")
	}
	if class := row.Cells[traffic.Class]; class != "" && row.Cells[traffic.Resident] != "" {
		row.Cells[traffic.Resident] = map[bool]string{true: "yes", false: "no"}[class == "LPR"] // nobody is both
	}
	pick(traffic.Document, "passport", "resident_card")
	pick(traffic.Exemption, "granted", "claimed")
	return row
}

// stream gives rows of a slice.
type stream []traffic.Row

func (s *stream) Next(row *traffic.Row) error {
	if len(*s) == 0 {
		return io.EOF
	}
	*row, *s = (*s)[0], (*s)[1:]
	return nil
}

// TestEverybodyIsCountedOnce: whoever crosses, the parts make the whole, a rule
// set compared with itself moves nobody, and the other way round is the same
// diff mirrored.
func TestEverybodyIsCountedOnce(t *testing.T) {
	sets := []string{"us-2004", "us-2020-nprm", "us-2025"}
	rapid.Check(t, func(t *rapid.T) {
		people := rapid.SliceOfN(rapid.Custom(person), 0, 60).Draw(t, "people")
		from, to := rapid.SampledFrom(sets).Draw(t, "from"), rapid.SampledFrom(sets).Draw(t, "to")
		run := func(from, to string) *policydiff.Diff {
			in := stream(slices.Clone(people))
			d, err := policydiff.Run(t.Context(), named(t, from), named(t, to), &in, nil)
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		there, back, still := run(from, to), run(to, from), run(to, to)
		for i := range there.Duties {
			whole(t, &there.Duties[i], int64(len(people)))
			if same := still.Duties[i].Total.Same(); same != int64(len(people)) || len(still.Duties[i].InBy)+len(still.Duties[i].OutBy) > 0 {
				t.Fatalf("%s against itself moves %d", to, int64(len(people))-same)
			}
			mirrored(t, &there.Duties[i], &back.Duties[i])
		}
	})
}

func named(t *rapid.T, id string) policydiff.Side {
	set, err := policy.Default().Set(id)
	if err != nil {
		t.Fatal(err)
	}
	return policydiff.Side{Set: set}
}

// whole checks that every part of a duty has everybody once.
func whole(t *rapid.T, d *policydiff.Duty, n int64) {
	sum := func(what string, got, want int64) {
		if got != want {
			t.Fatalf("%s of %s: %d persons, want %d", what, d.ID, got, want)
		}
	}
	sum("total", d.Total.Persons(), n)
	f := &d.Total
	moved := f.In() + f.Out() + f.ToOfficer() + f.FromOfficer() + f.Regrounded() + f.Same()
	sum("changes", moved, n)
	for _, x := range d.By {
		var all policydiff.Flow
		for i := range x.Values {
			all.Add(&x.Values[i].Flow)
		}
		if all != d.Total {
			t.Fatalf("%s of %s makes %v, the total is %v", x.Name, d.ID, all, d.Total)
		}
	}
	var why, in, out int64
	for _, r := range d.Why {
		why += r.Persons
	}
	for _, m := range d.InBy {
		in += m.Persons
	}
	for _, m := range d.OutBy {
		out += m.Persons
	}
	sum("grounds", why, n)
	sum("rules in", in, f.In())
	sum("rules out", out, f.Out())
}

func mirrored(t *rapid.T, there, back *policydiff.Duty) {
	for i := range there.Total {
		for j := range there.Total[i] {
			if there.Total[i][j] != back.Total[j][i] {
				t.Fatalf("%s: %d go from %d to %d, and %d back", there.ID, there.Total[i][j], i, j, back.Total[j][i])
			}
		}
	}
	if there.Total.In() != back.Total.Out() || there.Total.ToOfficer() != back.Total.FromOfficer() {
		t.Fatal("who moves in one way moves out the other")
	}
}

// TestFirstBadRowIsNamed: of several rows that cannot be read the first one is
// named, however many cores look at them, and no count comes out.
func TestFirstBadRowIsNamed(t *testing.T) {
	for _, at := range []int{0, 255, 256, 5000} {
		in := make(stream, 9000)
		for i := range in {
			in[i].Line = i + 2
			in[i].Cells[traffic.On], in[i].Cells[traffic.Direction] = "2026-01-10", "exit"
			if i >= at {
				in[i].Cells[traffic.Class] = "no class"
			}
		}
		d, err := policydiff.Run(t.Context(), side(t, "us-2004"), side(t, "us-2025"), &in, nil)
		want := "line " + strconv.Itoa(at+2) + ", column class"
		if d != nil || errs.CodeOf(err) != "traffic-cell" || !strings.Contains(err.Error(), want) {
			t.Errorf("bad from row %d on: %v, want %s", at, err, want)
		}
	}
}

func TestTooManyGroups(t *testing.T) {
	in := make(stream, 6000)
	for i := range in {
		in[i].Cells[traffic.On], in[i].Cells[traffic.Direction] = "2026-01-10", "exit"
		in[i].Cells[traffic.Class] = string([]byte{'A' + byte(i/2600), 'A' + byte(i/100%26)}) + fmt.Sprintf("-%02d", i%100)
	}
	if _, err := policydiff.Run(t.Context(), side(t, "us-2004"), side(t, "us-2025"), &in, nil); errs.CodeOf(err) != "traffic-values" {
		t.Errorf("6000 classes: %v", err)
	}
}

func TestComparable(t *testing.T) {
	if err := policydiff.Comparable(side(t, "us-2025"), side(t, "eu-ees")); errs.CodeOf(err) != "policy-diff" {
		t.Errorf("law of two jurisdictions: %v", err)
	}
	if err := policydiff.Comparable(side(t, "us-2025"), side(t, "us-2004")); err != nil {
		t.Error(err)
	}
}

// TestAsIf: the answer says which of the rules were not the law on those days.
func TestAsIf(t *testing.T) {
	const csv = "on,direction\n2025-12-20,exit\n2026-01-03,exit\n" // 6 days of us-2004, 9 of us-2025
	for _, c := range []struct{ from, to, says string }{
		{"us-2004", "us-2025", "us-2004 is the law on 6 of 15, us-2025 is the law on 9 of 15"},
		{"us-2020-nprm", "us-2025", "us-2020-nprm is the law on none, us-2025 is the law on 9 of 15"},
		{"us-2020-nprm", "us-2025", "(us-2020-nprm: proposed on 2020-11-19, never in force; us-2025: in force from 2025-12-26)"},
	} {
		d := diff(t, c.from, c.to, rows(t, csv))
		if text := strings.Join(d.AsIf, "\n"); !strings.Contains(text, c.says) {
			t.Errorf("%s against %s says %q, and not %q", c.from, c.to, text, c.says)
		}
	}
}

// TestForms: JSON and CSV carry the counts of the diff.
func TestForms(t *testing.T) {
	d := diff(t, "us-2004", "us-2025", rows(t, byHand))
	data, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		From   struct{ Hash string }
		Duties []struct {
			Duty  string
			Total struct {
				In          int64   `json:"newly_required"`
				InPercent   float64 `json:"newly_required_percent"`
				Transitions []struct {
					From, To string
					Persons  int64
				}
			}
		}
	}
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	photo := got.Duties[0]
	if photo.Duty != "photo" || photo.Total.In != 6 || photo.Total.InPercent < 35.29 || photo.Total.InPercent > 35.30 || len(got.From.Hash) != 64 || len(photo.Total.Transitions) != 6 {
		t.Errorf("JSON: %+v", got)
	}
	var out bytes.Buffer
	if err := d.WriteCSV(&out); err != nil {
		t.Fatal(err)
	}
	list, err := csv.NewReader(&out).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string]int64{}
	for _, r := range list[1:] {
		n, err := strconv.ParseInt(r[5], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		sums[r[0]+"/"+r[1]] += n
	}
	if len(sums) != 2*7 {
		t.Errorf("CSV has %d parts: %v", len(sums), sums)
	}
	for part, n := range sums {
		if n != int64(len(answers)) {
			t.Errorf("CSV %s has %d persons, want %d", part, n, len(answers))
		}
	}
}

// TestTextMarksWhatIsNotSettled: the terminal shows the [check] marks of the
// rules that persons move by, and of the rule sets.
func TestTextMarksWhatIsNotSettled(t *testing.T) {
	var out bytes.Buffer
	if err := diff(t, "us-2004", "us-2025", rows(t, byHand)).WriteText(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"not settled, of age: [check] older than 79", "On us-2004: [check] the first day"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in\n%s", want, out.String())
		}
	}
}

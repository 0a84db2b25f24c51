package retention_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"limen/errs"
	"limen/retention"
)

var update = flag.Bool("update", false, "write what plans look like now; check them by hand")

// sections splits a case into its parts, each under a line "-- name --".
func sections(text string) (map[string]string, string) {
	out, name := map[string]string{}, ""
	for line := range strings.Lines(text) {
		if in, ok := strings.CutPrefix(strings.TrimSpace(line), "-- "); ok && strings.HasSuffix(in, " --") {
			name = strings.TrimSuffix(in, " --")
			continue
		}
		out[name] += line
	}
	before, _, _ := strings.Cut(text, "-- want --\n")
	return out, before + "-- want --\n"
}

func readHolds(t *testing.T, text string) map[string]*retention.Hold {
	t.Helper()
	holds := map[string]*retention.Hold{}
	for line := range strings.Lines(text) {
		f := strings.SplitN(strings.TrimSpace(line), " ", 6)
		owner, reason, _ := strings.Cut(f[5], " / ")
		h := &retention.Hold{ID: f[0], Subject: retention.Subject{Kind: retention.SubjectKind(f[1]), ID: f[2]},
			Placed: instant(t, f[3]), Until: instant(t, f[4]), Owner: owner, Reason: reason}
		if err := h.Check(); err != nil {
			t.Fatal(err)
		}
		holds[h.ID] = h
	}
	return holds
}

func readPlan(t *testing.T, parts map[string]string) *retention.Plan {
	t.Helper()
	window := strings.Fields(parts["from until"])
	p, err := retention.NewPlan(instant(t, window[0]), instant(t, window[1]))
	if err != nil {
		t.Fatal(err)
	}
	holds := readHolds(t, parts["holds"])
	for line := range strings.Lines(parts["items"]) {
		f := strings.Fields(line)
		item := retention.Item{Subject: retention.Subject{Kind: retention.SubjectKind(f[0]), ID: f[1]}, Class: retention.Class(f[2]), Due: instant(t, f[3])}
		if len(f) > 4 {
			if item.Hold = holds[f[4]]; item.Hold == nil {
				t.Fatalf("there is no hold %s", f[4])
			}
		}
		if err := p.Add(item); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func text(t *testing.T, p *retention.Plan) string {
	t.Helper()
	var b strings.Builder
	if err := p.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	narrow(t, b.String())
	return b.String()
}

func narrow(t *testing.T, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if utf8.RuneCountInString(line) > 100 || strings.TrimRight(line, " ") != line {
			t.Errorf("wider than 100 columns, or blanks at the end: %q", line)
		}
	}
}

func TestPlan(t *testing.T) {
	files, err := filepath.Glob("testdata/plan/*.txtar")
	if err != nil || len(files) < 3 {
		t.Fatalf("%d cases, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			parts, before := sections(string(raw))
			got := text(t, readPlan(t, parts))
			if *update {
				if err := os.WriteFile(file, []byte(before+got), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if got != parts["want"] {
				t.Errorf("the plan is\n%s\nwant\n%s", got, parts["want"])
			}
		})
	}
}

// A plan of nothing says so in both forms, and names every class in the second.
func TestPlanEmpty(t *testing.T) {
	p, err := retention.NewPlan(noon, noon)
	if err != nil {
		t.Fatal(err)
	}
	if s := text(t, p); !strings.Contains(s, "Nothing is kept") {
		t.Error(s)
	}
	b, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"class":"listing"`, `"period":"P3Y1D"`, `"warn":"P3M"`, `"items":0`, `"now":"2026-02-20T12:00:00Z"`, `"note":"[check] known through the press;`} {
		if !bytes.Contains(b, []byte(want)) {
			t.Errorf("no %s in %s", want, b)
		}
	}
	for _, not := range []string{`"next"`, `"oldest"`, `"holds"`, "0001-01-01"} {
		if bytes.Contains(b, []byte(not)) {
			t.Errorf("%s in %s", not, b)
		}
	}
}

func TestPlanRefuses(t *testing.T) {
	for _, w := range [][2]time.Time{{{}, noon}, {noon, {}}, {noon, noon.Add(-1)}} {
		if _, err := retention.NewPlan(w[0], w[1]); errs.KindOf(err) != errs.Invalid || errs.CodeOf(err) != "plan-window" {
			t.Errorf("%v: %v", w, err)
		}
	}
	p, _ := retention.NewPlan(noon, noon.Add(time.Hour))
	if err := p.Add(retention.Item{Class: "forever", Due: noon}); errs.CodeOf(err) != "retention-class" {
		t.Error(err)
	}
	if err := p.Add(retention.Item{Class: retention.AlienImage}); errs.CodeOf(err) != "retention-due" {
		t.Error(err)
	}
	if err := p.WriteText(full{}); !errors.Is(err, errFull) {
		t.Error(err)
	}
}

var errFull = errors.New("full")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

// The rules in words hold every citation and every mark.
func TestWriteRules(t *testing.T) {
	var b strings.Builder
	if err := retention.WriteRules(&b); err != nil {
		t.Fatal(err)
	}
	narrow(t, b.String())
	flat := strings.Join(strings.Fields(b.String()), " ")
	for _, r := range retention.Rules() {
		for _, want := range []string{string(r.Class) + ": " + r.What, "Source: " + r.Source, r.Note, r.NoHold,
			string(r.Action) + " " + r.Period.String() + " after " + string(r.Clock)} {
			if !strings.Contains(flat, want) {
				t.Errorf("%s: no %q in\n%s", r.Class, want, b.String())
			}
		}
	}
}

// Whatever is put in: each item is counted once, and what is due and not kept
// by a hold is never said to stay.
func TestPlanCountsEverythingOnce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		until := noon.Add(time.Duration(rapid.IntRange(0, 1000).Draw(rt, "window")) * time.Hour)
		p, err := retention.NewPlan(noon, until)
		if err != nil {
			rt.Fatal(err)
		}
		items, overdue, kept := rapid.IntRange(0, 40).Draw(rt, "items"), 0, 0
		for range items {
			i := retention.Item{Class: rapid.SampledFrom(classes).Draw(rt, "class"), Due: noon.Add(time.Duration(rapid.IntRange(-500, 1500).Draw(rt, "due")) * time.Hour)}
			if rapid.Bool().Draw(rt, "on hold") {
				h := drawHold(rt)
				i.Hold = &h
			}
			if err := p.Add(i); err != nil {
				rt.Fatal(err)
			}
			switch {
			case i.Due.After(until):
			case i.KeptBy(noon) != nil:
				kept++
			case !i.Due.After(noon):
				overdue++
			}
		}
		checkSums(rt, p, items, overdue, kept)
		text(t, p)
	})
}

func checkSums(t *rapid.T, p *retention.Plan, items, overdue, kept int) {
	var n, late, held int
	for _, c := range p.Classes {
		if c.Overdue+c.Window+c.Held+c.Later != c.Items || c.Day > c.Week || c.Week > c.Window {
			t.Fatalf("counts do not add up: %+v", c)
		}
		if (c.Overdue > 0) != (c.Oldest != nil) || c.Window > 0 && c.Next.IsZero() {
			t.Fatalf("the oldest or the next is missing: %+v", c)
		}
		onHolds := 0
		for _, h := range c.Holds {
			onHolds += h.Items
		}
		if onHolds != c.Held {
			t.Fatalf("held %d, by holds %d", c.Held, onHolds)
		}
		n, late, held = n+c.Items, late+c.Overdue, held+c.Held
	}
	if n != items || late != overdue || held != kept {
		t.Fatalf("%d items of %d, %d overdue of %d, %d held of %d", n, items, late, overdue, held, kept)
	}
}

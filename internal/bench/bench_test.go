package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"limen/errs"
)

func TestOverhead(t *testing.T) {
	var order string
	took := func(name string, d time.Duration) func() (time.Duration, error) {
		return func() (time.Duration, error) { order += name; return d, nil }
	}
	r, err := Overhead(t.Context(), took("r", 30), took("w", 10), 3)
	if err != nil || r != (Ratio{Median: 3, Low: 3, High: 3, Numerator: 30, Denominator: 10, Rounds: 3}) {
		t.Errorf("%+v, %v", r, err)
	}
	if order != "rwwrrwwr" {
		t.Errorf("order %s", order)
	}
	boom := errors.New("boom")
	fail := func() (time.Duration, error) { return 0, boom }
	if _, err := Overhead(t.Context(), fail, took("w", 1), 1); err != boom {
		t.Errorf("error of run: %v", err)
	}
	if _, err := Overhead(t.Context(), took("r", 0), took("w", 1), 1); errs.CodeOf(err) != "bench-time" {
		t.Errorf("no time: %v", err)
	}
	for _, rounds := range []int{0, MaxRounds + 1} {
		if _, err := Overhead(t.Context(), took("r", 1), took("w", 1), rounds); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%d rounds: %v", rounds, err)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Overhead(ended, took("r", 1), took("w", 1), 1); err != context.Canceled {
		t.Errorf("ended: %v", err)
	}
}

func TestQuantile(t *testing.T) {
	values := []float64{4, 1, 3, 2}
	for q, want := range map[float64]float64{0: 1, 0.25: 1.75, 0.5: 2.5, 1: 4} {
		if got := quantile(values, q); got != want {
			t.Errorf("%v: %v, want %v", q, got, want)
		}
	}
	if quantile([]float64{7}, 0.75) != 7 || values[0] != 4 {
		t.Error("one value, or an order disturbed")
	}
}

// Operations that only wait scale perfectly, those under one lock not at all.
func TestScaling(t *testing.T) {
	wait := func() error { time.Sleep(time.Millisecond); return nil }
	r, err := Scaling(t.Context(), 4, wait, 30*time.Millisecond)
	if err != nil || r.Median < 0.5 || r.Median > 1.5 {
		t.Errorf("waiting: %+v, %v", r, err)
	}
	turn := make(chan bool, 1)
	locked := func() error { turn <- true; time.Sleep(time.Millisecond); <-turn; return nil }
	r, err = Scaling(t.Context(), 4, locked, 30*time.Millisecond)
	if err != nil || r.Median > 0.5 {
		t.Errorf("locked: %+v, %v", r, err)
	}
	boom := errors.New("boom")
	if _, err := Scaling(t.Context(), 2, func() error { return boom }, time.Hour); err != boom {
		t.Errorf("error of op: %v", err)
	}
	if _, err := Scaling(t.Context(), 0, wait, time.Second); errs.KindOf(err) != errs.Invalid {
		t.Errorf("no cores: %v", err)
	}
}

// TestMain plays the program that FirstAnswer starts.
func TestMain(m *testing.M) {
	switch os.Getenv("BENCH_TEST_PROGRAM") {
	case "":
		os.Exit(m.Run())
	case "answers":
		fmt.Println("starting")
		time.Sleep(20 * time.Millisecond)
		fmt.Fprintln(os.Stderr, "now ready to serve")
		time.Sleep(time.Hour)
	case "hangs":
		time.Sleep(time.Hour)
	}
	os.Exit(3)
}

func TestFirstAnswer(t *testing.T) {
	argv := []string{os.Args[0]}
	t.Setenv("BENCH_TEST_PROGRAM", "answers")
	f, err := FirstAnswer(t.Context(), argv, "ready")
	if err != nil || f.Median < 20*time.Millisecond || f.Worst < f.Median || f.Runs != 5 {
		t.Errorf("%+v, %v", f, err)
	}
	if PeakMemory(0) > 0 && f.PeakBytes < 1<<20 {
		t.Errorf("peak %d", f.PeakBytes)
	}
	t.Setenv("BENCH_TEST_PROGRAM", "ends")
	if _, err := FirstAnswer(t.Context(), argv, "ready"); errs.CodeOf(err) != "bench-no-answer" {
		t.Errorf("ends: %v", err)
	}
	t.Setenv("BENCH_TEST_PROGRAM", "hangs")
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err := FirstAnswer(ctx, argv, "ready"); err != context.DeadlineExceeded {
		t.Errorf("hangs: %v", err)
	}
	if _, err := FirstAnswer(t.Context(), []string{"no-such-program-anywhere"}, "x"); errs.CodeOf(err) != "bench-program" {
		t.Errorf("no program: %v", err)
	}
	if _, err := FirstAnswer(t.Context(), nil, "x"); errs.CodeOf(err) != "bench-program" {
		t.Errorf("nothing: %v", err)
	}
}

func TestSearch(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds: run without -short")
	}
	rows, err := Search(t.Context(), io.Discard, []int{500, 20_000})
	if err != nil || len(rows) < 2 {
		t.Fatal(rows, err)
	}
	var table []Row
	for _, r := range rows {
		if r.Templates.Median <= 0 || r.Scanned.Median <= 0 || r.GalleryBytes < 500*2500 {
			t.Errorf("%+v", r)
		}
		table = append(table, r.Rows()...)
	}
	var b strings.Builder
	if err := WriteTable(&b, table); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + b.String())
	if _, err := Search(t.Context(), io.Discard, []int{0}); errs.KindOf(err) != errs.Invalid {
		t.Errorf("size 0: %v", err)
	}
}

func TestReport(t *testing.T) {
	rows := append(SearchRow{References: 500_000, Cores: 16, ScannedBytes: 260_000_000, Templates: Ratio{Median: 2.61, Low: 2.5, High: 2.8, Numerator: 261, Denominator: 100}}.Rows(),
		First{Median: time.Second, Worst: 2 * time.Second, PeakBytes: 300 << 20, Runs: 5}.Rows(3*time.Second)...)
	rows = append(rows, RatioRow("two cores : one", "10 : 5", Ratio{Median: 0.97}, AtLeast(0.9)), RatioRow("free", "", Ratio{}, nil))
	var b strings.Builder
	if err := WriteTable(&b, rows); err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + b.String())
	for line := range strings.Lines(b.String()) {
		if utf8.RuneCountInString(line) > 101 {
			t.Errorf("too wide: %s", line)
		}
	}
	if rows[0].Met || !rows[2].Met || !rows[3].Met || !rows[4].Met || Met(rows) || !Met(rows[1:]) {
		t.Error("targets misjudged")
	}
	text, err := json.Marshal(rows)
	var back []Row
	if err != nil || json.Unmarshal(text, &back) != nil || len(back) != len(rows) {
		t.Errorf("%s, %v", text, err)
	}
}

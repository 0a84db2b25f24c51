package match_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"limen/errs"
	"limen/match"
)

const sum = "0101010101010101010101010101010101010101010101010101010101010101"

// calibrationJSON is measured at 0.5 and 0.7, three decades of FMR apart, so that
// between them a decade is 0.2/3 of score.
const calibrationJSON = `{"model":"a","sha256":"` + sum + `","measured_on":"made-up people","pairs":1000000,
	"fmr":[{"score":0.5,"fmr":1e-2},{"score":0.7,"fmr":1e-5}],"floor":{"verify":0.4,"identify":0.6},"note":"a test"}`

func parse(t rapid.TB, s string) *match.Calibration {
	t.Helper()
	c, err := match.ParseCalibration([]byte(s))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-6*math.Max(1, math.Abs(b)) }

func TestParseCalibrationRefuses(t *testing.T) {
	for _, c := range [][2]string{
		{`"model":"a"`, `"model":""`},
		{sum, sum[2:]},
		{sum, "x" + sum[1:]},
		{`"made-up people"`, `""`},
		{`1000000`, `0`},
		{`1000000`, `-1`},
		{`1000000`, `99999`}, // 1e-5 of 99,999 pairs is less than one false match
		{`{"score":0.5,"fmr":1e-2},`, ``},
		{`"score":0.5`, `"score":0.7`}, // two rates for one score
		{`"fmr":1e-2`, `"fmr":1e-5`},   // the rate does not fall
		{`"fmr":1e-2`, `"fmr":1e-6`},   // it rises
		{`"fmr":1e-2`, `"fmr":0`},
		{`"fmr":1e-2`, `"fmr":1`},
		{`"score":0.7`, `"score":1`},
		{`"score":0.5`, `"score":-1`},
		{`"verify":0.4`, `"verify":0`},
		{`"verify":0.4`, `"verify":0.7`}, // more alike for one than for many
		{`"identify":0.6`, `"identify":1`},
		{`"note"`, `note`},
	} {
		s := strings.Replace(calibrationJSON, c[0], c[1], 1)
		if s == calibrationJSON {
			t.Fatalf("%s is not in the file", c[0])
		}
		if _, err := match.ParseCalibration([]byte(s)); errs.KindOf(err) != errs.Invalid || errs.CodeOf(err) != "calibration" {
			t.Errorf("%s for %s: %v", c[1], c[0], err)
		}
	}
	c := parse(t, calibrationJSON)
	if who, note := c.MeasuredOn(); who != "made-up people" || note != "a test" || c.Model().String() != "a@"+sum {
		t.Errorf("%s, %s, %s", who, note, c.Model())
	}
}

// Worked by hand: 10^-2 at 0.5, 10^-5 at 0.7, 15 decades a unit of score.
func TestFMR(t *testing.T) {
	c := parse(t, calibrationJSON)
	for _, w := range []struct {
		score    match.Score
		rate     float64
		measured bool
	}{
		{0.5, 1e-2, true},
		{0.7, 1e-5, true},
		{0.6, math.Pow(10, -3.5), true},
		{0.8, math.Pow(10, -6.5), false}, // extended, and said to be
		{0.4, math.Pow(10, -0.5), false},
		{-1, 1, false}, // a rate is never over 1
	} {
		if rate, measured := c.FMR(w.score); math.Abs(rate/w.rate-1) > 1e-5 || (measured != w.measured && w.score != 0.5 && w.score != 0.7) {
			t.Errorf("at %v: %v, measured %v; want %v", w.score, rate, measured, w.rate)
		}
	}
}

func TestThresholds(t *testing.T) {
	c := parse(t, calibrationJSON)
	verify := func(fmr, want float64) {
		t.Helper()
		if got, err := c.VerifyThreshold(fmr); err != nil || !near(float64(got), want) {
			t.Errorf("1:1 at FMR %g: %v, %v; want %v", fmr, got, err, want)
		}
	}
	verify(1e-3, 0.5+1.0/15)
	verify(1e-2, 0.5)
	verify(0.5, 0.4)    // the floor: 0.5 would give 0.387
	verify(1e-300, 1.0) // no score is over 1
	identify := func(size int, fpir, want float64) {
		t.Helper()
		if got, err := c.IdentifyThreshold(size, fpir); err != nil || !near(float64(got), want) {
			t.Errorf("1:%d at FPIR %g: %v, %v; want %v", size, fpir, got, err, want)
		}
	}
	// 100 references at FPIR 0.01: FMR = 1 - 0.99^(1/100) = 1.004983e-4, which is
	// 1.99784 decades under 1e-2.
	identify(100, 0.01, 0.5+(-2-math.Log10(1.004983e-4))/15)
	identify(1, 1e-4, 0.5+2.0/15)
	identify(0, 1e-4, 0.5+2.0/15) // an empty gallery counts as one of 1
	identify(-3, 1e-4, 0.5+2.0/15)
	identify(1, 1e-2, 0.6) // the floor
	for _, bad := range []float64{0, 1, -0.1, 1.1, math.NaN(), math.Inf(1)} {
		if _, err := c.VerifyThreshold(bad); errs.CodeOf(err) != "threshold-rate" {
			t.Errorf("1:1 at %v: %v", bad, err)
		}
		if _, err := c.IdentifyThreshold(10, bad); errs.CodeOf(err) != "threshold-rate" {
			t.Errorf("1:N at %v: %v", bad, err)
		}
	}
}

// anyCalibration draws a calibration of 2 to 6 points.
func anyCalibration(r *rapid.T) *match.Calibration {
	score, decade := -0.2, -0.5
	var points []string
	for range rapid.IntRange(2, 6).Draw(r, "points") {
		score += rapid.Float64Range(0.01, 0.15).Draw(r, "step")
		decade -= rapid.Float64Range(0.05, 1).Draw(r, "fall")
		points = append(points, fmt.Sprintf(`{"score":%v,"fmr":%v}`, score, math.Pow(10, decade)))
	}
	return parse(r, fmt.Sprintf(`{"model":"a","sha256":%q,"measured_on":"x","pairs":100000000,"fmr":[%s],"floor":{"verify":1e-9,"identify":1e-9}}`,
		sum, strings.Join(points, ",")))
}

// A larger gallery and a lower wished FPIR never lower the threshold, and
// searching one is comparing one.
func TestThresholdsAreMonotone(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c := anyCalibration(r)
		rate := rapid.Float64Range(1e-7, 0.2)
		n, m := rapid.IntRange(1, 100000).Draw(r, "size"), rapid.IntRange(1, 100000).Draw(r, "other size")
		low, high := rate.Draw(r, "rate"), rate.Draw(r, "other rate")
		if n > m {
			n, m = m, n
		}
		if low > high {
			low, high = high, low
		}
		at := func(size int, fpir float64) match.Score {
			s, err := c.IdentifyThreshold(size, fpir)
			if err != nil {
				r.Fatal(err)
			}
			return s
		}
		if at(m, low) < at(n, low) {
			r.Fatalf("%d references get a lower threshold than %d", m, n)
		}
		if at(n, low) < at(n, high) {
			r.Fatalf("an FPIR of %g gets a lower threshold than %g", low, high)
		}
		if one, err := c.VerifyThreshold(low); err != nil || !near(float64(one), float64(at(1, low))) {
			r.Fatalf("one reference: %v and %v, %v", one, at(1, low), err)
		}
	})
}

// The threshold for a rate has that rate, and the FPIR of the whole gallery is
// the wished one: 1 - (1 - FMR)^n.
func TestThresholdIsTheInverseOfFMR(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c := anyCalibration(r)
		fmr := math.Pow(10, rapid.Float64Range(-7, -0.6).Draw(r, "decade"))
		s, err := c.VerifyThreshold(fmr)
		if err != nil {
			r.Fatal(err)
		}
		if s > 1e-8 && s < 1 { // between floor and ceiling; a score is a float32
			if got, _ := c.FMR(s); math.Abs(math.Log10(got)-math.Log10(fmr)) > 1e-3 {
				r.Fatalf("FMR %g has the threshold %v, and that has the FMR %g", fmr, s, got)
			}
		}
		n, fpir := rapid.IntRange(1, 5000).Draw(r, "size"), rapid.Float64Range(1e-4, 0.3).Draw(r, "fpir")
		if s, err = c.IdentifyThreshold(n, fpir); err != nil {
			r.Fatal(err)
		}
		if s > 1e-8 && s < 1 {
			one, _ := c.FMR(s)
			if got := 1 - math.Pow(1-one, float64(n)); math.Abs(got/fpir-1) > 1e-2 {
				r.Fatalf("%d references at FPIR %g get %v, and that gives %g", n, fpir, s, got)
			}
		}
	})
}

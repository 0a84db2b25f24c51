package reportfile

import "testing"

// A cell that a spreadsheet would run is made a text.
func TestInertCells(t *testing.T) {
	for in, want := range map[string]string{"=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r=1", "": "", "France": "France", "12": "12", "(s)": "(s)"} {
		if got := inert(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func TestThousands(t *testing.T) {
	for in, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1: "-1", -999: "-999", -1000: "-1,000", 100000: "100,000"} {
		if got := thousands(in); got != want {
			t.Errorf("%d: %s", in, got)
		}
	}
}

func TestNiceSteps(t *testing.T) {
	for most, want := range map[float64]float64{0: 1, 0.17: 0.05, 0.04: 0.01, 1: 0.2, 12721: 5000, 9: 2, 5: 1} {
		if got := niceStep(most); got < want*0.999 || got > want*1.001 {
			t.Errorf("%g: %g, want %g", most, got, want)
		}
	}
}

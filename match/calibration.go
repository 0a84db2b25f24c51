package match

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"math"
	"sort"

	"limen/biometric"
	"limen/errs"
)

// Score is the comparison score of two templates of one model: the cosine of
// the angle between them, -1 to 1. Higher is more alike. It is no percentage
// and no probability; only a Calibration of the same model gives it a meaning.
type Score float32

// Calibration says what scores of one model mean: which false match rate
// (FMR) was measured at which score, on whom. Thresholds come from it and from
// the size of the gallery, never from a constant in code.
type Calibration struct {
	model      biometric.ModelID
	points     []point // by rising score, falling FMR
	floorOne   Score
	floorMany  Score
	pairs      int64
	measuredOn string
	note       string
	digest     [sha256.Size]byte
}

type point struct {
	Score float64 `json:"score"`
	FMR   float64 `json:"fmr"`
}

// ParseCalibration reads the JSON form: model, sha256, measured_on, pairs,
// fmr [{score, fmr}…], floor {verify, identify}, note. It returns an Invalid
// error that names the field if one is missing or contradicts another: at
// least two points, scores rising while FMR falls, no FMR that the number of
// pairs cannot support (fewer than one expected false match).
func ParseCalibration(b []byte) (*Calibration, error) {
	var f struct {
		Model      string  `json:"model"`
		SHA256     string  `json:"sha256"`
		MeasuredOn string  `json:"measured_on"`
		Pairs      int64   `json:"pairs"`
		FMR        []point `json:"fmr"`
		Floor      struct {
			Verify   float64 `json:"verify"`
			Identify float64 `json:"identify"`
		} `json:"floor"`
		Note string `json:"note"`
	}
	bad := func(format string, args ...any) (*Calibration, error) {
		return nil, errs.New(errs.Invalid, "calibration", "calibration: "+format, args...)
	}
	if err := json.Unmarshal(b, &f); err != nil {
		return bad("%w", err)
	}
	c := &Calibration{measuredOn: f.MeasuredOn, pairs: f.Pairs, note: f.Note,
		floorOne: Score(f.Floor.Verify), floorMany: Score(f.Floor.Identify), digest: sha256.Sum256(b)}
	sum, err := hex.DecodeString(f.SHA256)
	if err != nil || len(sum) != len(c.model.SHA256) || f.Model == "" {
		return bad("model and sha256 must name the model file")
	}
	c.model.Name = f.Model
	copy(c.model.SHA256[:], sum)
	if f.MeasuredOn == "" || f.Pairs <= 0 {
		return bad("measured_on and pairs must say on whom it was measured")
	}
	if f.Floor.Verify <= 0 || f.Floor.Identify < f.Floor.Verify || f.Floor.Identify >= 1 {
		return bad("floor: 0 < verify <= identify < 1 is needed")
	}
	c.points = f.FMR
	sort.Slice(c.points, func(i, j int) bool { return c.points[i].Score < c.points[j].Score })
	if len(c.points) < 2 {
		return bad("fmr: at least two points are needed, not %d", len(c.points))
	}
	for i, p := range c.points {
		if !(p.Score > -1 && p.Score < 1) || !(p.FMR > 0 && p.FMR < 1) {
			return bad("fmr[%d]: a score in (-1, 1) and a rate in (0, 1) are needed", i)
		}
		if p.FMR*float64(f.Pairs) < 1 {
			return bad("fmr[%d]: %g cannot be measured on %d pairs", i, p.FMR, f.Pairs)
		}
		if i > 0 && (p.FMR >= c.points[i-1].FMR || p.Score == c.points[i-1].Score) {
			return bad("fmr[%d]: the rate must fall as the score rises", i)
		}
	}
	return c, nil
}

// Model returns the model the calibration is for.
func (c *Calibration) Model() biometric.ModelID { return c.model }

// Digest is the SHA-256 of the file that was read.
func (c *Calibration) Digest() [sha256.Size]byte { return c.digest }

// MeasuredOn says on whom the rates were measured, and a caution if there is
// one.
func (c *Calibration) MeasuredOn() (population, note string) { return c.measuredOn, c.note }

// FMR returns the false match rate of one comparison at score s, by
// interpolation of log FMR between the measured points and by extension of the
// last slope beyond them; measured reports whether s lies between points.
func (c *Calibration) FMR(s Score) (rate float64, measured bool) {
	x := float64(s)
	i := c.segment(func(p point) bool { return p.Score >= x })
	a, b := c.points[i], c.points[i+1]
	slope := (math.Log(b.FMR) - math.Log(a.FMR)) / (b.Score - a.Score)
	rate = math.Exp(math.Log(a.FMR) + slope*(x-a.Score))
	return math.Min(rate, 1), x >= c.points[0].Score && x <= c.points[len(c.points)-1].Score
}

// segment returns the index of the first point of the pair that encloses, or
// is nearest to, what reached looks for.
func (c *Calibration) segment(reached func(point) bool) int {
	i := sort.Search(len(c.points), func(i int) bool { return reached(c.points[i]) })
	return max(0, min(i-1, len(c.points)-2))
}

// VerifyThreshold returns the score at which a 1:1 comparison has the wished
// FMR, but never less than the calibration's floor.
func (c *Calibration) VerifyThreshold(fmr float64) (Score, error) {
	if !(fmr > 0 && fmr < 1) {
		return 0, errs.New(errs.Invalid, "threshold-rate", "a wished error rate lies between 0 and 1")
	}
	return max(c.scoreAt(fmr), c.floorOne), nil
}

// IdentifyThreshold returns the score at which a search of a gallery of size
// references has the wished false positive identification rate (FPIR), but
// never less than the calibration's floor. A gallery of n gives a non-mated
// probe n chances: FPIR = 1 - (1 - FMR)^n. A size under 1 counts as 1.
//
// Source: ISO/IEC 19795-1:2021 (FPIR); the independence of the comparisons is
// an approximation that errs on the safe side for alike references.
func (c *Calibration) IdentifyThreshold(size int, fpir float64) (Score, error) {
	if !(fpir > 0 && fpir < 1) {
		return 0, errs.New(errs.Invalid, "threshold-rate", "a wished error rate lies between 0 and 1")
	}
	fmr := -math.Expm1(math.Log1p(-fpir) / float64(max(size, 1)))
	return max(c.scoreAt(fmr), c.floorMany), nil
}

func (c *Calibration) scoreAt(fmr float64) Score {
	i := c.segment(func(p point) bool { return p.FMR <= fmr })
	a, b := c.points[i], c.points[i+1]
	slope := (b.Score - a.Score) / (math.Log(b.FMR) - math.Log(a.FMR))
	s := a.Score + slope*(math.Log(fmr)-math.Log(a.FMR))
	return Score(math.Min(s, 1))
}

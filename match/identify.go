package match

import (
	"limen/biometric"
	"limen/errs"
	"limen/gallery"
	"limen/travel"
)

// Candidates is how many candidates a search returns at most.
const Candidates = 5

// Probe is the template of one capture together with the encounter it comes
// from. There is no probe without an encounter.
type Probe struct {
	Encounter travel.Encounter
	Capture   travel.CaptureID
	Template  biometric.Template
}

// Candidate is one passenger of the gallery with the score of the best of
// their references.
type Candidate struct {
	Passenger travel.PassengerID
	Score     Score
}

// Result is the outcome of one search, with all that is needed to explain it
// later.
type Result struct {
	Model       biometric.ModelID `json:",omitzero"` // none if nothing was searched
	GallerySize int               // references searched
	Threshold   Score
	Candidates  []Candidate // best first, those under the threshold included
}

// Matched returns the candidates at or over the threshold: none, one, or
// several where the gallery holds people too alike to tell apart.
func (r Result) Matched() []Candidate {
	for i, c := range r.Candidates {
		if c.Score < r.Threshold {
			return r.Candidates[:i]
		}
	}
	return r.Candidates
}

// Identify searches a probe in the gallery of its encounter, exactly, at the
// threshold that gives the wished FPIR at the gallery's size. Errors: Forbidden
// if the gallery is another voyage's (code "gallery-encounter"), Invalid if
// probe, gallery and calibration are not of one model (code "template-model").
// An empty gallery gives a result without candidates.
func Identify(p Probe, g *gallery.Gallery, c *Calibration, fpir float64) (Result, error) {
	if p.Template.Model() != c.Model() {
		return Result{}, errs.New(errs.Invalid, "template-model", "the calibration is for another model than the probe's")
	}
	r := Result{Model: c.Model(), GallerySize: g.References()}
	var err error
	if r.Threshold, err = c.IdentifyThreshold(r.GallerySize, fpir); err != nil {
		return Result{}, err
	}
	found, err := g.Search(p.Encounter, p.Template, Candidates)
	if err != nil {
		return Result{}, err
	}
	for _, f := range found {
		r.Candidates = append(r.Candidates, Candidate{f.Passenger, Score(f.Score)})
	}
	return r, nil
}

// Verify compares two templates one to one. It returns an Invalid error (code
// "template-model") if different models made them.
func Verify(a, b biometric.Template) (Score, error) {
	if a.IsZero() || b.IsZero() || a.Model() != b.Model() || a.Len() != b.Len() {
		return 0, errs.New(errs.Invalid, "template-model", "templates of different models cannot be compared")
	}
	x, y := a.AppendFeatures(nil), b.AppendFeatures(nil)
	var dot float64
	for i := range x {
		dot += float64(x[i]) * float64(y[i])
	}
	return Score(dot), nil
}

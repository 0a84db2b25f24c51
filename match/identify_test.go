package match_test

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"limen/biometric"
	"limen/errs"
	"limen/gallery"
	"limen/match"
	"limen/travel"
)

var atGate = travel.Encounter{ID: "encounter-1", Voyage: "ZZ1", Direction: travel.Exit}

func modelA(t rapid.TB) biometric.ModelID {
	t.Helper()
	var m biometric.ModelID
	if err := m.UnmarshalText([]byte("a@" + sum)); err != nil {
		t.Fatal(err)
	}
	return m
}

func template(t rapid.TB, m biometric.ModelID, raw ...float32) biometric.Template {
	t.Helper()
	tpl, err := biometric.NewTemplate(m, raw)
	if err != nil {
		t.Fatal(err)
	}
	return tpl
}

// at returns a template whose score with (1, 0) is cos.
func at(t rapid.TB, cos float64) biometric.Template {
	t.Helper()
	return template(t, modelA(t), float32(cos), float32(math.Sqrt(1-cos*cos)))
}

func galleryOf(t rapid.TB, m biometric.ModelID, held map[travel.PassengerID]biometric.Template) *gallery.Gallery {
	t.Helper()
	g, err := gallery.New("ZZ1", m, 2, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	for p, tpl := range held {
		if err := g.Add(p, tpl); err != nil {
			t.Fatal(err)
		}
	}
	return g
}

func probe(tpl biometric.Template) match.Probe {
	return match.Probe{Encounter: atGate, Capture: "capture-1", Template: tpl}
}

// With one reference and FPIR 1e-4 the threshold is 0.5 + 2/15 = 0.6333; with
// more it rises by a third of a decade or so, far from the scores here.
func TestIdentify(t *testing.T) {
	c := parse(t, calibrationJSON)
	self := template(t, modelA(t), 1, 0)
	for _, w := range []struct {
		name    string
		held    map[travel.PassengerID]biometric.Template
		matched []travel.PassengerID
		listed  []travel.PassengerID
	}{
		{"one far over", map[travel.PassengerID]biometric.Template{"p1": at(t, 0.9), "p2": at(t, 0.1)}, []travel.PassengerID{"p1"}, []travel.PassengerID{"p1", "p2"}},
		{"nobody near", map[travel.PassengerID]biometric.Template{"p1": at(t, 0.5), "p2": at(t, 0.4)}, nil, []travel.PassengerID{"p1", "p2"}},
		{"two too alike to tell apart", map[travel.PassengerID]biometric.Template{"p1": at(t, 0.9), "p2": at(t, 0.95)}, []travel.PassengerID{"p2", "p1"}, []travel.PassengerID{"p2", "p1"}},
		{"an empty gallery", nil, nil, nil},
		{"five candidates at most", map[travel.PassengerID]biometric.Template{"p1": at(t, 0.1), "p2": at(t, 0.2), "p3": at(t, 0.3), "p4": at(t, 0.4), "p5": at(t, 0.45), "p6": at(t, 0.5)},
			nil, []travel.PassengerID{"p6", "p5", "p4", "p3", "p2"}},
	} {
		r, err := match.Identify(probe(self), galleryOf(t, modelA(t), w.held), c, 1e-4)
		if err != nil {
			t.Fatal(err)
		}
		if got := names(r.Matched()); !slices.Equal(got, w.matched) {
			t.Errorf("%s: matched %v, want %v", w.name, got, w.matched)
		}
		if got := names(r.Candidates); !slices.Equal(got, w.listed) {
			t.Errorf("%s: candidates %v, want %v", w.name, got, w.listed)
		}
		if want, _ := c.IdentifyThreshold(len(w.held), 1e-4); r.GallerySize != len(w.held) || r.Threshold != want || r.Model != modelA(t) {
			t.Errorf("%s: %+v does not explain itself", w.name, r)
		}
	}
}

func names(cs []match.Candidate) (out []travel.PassengerID) {
	for _, c := range cs {
		out = append(out, c.Passenger)
	}
	return out
}

func TestIdentifyRefuses(t *testing.T) {
	c := parse(t, calibrationJSON)
	g := galleryOf(t, modelA(t), map[travel.PassengerID]biometric.Template{"p1": at(t, 0.9)})
	p := probe(at(t, 1))
	p.Encounter.Voyage = "ZZ2"
	if r, err := match.Identify(p, g, c, 0.01); errs.KindOf(err) != errs.Forbidden || errs.CodeOf(err) != "gallery-encounter" || r.Candidates != nil {
		t.Errorf("another voyage's encounter: %v, %v", r, err)
	}
	if _, err := match.Identify(probe(at(t, 1)), g, c, 0); errs.CodeOf(err) != "threshold-rate" {
		t.Errorf("no wished rate: %v", err)
	}
	if _, err := match.Identify(probe(biometric.Template{}), g, c, 0.01); errs.CodeOf(err) != "template-model" {
		t.Errorf("no template: %v", err)
	}
}

// A candidate at the threshold matches, one under it does not.
func TestMatchedAtTheThreshold(t *testing.T) {
	r := match.Result{Threshold: 0.6, Candidates: []match.Candidate{{Passenger: "p1", Score: 0.7}, {Passenger: "p2", Score: 0.6}, {Passenger: "p3", Score: 0.5999}}}
	if got := names(r.Matched()); !slices.Equal(got, []travel.PassengerID{"p1", "p2"}) {
		t.Errorf("matched %v", got)
	}
}

// TestModelsNeverMeet is promise 24: a template of one model meets no template,
// no gallery and no calibration of another, even of the same name, even of the
// same numbers.
func TestModelsNeverMeet(t *testing.T) {
	a := modelA(t)
	renamed, refiled := a, a
	renamed.Name = "b"
	refiled.SHA256[0] ^= 1
	for name, b := range map[string]biometric.ModelID{"another name": renamed, "another file": refiled} {
		mine, theirs := template(t, a, 1, 0), template(t, b, 1, 0)
		refused := func(what string, err error) {
			t.Helper()
			if errs.KindOf(err) != errs.Invalid || errs.CodeOf(err) != "template-model" {
				t.Errorf("%s: %s: %v", name, what, err)
			}
		}
		_, err := match.Verify(mine, theirs)
		refused("verified", err)
		_, err = match.Verify(theirs, mine)
		refused("verified the other way", err)

		g := galleryOf(t, a, map[travel.PassengerID]biometric.Template{"p1": mine})
		refused("added to the gallery", g.Add("p2", theirs))
		_, err = g.Search(atGate, theirs, 1)
		refused("searched", err)

		ca := parse(t, calibrationJSON)
		cb := parse(t, strings.NewReplacer(`"model":"a"`, `"model":"`+b.Name+`"`, sum, b.String()[len(b.Name)+1:]).Replace(calibrationJSON))
		_, err = match.Identify(probe(theirs), g, ca, 0.01)
		refused("identified with the gallery's calibration", err)
		_, err = match.Identify(probe(mine), g, cb, 0.01)
		refused("identified with another model's calibration", err)
		_, err = match.Identify(probe(theirs), g, cb, 0.01)
		refused("identified in the gallery of another model", err)
		if g.References() != 1 {
			t.Errorf("%s: %d references", name, g.References())
		}
	}
	if s, err := match.Verify(template(t, a, 1, 0), template(t, a, 1, 0)); err != nil || s != 1 {
		t.Errorf("one model: %v, %v", s, err)
	}
}

func TestVerify(t *testing.T) {
	a := modelA(t)
	// cos between (3, 4) and (4, 3) is (12 + 12) / 25 = 0.96.
	if s, err := match.Verify(template(t, a, 3, 4), template(t, a, 4, 3)); err != nil || !near(float64(s), 0.96) {
		t.Errorf("%v, %v", s, err)
	}
	if s, err := match.Verify(template(t, a, 3, 4), template(t, a, -3, -4)); err != nil || !near(float64(s), -1) {
		t.Errorf("opposite: %v, %v", s, err)
	}
	for name, pair := range map[string][2]biometric.Template{
		"nothing with nothing":   {},
		"nothing with something": {{}, template(t, a, 1)},
		"another length":         {template(t, a, 1), template(t, a, 1, 0)},
	} {
		if _, err := match.Verify(pair[0], pair[1]); errs.CodeOf(err) != "template-model" {
			t.Errorf("%s: %v", name, err)
		}
	}
	rapid.Check(t, func(r *rapid.T) {
		face := rapid.SliceOfN(rapid.Float32Range(-5, 5), 3, 3)
		x, y := template(r, a, append(face.Draw(r, "x"), 1)...), template(r, a, append(face.Draw(r, "y"), 1)...)
		xy, err := match.Verify(x, y)
		yx, err2 := match.Verify(y, x)
		self, err3 := match.Verify(x, x)
		if err != nil || err2 != nil || err3 != nil || xy != yx || !near(float64(self), 1) || xy < -1.000001 || xy > 1.000001 {
			r.Fatalf("%v %v %v", xy, yx, self)
		}
	})
}

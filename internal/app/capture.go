package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"time"

	"limen/biometric"
	"limen/capture"
	"limen/decision"
	"limen/errs"
	"limen/internal/store"
	"limen/match"
	"limen/travel"
)

// Answer is what a gate is told of a capture. It has no name and no score: a
// traveler may be reading it.
type Answer struct {
	Capture   travel.CaptureID
	Action    decision.Action
	Reasons   []decision.Reason
	Advice    string
	Passenger travel.PassengerID // set if Action is Confirmed
	Crossing  travel.CrossingID  // set if the crossing is recorded
	Repeated  bool               // the same capture was answered before
	Took      Took
}

// Took is the time each part of the answer took.
type Took struct {
	Engine biometric.Stages
	Search time.Duration
	Commit time.Duration
	Total  time.Duration
}

// TakeCapture answers one image of an encounter with a recommendation, and on
// a confirmed exit records the crossing: both are durable when it returns.
//
// It is idempotent by capture id: the same bytes get the same answer again,
// other bytes a Conflict (code "capture-id-reused"). Other errors: NotFound
// ("encounter-unknown"), Forbidden ("encounter-scope"), Conflict
// ("encounter-opted-out", "encounter-ended", "officer-has-it", "voyage-closed"),
// those of the engine for bytes that are no image, Unavailable if the answer is
// not there within AnswerWithin.
// Whatever the error, nothing was recorded and the gate may send the same
// capture again; it sends the traveler to an officer if that takes too long.
func (a *App) TakeCapture(ctx context.Context, by Actor, enc travel.EncounterID, id travel.CaptureID, img []byte) (Answer, error) {
	began := time.Now()
	if err := checkID("a capture id", string(id)); err != nil {
		return Answer{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, a.AnswerWithin)
	defer cancel()
	unlock, err := a.lanes.lock(ctx, string(enc))
	if err != nil {
		return Answer{}, a.rejected(err)
	}
	defer unlock()
	c := &taking{App: a, by: by, id: id, digest: sha256.Sum256(img), now: a.Now()}
	ans, err := c.earlier(ctx, enc)
	if err != nil || ans != nil {
		return deref(ans), a.rejected(err)
	}
	if err := c.measure(ctx, img); err != nil {
		return Answer{}, a.rejected(err)
	}
	if err := c.recommend(ctx); err != nil {
		return Answer{}, a.rejected(err)
	}
	committing := time.Now()
	if err := c.commit(ctx); err != nil {
		return Answer{}, a.rejected(err)
	}
	c.took.Commit, c.took.Total = time.Since(committing), time.Since(began)
	a.observe(c)
	return c.answer(), nil
}

// taking is one capture on its way to its answer.
type taking struct {
	*App
	by     Actor
	id     travel.CaptureID
	digest [sha256.Size]byte
	now    time.Time

	encounter *store.Encounter
	voyage    *store.Voyage
	attempt   int
	sample    biometric.Sample
	problems  []capture.Problem
	result    match.Result
	rec       decision.Recommendation
	traveler  travel.TravelerID // of the last passenger matched, for the commit to ask ahead
	passenger *store.Passenger  // with a confirmation, as recheck found them
	crossing  travel.CrossingID
	took      Took
}

// earlier finds encounter and voyage, and the answer if this capture was
// answered before.
func (c *taking) earlier(ctx context.Context, enc travel.EncounterID) (ans *Answer, err error) {
	err = c.store.Read(ctx, func(tx *store.Tx) error {
		if c.encounter, c.voyage, err = c.by.encounter(tx, enc); err != nil {
			return err
		}
		old, err := tx.Capture(c.id)
		if err != nil {
			return err
		}
		if old != nil {
			ans, err = c.repeat(tx, old)
			return err
		}
		if err := accepts(c.encounter, c.voyage); err != nil {
			return err
		}
		before, err := tx.Captures(enc)
		c.attempt = len(before) + 1
		for _, b := range before {
			if b.Action == decision.ManualInspection {
				return errs.New(errs.Conflict, "officer-has-it", "an officer has taken this encounter over; nothing more is captured in it")
			}
		}
		return err
	})
	return ans, err
}

func (c *taking) repeat(tx *store.Tx, old *store.Capture) (*Answer, error) {
	if old.Encounter != c.encounter.ID || !bytes.Equal(old.Digest, c.digest[:]) {
		return nil, errs.New(errs.Conflict, "capture-id-reused", "this capture id was used for another image")
	}
	ans := &Answer{Capture: old.ID, Action: old.Action, Reasons: old.Reasons, Advice: old.Advice, Repeated: true}
	if old.Action != decision.Confirmed {
		return ans, nil
	}
	ans.Passenger = old.Passenger
	x, err := crossed(tx, c.voyage, old.Passenger)
	if x != nil && x.Capture == old.ID {
		ans.Crossing = x.ID
	}
	return ans, err
}

// accepts returns the Conflict that keeps an encounter from taking a capture.
func accepts(e *store.Encounter, v *store.Voyage) error {
	switch {
	case !e.OptedOut.IsZero():
		return errs.New(errs.Conflict, "encounter-opted-out", "the traveler declined: nothing is captured, an officer checks identity and document")
	case e.Decision != "":
		return errs.New(errs.Conflict, "encounter-ended", "this encounter has ended; open another for the next traveler")
	}
	return open(v)
}

// measure runs the engine and judges the sample. That nobody usable is in view
// is an answer; bytes that are no image are an error.
func (c *taking) measure(ctx context.Context, img []byte) error {
	s, err := c.Engine.Extract(ctx, img)
	switch errs.CodeOf(err) {
	case "no-face", "not-a-face":
		s.Template, err = biometric.Template{}, nil
	}
	if err != nil {
		return err
	}
	c.sample, c.took.Engine, c.problems = s, s.Stages, c.Captures.Assess(s)
	return nil
}

func (c *taking) recommend(ctx context.Context) error {
	began := time.Now()
	done := map[travel.PassengerID]bool{}
	if len(c.problems) == 0 {
		if err := c.identify(ctx, done); err != nil {
			return err
		}
	}
	c.rec = c.Rules.Recommend(decision.Facts{Attempt: c.attempt, Problems: c.problems, AttackScore: c.sample.AttackScore,
		Result: c.result, Crossed: func(p travel.PassengerID) bool { return done[p] }})
	c.took.Search = time.Since(began)
	return nil
}

func (c *taking) identify(ctx context.Context, done map[travel.PassengerID]bool) error {
	g, err := c.gallery(ctx, c.voyage.ID)
	if err != nil {
		return err
	}
	if g.Expired(c.now) {
		return errs.New(errs.Conflict, "gallery-expired", "the voyage's gallery has expired; an officer checks identity and document")
	}
	c.result, err = match.Identify(match.Probe{Encounter: c.encounter.Encounter, Capture: c.id, Template: c.sample.Template}, g, c.Calibration, c.FPIR)
	if err != nil {
		return err
	}
	return c.store.Read(ctx, func(tx *store.Tx) error {
		for _, m := range c.result.Matched() {
			p, err := tx.Passenger(m.Passenger)
			if err != nil {
				return err
			}
			if p == nil {
				continue // recheck tells the traveler
			}
			x, err := tx.CrossingOf(c.voyage.ID, p.Traveler, c.voyage.Direction)
			if err != nil {
				return err
			}
			done[m.Passenger], c.traveler = x != nil, p.Traveler
		}
		return nil
	})
}

func (c *taking) answer() Answer {
	ans := Answer{Capture: c.id, Action: c.rec.Action, Reasons: c.rec.Reasons, Advice: c.rec.Advice, Crossing: c.crossing, Took: c.took}
	if c.rec.Action == decision.Confirmed {
		ans.Passenger = c.rec.Passenger
	}
	return ans
}

// deref returns what p points at, or nothing.
func deref[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

func (a *App) rejected(err error) error {
	if err != nil {
		code := errs.CodeOf(err)
		if code == "" {
			code = "unclassified"
		}
		a.Metrics.Rejected.WithLabelValues(code).Inc()
	}
	return err
}

func (a *App) observe(c *taking) {
	a.Metrics.Captures.WithLabelValues(string(c.rec.Action)).Inc()
	e := c.took.Engine
	for _, s := range []struct {
		name string
		d    time.Duration
	}{{"decode", e.Decode}, {"detect", e.Detect}, {"landmarks", e.Landmarks}, {"align", e.Align}, {"attack", e.Attack},
		{"template", e.Template}, {"search", c.took.Search}, {"commit", c.took.Commit}, {"total", c.took.Total}} {
		a.Metrics.ObserveStage(s.name, s.d)
	}
	a.Changed.Publish()
}

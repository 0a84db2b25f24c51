package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"limen/audit"
	"limen/biometric"
	"limen/capture"
	"limen/decision"
	"limen/errs"
	"limen/internal/store"
	"limen/match"
	"limen/retention"
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
// ("encounter-opted-out", "encounter-ended", "voyage-closed"), those of the
// engine for bytes that are no image, Unavailable if no core is free in time.
// Whatever the error, nothing was recorded and the gate may send the same
// capture again; it sends the traveler to an officer if that takes too long.
func (a *App) TakeCapture(ctx context.Context, by Actor, enc travel.EncounterID, id travel.CaptureID, img []byte) (Answer, error) {
	began := time.Now()
	if err := checkID("a capture id", string(id)); err != nil {
		return Answer{}, err
	}
	defer a.lanes.lock(string(enc))()
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
	x, err := tx.CrossingOf(c.voyage.ID, old.Passenger, c.voyage.Direction)
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
	ctx, cancel := context.WithTimeout(ctx, c.AnswerWithin)
	defer cancel()
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
	crossed := map[travel.PassengerID]bool{}
	if len(c.problems) == 0 {
		if err := c.identify(ctx, crossed); err != nil {
			return err
		}
	}
	c.rec = c.Rules.Recommend(decision.Facts{Attempt: c.attempt, Problems: c.problems, AttackScore: c.sample.AttackScore,
		Result: c.result, Crossed: func(p travel.PassengerID) bool { return crossed[p] }})
	c.took.Search = time.Since(began)
	return nil
}

func (c *taking) identify(ctx context.Context, crossed map[travel.PassengerID]bool) error {
	g, err := c.gallery(ctx, c.voyage)
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
			x, err := tx.CrossingOf(c.voyage.ID, m.Passenger, c.voyage.Direction)
			if err != nil {
				return err
			}
			crossed[m.Passenger] = x != nil
		}
		return nil
	})
}

// commit makes the capture, and on a confirmed exit the crossing, durable in
// one transaction, then erases what must not be kept.
//
// What a crash leaves: before the commit nothing, and the gate repeats the
// capture; after it the whole record, and of an erasure at worst a data key
// whose item is gone, which start-up destroys.
func (c *taking) commit(ctx context.Context) error {
	sealed, err := c.sealed(ctx)
	if err != nil {
		return err
	}
	defer c.voyages.lock(string(c.voyage.ID))()
	var done *recorded
	err = c.store.Write(ctx, func(tx *store.Tx) error {
		// The state may have changed while the engine worked.
		if c.encounter, c.voyage, err = c.by.encounter(tx, c.encounter.ID); err != nil {
			return err
		}
		if err := accepts(c.encounter, c.voyage); err != nil {
			return err
		}
		if err := c.recheck(tx); err != nil {
			return err
		}
		if err := c.insert(tx, sealed); err != nil {
			return err
		}
		done, err = c.decideByRule(tx)
		return err
	})
	if err != nil {
		return errors.Join(err, c.unmint(ctx, deref(sealed)))
	}
	if done == nil {
		return nil
	}
	c.crossing = done.crossing.ID
	return c.finish(ctx, done)
}

// recheck sends the traveler to an officer if the passenger they were confirmed
// as crossed at another gate in the meantime.
func (c *taking) recheck(tx *store.Tx) error {
	if c.rec.Action != decision.Confirmed {
		return nil
	}
	x, err := tx.CrossingOf(c.voyage.ID, c.rec.Passenger, c.voyage.Direction)
	if err == nil && x != nil {
		c.rec.Action, c.rec.Reasons = decision.ManualInspection, []decision.Reason{decision.AlreadyCrossed}
	}
	return err
}

// sealed encrypts what is kept of a capture until an officer or its term ends
// it. Of a citizen whose exit is confirmed nothing is kept: the image is never
// written.
func (c *taking) sealed(ctx context.Context) (*store.Sealed, error) {
	if c.sample.Template.IsZero() {
		return nil, nil
	}
	class := retention.Unresolved
	if c.rec.Action == decision.Confirmed {
		citizen, err := c.citizen(ctx, c.rec.Passenger)
		switch {
		case err != nil:
			return nil, err
		case citizen && c.voyage.Direction == travel.Exit:
			return nil, nil
		case citizen:
			class = retention.CitizenImage
		default:
			class = retention.AlienImage
		}
	}
	s, err := c.sealSample(ctx, string(c.encounter.ID), c.sample)
	if err != nil {
		return nil, err
	}
	s.Class = class
	s.Due, err = retention.Due(class, c.now)
	return &s, err
}

func (c *taking) citizen(ctx context.Context, id travel.PassengerID) (citizen bool, err error) {
	err = c.store.Read(ctx, func(tx *store.Tx) error {
		p, err := tx.Passenger(id)
		if err == nil && p != nil {
			citizen = p.Citizen
		}
		return err
	})
	return citizen, err
}

func (c *taking) insert(tx *store.Tx, sealed *store.Sealed) error {
	rec := store.Capture{ID: c.id, Encounter: c.encounter.ID, Digest: c.digest[:], Received: c.now, Attempt: c.attempt,
		Action: c.rec.Action, Advice: c.rec.Advice, Reasons: c.rec.Reasons, Passenger: c.rec.Passenger, Result: c.result,
		AttackScore: c.sample.AttackScore, Quality: c.sample.Quality, Acceptable: len(c.problems) == 0}
	if sealed != nil {
		rec.KeyID = sealed.KeyID
		if err := tx.InsertSealed(*sealed); err != nil {
			return err
		}
	}
	return tx.InsertCapture(rec)
}

// decideByRule records a confirmed exit; everything else waits for an officer.
func (c *taking) decideByRule(tx *store.Tx) (*recorded, error) {
	if c.rec.Action != decision.Confirmed || c.encounter.Direction != travel.Exit {
		return nil, nil
	}
	d, err := decision.ByRule(travel.DecisionID(newID()), c.encounter.Encounter, c.rec)
	if err != nil {
		return nil, err
	}
	if err := tx.Audit(audit.Entry{At: c.now, Actor: "rule " + d.Rule, Action: "decision", Subject: string(d.ID), Purpose: "record of departure"}); err != nil {
		return nil, err
	}
	return c.record(tx, c.encounter, c.voyage, d, c.id, nil)
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

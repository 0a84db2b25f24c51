package demo

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"limen/decision"
	"limen/internal/sim"
	"limen/travel"
)

// answer is what the gate is told of a capture.
type answer struct {
	Action    decision.Action    `json:"action"`
	Reasons   []string           `json:"reasons"`
	Passenger travel.PassengerID `json:"passenger"`
}

// visit is one person at the gate: captures until the system confirms or an
// officer takes over, or a word that the person declines.
func (s *stage) visit(ctx context.Context, i int) error {
	v := s.voyage.Visits[i]
	path := "/v1/encounters/" + uuid.NewString()
	if _, err := s.gate.do(ctx, http.MethodPut, path, "", map[string]any{"voyage": s.id}, nil); err != nil {
		return fmt.Errorf("encounter: %w", err)
	}
	e := sim.Encounter{Visit: v}
	var confirmed travel.PassengerID
	if v.Fate == sim.OptsOut {
		if _, err := s.gate.do(ctx, http.MethodPost, path+"/opt-out", "", nil, nil); err != nil {
			return fmt.Errorf("opt-out: %w", err)
		}
		e.OptedOut, e.Manual = true, []string{"declined"}
	} else {
		var err error
		if confirmed, err = s.captures(ctx, path, i, &e); err != nil {
			return err
		}
	}
	if err := s.decide(ctx, path, v, confirmed); err != nil {
		return err
	}
	s.mu.Lock()
	s.encounters = append(s.encounters, e)
	s.mu.Unlock()
	s.View.Step(s.voyage, outcome(e))
	return nil
}

func outcome(e sim.Encounter) string {
	switch {
	case e.OptedOut:
		return "declined"
	case e.Confirmed != nil:
		return "confirmed"
	}
	return "officer"
}

// captures posts the frames of visit i one after another, as the system asks
// for them. Whoever runs out of patience goes to an officer.
func (s *stage) captures(ctx context.Context, path string, i int, e *sim.Encounter) (travel.PassengerID, error) {
	for n, frame := range s.frames[i] {
		var a answer
		header, took, err := s.capture(ctx, path+"/captures/"+uuid.NewString(), frame, &a)
		var refused *refusal
		if errors.As(err, &refused) {
			e.Manual = []string{refused.Code} // the lane fails closed: an officer
			return "", nil
		}
		if err != nil {
			return "", fmt.Errorf("capture: %w", err)
		}
		e.Captures = append(e.Captures, sim.Capture{Frame: n, Again: a.Action == decision.CaptureAgain, Latency: took,
			Acceptable: !slices.Contains(a.Reasons, string(decision.CaptureUnacceptable)), Stages: stages(header.Get("Server-Timing"))})
		switch a.Action {
		case decision.Confirmed:
			e.Confirmed, e.Manual = s.passengers[a.Passenger], nil
			return a.Passenger, nil
		case decision.ManualInspection:
			e.Manual = a.Reasons
			return "", nil
		}
		e.Manual = a.Reasons // in case no further frame comes
	}
	return "", nil
}

// patience is how often a gate sends a capture again that the system had no
// time for.
const patience = 5

// capture posts one frame, again under the same id if it is asked to come back.
func (s *stage) capture(ctx context.Context, path string, frame []byte, a *answer) (header http.Header, took time.Duration, err error) {
	for range patience {
		sent := time.Now()
		header, err = s.gate.do(ctx, http.MethodPut, path, "image/jpeg", frame, a)
		took = time.Since(sent)
		var refused *refusal
		if !errors.As(err, &refused) || refused.Status != http.StatusServiceUnavailable {
			break
		}
		select {
		case <-ctx.Done():
			return header, took, ctx.Err()
		case <-time.After(time.Second): // what Retry-After says
		}
	}
	return header, took, err
}

// decide is the officer's part: all but a confirmed exit. The officer sees the
// person and the papers, so the officer knows who it is.
func (s *stage) decide(ctx context.Context, path string, v *sim.Visit, confirmed travel.PassengerID) error {
	if confirmed != "" && s.voyage.Direction == travel.Exit {
		return nil // decided by the written rule
	}
	body := map[string]any{}
	switch p := v.Passenger; {
	case p == nil:
		body["outcome"], body["reason"] = decision.Referred, "the person is not on this voyage's list"
	case v.Fate == sim.HoldsPicture:
		body["outcome"], body["reason"] = decision.Referred, "the person held a picture to the camera"
	case s.voyage.Direction == travel.Exit:
		body["outcome"], body["passenger"], body["reason"] = decision.Departed, s.ids[p], "person and document compared by eye"
	default:
		body["outcome"], body["passenger"], body["reason"] = decision.Entered, s.ids[p], "person and document compared by eye"
		if g := p.Grant; g != nil && (g.DurationOfStatus || !g.AdmitUntil.IsZero()) {
			body["outcome"] = decision.Admitted
			body["admission"] = grant(g)
		}
	}
	_, err := s.officer.do(ctx, http.MethodPut, path+"/decision", "", body, nil)
	var refused *refusal
	if errors.As(err, &refused) && refused.Code == "entry-mismatch" {
		return s.secondary(ctx, path, body)
	}
	if err != nil {
		return fmt.Errorf("decision: %w", err)
	}
	return nil
}

// secondary is where primary sends a facial mismatch at entry: referred there,
// decided in an encounter of its own.
func (s *stage) secondary(ctx context.Context, path string, ruling map[string]any) error {
	referral := map[string]any{"outcome": decision.Referred, "passenger": ruling["passenger"], "reason": "the face did not match the reference"}
	if _, err := s.officer.do(ctx, http.MethodPut, path+"/decision", "", referral, nil); err != nil {
		return fmt.Errorf("referral: %w", err)
	}
	path = "/v1/encounters/" + uuid.NewString()
	if _, err := s.gate.do(ctx, http.MethodPut, path, "", map[string]any{"voyage": s.id}, nil); err != nil {
		return fmt.Errorf("secondary: %w", err)
	}
	if _, err := s.officer.do(ctx, http.MethodPut, path+"/decision", "", ruling, nil); err != nil {
		return fmt.Errorf("secondary: %w", err)
	}
	return nil
}

func grant(g *sim.Admission) map[string]any {
	if g.DurationOfStatus {
		return map[string]any{"class": g.Class, "duration_of_status": true}
	}
	return map[string]any{"class": g.Class, "admit_until": g.AdmitUntil}
}

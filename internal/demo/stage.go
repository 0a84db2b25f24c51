package demo

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"

	"limen/authz"
	"limen/internal/app"
	"limen/internal/sim"
	"limen/manifest"
	"limen/travel"
)

// stage is one voyage of the day as carrier, gate and officer live it.
type stage struct {
	Config
	day     *Day
	voyage  *sim.Voyage
	studio  *sim.Studio
	officer *client
	carrier *client
	gate    *client

	id         travel.VoyageID
	ids        map[*sim.Passenger]travel.PassengerID
	passengers map[travel.PassengerID]*sim.Passenger
	frames     [][][]byte // by visit, by attempt

	mu         sync.Mutex
	encounters []sim.Encounter
	elapsed    time.Duration
}

// prepare is what happens hours before: keys, admissions granted earlier, the
// manifest, the photographs on file; and the frames that the cameras will take.
func (s *stage) prepare(ctx context.Context) (err error) {
	v := s.voyage
	if s.carrier, err = s.day.clientFor(ctx, app.NewKey{Role: authz.Carrier, Carrier: v.Legs[0].Carrier}); err != nil {
		return err
	}
	if s.gate, err = s.day.clientFor(ctx, app.NewKey{Role: authz.Point, Port: s.day.Plan.Port, Point: v.Point}); err != nil {
		return err
	}
	if err := s.admissions(ctx); err != nil {
		return err
	}
	if err := s.manifest(ctx, v.Manifest()); err != nil {
		return err
	}
	s.View.Stage(v, "gallery", len(v.Passengers))
	if err := each(ctx, Lanes(), len(v.Passengers), s.reference); err != nil {
		return err
	}
	s.frames = make([][][]byte, len(v.Visits))
	s.View.Stage(v, "frames", len(v.Visits))
	return each(ctx, Lanes(), len(v.Visits), s.film)
}

// admissions tells the system under which earlier admission departing aliens
// are in the country.
func (s *stage) admissions(ctx context.Context) error {
	for _, p := range s.voyage.Passengers {
		g := p.Earlier
		if g == nil || g.AdmitUntil.IsZero() && !g.DurationOfStatus {
			continue // residents have no stay that ends
		}
		body := map[string]any{"person": p.Person, "document": g.Document, "day": g.Day, "class": g.Class, "reason": "in the country since before the demo"}
		if g.DurationOfStatus {
			body["duration_of_status"] = true
		} else {
			body["admit_until"] = g.AdmitUntil
		}
		if _, err := s.officer.do(ctx, http.MethodPut, "/v1/admissions/"+uuid.NewString(), "", body, nil); err != nil {
			return fmt.Errorf("admission: %w", err)
		}
	}
	return nil
}

// manifest sends a PAXLST message and learns the ids of the passengers.
func (s *stage) manifest(ctx context.Context, m manifest.Message) error {
	var b bytes.Buffer
	if err := manifest.WritePAXLST(&b, m); err != nil {
		return err
	}
	var receipt struct {
		Messages []struct {
			Voyage      travel.VoyageID       `json:"voyage"`
			Status      app.Status            `json:"status"`
			Why         string                `json:"why"`
			Diagnostics []manifest.Diagnostic `json:"diagnostics"`
			Passengers  []struct {
				ID        travel.PassengerID `json:"id"`
				Reference string             `json:"reference"`
			} `json:"passengers"`
		} `json:"messages"`
	}
	if _, err := s.carrier.do(ctx, http.MethodPost, "/v1/manifests", "application/edifact", b.Bytes(), &receipt); err != nil {
		return fmt.Errorf("manifest: %w", err)
	}
	if len(receipt.Messages) != 1 || receipt.Messages[0].Status != app.Accepted {
		return fmt.Errorf("manifest was not accepted: %+v", receipt.Messages)
	}
	r := receipt.Messages[0]
	byReference := map[string]*sim.Passenger{}
	for _, p := range s.voyage.Passengers {
		byReference[p.Reference] = p
	}
	s.id, s.ids, s.passengers = r.Voyage, map[*sim.Passenger]travel.PassengerID{}, map[travel.PassengerID]*sim.Passenger{}
	for _, got := range r.Passengers {
		if p := byReference[got.Reference]; p != nil {
			s.ids[p], s.passengers[got.ID] = got.ID, p
		}
	}
	if len(s.ids) != len(s.voyage.Passengers) {
		return fmt.Errorf("the receipt names %d of %d passengers", len(s.ids), len(s.voyage.Passengers))
	}
	return nil
}

// reference sends the photograph on file of passenger i, if there is one.
func (s *stage) reference(ctx context.Context, i int) error {
	p := s.voyage.Passengers[i]
	img, err := p.PortraitOnFile()
	if err != nil {
		return err
	}
	note := "none on file"
	if img != nil {
		var got struct {
			Readiness string `json:"readiness"`
		}
		path := "/v1/passengers/" + seg(string(s.ids[p])) + "/references?source=document-portrait"
		if _, err := s.carrier.do(ctx, http.MethodPost, path, "image/jpeg", img, &got); err != nil {
			return fmt.Errorf("reference: %w", err)
		}
		note = got.Readiness
	}
	s.View.Step(s.voyage, note)
	return nil
}

// film takes the frames of visit i.
func (s *stage) film(_ context.Context, i int) error {
	visit := s.voyage.Visits[i]
	for n := range visit.Frames {
		frame, err := s.studio.Frame(s.voyage, visit, n)
		if err != nil {
			return err
		}
		s.frames[i] = append(s.frames[i], frame)
	}
	s.View.Step(s.voyage, "")
	return nil
}

// cross is the time at the gate, then close-out.
func (s *stage) cross(ctx context.Context) error {
	s.View.Stage(s.voyage, "gate", len(s.voyage.Visits))
	began := time.Now()
	if err := each(ctx, Lanes(), len(s.voyage.Visits), s.visit); err != nil {
		return err
	}
	s.elapsed = time.Since(began)
	s.frames = nil
	return s.manifest(ctx, s.voyage.CloseOut())
}

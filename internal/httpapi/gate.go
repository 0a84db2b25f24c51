package httpapi

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"limen/authz"
	"limen/decision"
	"limen/internal/app"
	"limen/travel"
)

func (s *server) gateRoutes(api huma.API) {
	huma.Register(api, route(authz.OpenEncounter, http.MethodPut, "/v1/encounters/{encounter}",
		"Open an encounter: a person stands at this capture point", maxJSON), s.openEncounter)
	huma.Register(api, route(authz.SendCapture, http.MethodPut, "/v1/encounters/{encounter}/captures/{capture}",
		"Send one image of the encounter and get a recommendation", maxImage, rawBody("One JPEG or PNG", "image/jpeg", "image/png")), s.sendCapture)
	huma.Register(api, route(authz.ReadStatus, http.MethodGet, "/v1/encounters/{encounter}/status",
		"Ask how far an encounter is: whether the traveler may go on", maxJSON), s.readStatus)
	huma.Register(api, route(authz.OptOut, http.MethodPost, "/v1/encounters/{encounter}/opt-out",
		"The traveler declines: an officer checks identity and document instead, at no cost to the traveler", maxJSON), s.optOut)
}

// EncounterPath names the encounter of a request.
type EncounterPath struct {
	Encounter travel.EncounterID `path:"encounter" minLength:"8" maxLength:"64" doc:"Made by the capture point, such as a UUID"`
}

func (s *server) openEncounter(ctx context.Context, in *struct {
	EncounterPath
	Body struct {
		Voyage travel.VoyageID `json:"voyage"`
	}
}) (*struct{}, error) {
	if err := s.App.OpenEncounter(ctx, actor(ctx), in.Encounter, in.Body.Voyage); err != nil {
		return nil, s.refuse(ctx, authz.OpenEncounter, err)
	}
	return nil, nil
}

type captureBody struct {
	Capture   travel.CaptureID   `json:"capture"`
	Action    decision.Action    `json:"action" enum:"confirmed,capture_again,manual_inspection" doc:"What to do next; no action denies"`
	Reasons   []decision.Reason  `json:"reasons"`
	Advice    string             `json:"advice,omitempty" doc:"One sentence for the traveler"`
	Passenger travel.PassengerID `json:"passenger,omitempty" doc:"Who was confirmed"`
	Pass      bool               `json:"pass" doc:"True only when the crossing is on record: open the gate. A confirmed entry still waits for its officer"`
	Crossing  travel.CrossingID  `json:"crossing,omitempty" doc:"The crossing, if it is on record"`
	Repeated  bool               `json:"repeated,omitempty" doc:"This capture was answered before"`
}

type captureAnswer struct {
	Timing string `header:"Server-Timing" doc:"Milliseconds by stage"`
	Body   captureBody
}

func (s *server) sendCapture(ctx context.Context, in *struct {
	EncounterPath
	Capture travel.CaptureID `path:"capture" minLength:"8" maxLength:"64" doc:"Made by the capture point; a repeat with the same bytes gets the same answer"`
	RawBody []byte
}) (*captureAnswer, error) {
	a, err := s.App.TakeCapture(ctx, actor(ctx), in.Encounter, in.Capture, in.RawBody)
	if err != nil {
		return nil, s.refuse(ctx, authz.SendCapture, err)
	}
	return &captureAnswer{Timing: timing(a.Took), Body: captureBody{a.Capture, a.Action, a.Reasons, a.Advice, a.Passenger, a.Crossing != "", a.Crossing, a.Repeated}}, nil
}

// timing writes the Server-Timing header.
//
// Source: W3C Server Timing.
func timing(t app.Took) string {
	var parts []string
	for _, s := range []struct {
		name string
		d    time.Duration
	}{{"decode", t.Engine.Decode}, {"detect", t.Engine.Detect}, {"landmarks", t.Engine.Landmarks}, {"align", t.Engine.Align},
		{"attack", t.Engine.Attack}, {"template", t.Engine.Template}, {"search", t.Search}, {"commit", t.Commit}, {"total", t.Total}} {
		parts = append(parts, fmt.Sprintf("%s;dur=%.3f", s.name, float64(s.d)/float64(time.Millisecond)))
	}
	return strings.Join(parts, ", ")
}

func (s *server) optOut(ctx context.Context, in *EncounterPath) (*struct{}, error) {
	if err := s.App.OptOut(ctx, actor(ctx), in.Encounter); err != nil {
		return nil, s.refuse(ctx, authz.OptOut, err)
	}
	return nil, nil
}

type statusBody struct {
	State app.State `json:"state" enum:"open,waiting,passed,ended" doc:"open: captures are taken; waiting: for an officer; passed: the traveler may go on; ended: decided otherwise"`
}

func (s *server) readStatus(ctx context.Context, in *EncounterPath) (*struct{ Body statusBody }, error) {
	state, err := s.App.Status(ctx, actor(ctx), in.Encounter)
	if err != nil {
		return nil, s.refuse(ctx, authz.ReadStatus, err)
	}
	return &struct{ Body statusBody }{statusBody{state}}, nil
}

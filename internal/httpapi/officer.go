package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"limen/authz"
	"limen/decision"
	"limen/internal/app"
	"limen/internal/store"
	"limen/stay"
	"limen/travel"
)

func (s *server) officerRoutes(api huma.API) {
	huma.Register(api, route(authz.ReadEncounter, http.MethodGet, "/v1/encounters/{encounter}",
		"See an encounter: its captures, what the machine recommends and why", maxJSON), s.readEncounter)
	huma.Register(api, route(authz.ListWaiting, http.MethodGet, "/v1/encounters",
		"List the encounters that wait for an officer, oldest first; no personal data", maxJSON), s.listWaiting)
	huma.Register(api, route(authz.ReadCapture, http.MethodGet, "/v1/encounters/{encounter}/captures/{capture}/image",
		"See the subject of a capture", maxJSON, imageAnswer), s.readCapture)
	huma.Register(api, route(authz.ReadReference, http.MethodGet, "/v1/passengers/{passenger}/image",
		"See a passenger's reference", maxJSON, imageAnswer), s.readReference)
	huma.Register(api, route(authz.Decide, http.MethodPut, "/v1/encounters/{encounter}/decision",
		"Decide an encounter in the officer's name", maxJSON), s.decide)
	huma.Register(api, route(authz.CorrectCrossing, http.MethodPut, "/v1/crossings/{crossing}/void",
		"Record that a crossing did not happen, in the officer's name", maxJSON), s.voidCrossing)
}

type evidenceBody struct {
	Encounter travel.EncounterID `json:"encounter"`
	Voyage    travel.VoyageID    `json:"voyage"`
	Direction travel.Direction   `json:"direction"`
	Point     travel.PointID     `json:"point"`
	Opened    time.Time          `json:"opened"`
	OptedOut  bool               `json:"opted_out"`
	Decided   bool               `json:"decided"`
	Captures  []evidenceCapture  `json:"captures"`
	// Recommended is the passenger the machine suggests.
	Recommended *listedBody `json:"recommended,omitempty"`
}

type evidenceCapture struct {
	ID       travel.CaptureID  `json:"id"`
	Received time.Time         `json:"received"`
	Action   decision.Action   `json:"action"`
	Reasons  []decision.Reason `json:"reasons"`
}

func (s *server) readEncounter(ctx context.Context, in *struct {
	PurposeHeader
	EncounterPath
}) (*struct{ Body evidenceBody }, error) {
	purpose, err := parsePurpose(in.Purpose)
	if err != nil {
		return nil, s.refuse(ctx, authz.ReadEncounter, err)
	}
	ev, err := s.App.Evidence(ctx, actor(ctx), purpose, in.Encounter)
	if err != nil {
		return nil, s.refuse(ctx, authz.ReadEncounter, err)
	}
	e := ev.Encounter
	b := evidenceBody{Encounter: e.ID, Voyage: e.Voyage, Direction: e.Direction, Point: e.Point, Opened: e.Opened,
		OptedOut: !e.OptedOut.IsZero(), Decided: e.Decision != "", Captures: []evidenceCapture{}}
	for _, c := range ev.Captures {
		b.Captures = append(b.Captures, evidenceCapture{c.ID, c.Received, c.Action, c.Reasons})
	}
	if p := ev.Recommended; p != nil {
		b.Recommended = &listedBody{passengerBodies([]store.Passenger{*p})[0], p.Listed.Person, nonNil(p.Listed.Documents)}
	}
	return &struct{ Body evidenceBody }{b}, nil
}

func (s *server) decide(ctx context.Context, in *struct {
	EncounterPath
	Body struct {
		Outcome   decision.Outcome   `json:"outcome" enum:"departed,admitted,entered,refused,referred"`
		Passenger travel.PassengerID `json:"passenger,omitempty"`
		Reason    string             `json:"reason,omitempty" maxLength:"500" doc:"Required against a person, and without biometric confirmation"`
		Admission *GrantBody         `json:"admission,omitempty" doc:"What is granted, with outcome admitted"`
	}
}) (*struct {
	Body struct {
		Decision travel.DecisionID `json:"decision"`
		Crossing travel.CrossingID `json:"crossing,omitempty"`
	}
}, error) {
	r := app.Ruling{Outcome: in.Body.Outcome, Passenger: in.Body.Passenger, Reason: in.Body.Reason}
	if g := in.Body.Admission; g != nil {
		r.Admission = &stay.Admission{Class: g.Class, AdmitUntil: g.AdmitUntil, DurationOfStatus: g.DurationOfStatus, Parole: g.Parole}
	}
	ruled, err := s.App.Decide(ctx, actor(ctx), in.Encounter, r)
	if err != nil {
		return nil, s.refuse(ctx, authz.Decide, err)
	}
	out := &struct {
		Body struct {
			Decision travel.DecisionID `json:"decision"`
			Crossing travel.CrossingID `json:"crossing,omitempty"`
		}
	}{}
	out.Body.Decision, out.Body.Crossing = ruled.Decision, ruled.Crossing
	return out, nil
}

func (s *server) voidCrossing(ctx context.Context, in *struct {
	Crossing travel.CrossingID `path:"crossing"`
	Body     struct {
		Reason string `json:"reason" minLength:"1" maxLength:"2000" doc:"Why, in words: it stands with the officer's name in the audit log"`
	}
}) (*struct {
	Body struct {
		Correction travel.CrossingID `json:"correction" doc:"The record that corrects the crossing"`
	}
}, error) {
	c, err := s.App.Void(ctx, actor(ctx), in.Crossing, in.Body.Reason)
	if err != nil {
		return nil, s.refuse(ctx, authz.CorrectCrossing, err)
	}
	out := &struct {
		Body struct {
			Correction travel.CrossingID `json:"correction" doc:"The record that corrects the crossing"`
		}
	}{}
	out.Body.Correction = c.ID
	return out, nil
}

type waitingBody struct {
	Encounter travel.EncounterID `json:"encounter"`
	Voyage    travel.VoyageID    `json:"voyage"`
	Point     travel.PointID     `json:"point"`
	Direction travel.Direction   `json:"direction"`
	Opened    time.Time          `json:"opened"`
	OptedOut  bool               `json:"opted_out"`
}

func (s *server) listWaiting(ctx context.Context, _ *struct{}) (*struct{ Body []waitingBody }, error) {
	es, err := s.App.Waiting(ctx)
	if err != nil {
		return nil, s.refuse(ctx, authz.ListWaiting, err)
	}
	out := &struct{ Body []waitingBody }{[]waitingBody{}}
	for _, e := range es {
		out.Body = append(out.Body, waitingBody{e.ID, e.Voyage, e.Point, e.Direction, e.Opened, !e.OptedOut.IsZero()})
	}
	return out, nil
}

type imageBody struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

// imageAnswer describes an answer that is a JPEG.
func imageAnswer(o *huma.Operation) {
	o.Responses = map[string]*huma.Response{"200": {Description: "The subject alone, as JPEG",
		Content: map[string]*huma.MediaType{"image/jpeg": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}}}
}

func (s *server) readCapture(ctx context.Context, in *struct {
	PurposeHeader
	EncounterPath
	Capture travel.CaptureID `path:"capture"`
}) (*imageBody, error) {
	purpose, err := parsePurpose(in.Purpose)
	if err != nil {
		return nil, s.refuse(ctx, authz.ReadCapture, err)
	}
	img, err := s.App.CaptureImage(ctx, actor(ctx), purpose, in.Encounter, in.Capture)
	if err != nil {
		return nil, s.refuse(ctx, authz.ReadCapture, err)
	}
	return &imageBody{"image/jpeg", img}, nil
}

func (s *server) readReference(ctx context.Context, in *struct {
	PurposeHeader
	Passenger travel.PassengerID `path:"passenger"`
}) (*imageBody, error) {
	purpose, err := parsePurpose(in.Purpose)
	if err != nil {
		return nil, s.refuse(ctx, authz.ReadReference, err)
	}
	img, err := s.App.ReferenceImage(ctx, actor(ctx), purpose, in.Passenger)
	if err != nil {
		return nil, s.refuse(ctx, authz.ReadReference, err)
	}
	return &imageBody{"image/jpeg", img}, nil
}

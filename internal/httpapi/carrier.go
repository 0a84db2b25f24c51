package httpapi

import (
	"bytes"
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"limen/authz"
	"limen/gallery"
	"limen/internal/app"
	"limen/internal/store"
	"limen/manifest"
	"limen/report"
	"limen/travel"
)

// body types of raw requests, for the description.
func rawBody(description string, types ...string) func(*huma.Operation) {
	return func(o *huma.Operation) {
		o.RequestBody = &huma.RequestBody{Required: true, Description: description, Content: map[string]*huma.MediaType{}}
		for _, t := range types {
			o.RequestBody.Content[t] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
		}
		o.SkipValidateBody = true
	}
}

type receiptBody struct {
	Messages    []messageBody         `json:"messages"`
	Diagnostics []manifest.Diagnostic `json:"diagnostics" doc:"Oddities outside every message"`
}

type messageBody struct {
	Reference   string                `json:"reference"`
	Voyage      travel.VoyageID       `json:"voyage,omitempty"`
	Status      app.Status            `json:"status" enum:"accepted,accepted-with-errors,repeated,rejected"`
	Why         string                `json:"why,omitempty" doc:"Why the message was rejected"`
	Added       int                   `json:"added"`
	Changed     int                   `json:"changed"`
	Removed     int                   `json:"removed"`
	Passengers  []PassengerBody       `json:"passengers" doc:"The voyage's passengers as they are now"`
	Diagnostics []manifest.Diagnostic `json:"diagnostics"`
}

// PassengerBody is a passenger without personal data.
type PassengerBody struct {
	ID        travel.PassengerID `json:"id"`
	Position  int                `json:"position"`
	Reference string             `json:"reference,omitempty" doc:"The carrier's own id of the passenger"`
	Scope     string             `json:"scope" enum:"required,exempt,not_in_scope,needs_officer" doc:"Whether the rule in force asks for a photograph"`
	Clause    string             `json:"clause,omitempty" doc:"What the scope rests on"`
	RuleSet   string             `json:"rule_set,omitempty"`
	Rule      string             `json:"rule,omitempty"`
	Citation  string             `json:"citation,omitempty"`
	Note      string             `json:"note,omitempty" doc:"What about the rule is not settled"`
	Ask       string             `json:"ask,omitempty" doc:"The question for the officer, with needs_officer"`
	Readiness gallery.Readiness  `json:"readiness" doc:"Whether the passenger can be identified at the gate, and if not, why"`
}

func passengerBodies(ps []store.Passenger) []PassengerBody {
	out := make([]PassengerBody, 0, len(ps))
	for _, p := range ps {
		out = append(out, PassengerBody{p.ID, p.Position, p.Listed.Reference, string(p.Scope.Result), p.Scope.Clause, p.Scope.RuleSet, p.Scope.Rule, p.Scope.Citation, p.Scope.Note, p.Scope.Ask, p.Readiness})
	}
	return out
}

type listedBody struct {
	PassengerBody
	travel.Person
	Documents []travel.Document `json:"documents"`
}

func (s *server) carrierRoutes(api huma.API) {
	huma.Register(api, route(authz.SendManifest, http.MethodPost, "/v1/manifests",
		"Send a passenger manifest, or a new version of one", maxManifest,
		rawBody("PAXLST messages, or the same facts as JSON", "application/edifact", "application/json")), s.sendManifest)
	huma.Register(api, route(authz.ListVoyages, http.MethodGet, "/v1/voyages", "List voyages with their counts", maxJSON), s.listVoyages)
	huma.Register(api, route(authz.ReadReadiness, http.MethodGet, "/v1/voyages/{voyage}/readiness",
		"See who can be identified at the gate, and who cannot, and why", maxJSON), s.readReadiness)
	huma.Register(api, route(authz.AddReference, http.MethodPost, "/v1/passengers/{passenger}/references",
		"Add a reference photograph of a passenger", maxImage, rawBody("One JPEG or PNG", "image/jpeg", "image/png")), s.addReference)
	huma.Register(api, route(authz.CloseVoyage, http.MethodPost, "/v1/voyages/{voyage}/close",
		"Close a voyage out: boarding has ended", maxJSON), s.closeVoyage)
}

func (s *server) sendManifest(ctx context.Context, in *struct{ RawBody []byte }) (*struct{ Body receiptBody }, error) {
	r, err := s.App.TakeManifest(ctx, actor(ctx), bytes.NewReader(in.RawBody))
	if err != nil {
		return nil, s.refuse(ctx, authz.SendManifest, err)
	}
	out := &struct{ Body receiptBody }{receiptBody{Messages: []messageBody{}, Diagnostics: nonNil(r.Diagnostics)}}
	for _, m := range r.Messages {
		out.Body.Messages = append(out.Body.Messages, messageBody{m.Reference, m.Voyage, m.Status, m.Why, m.Added, m.Changed, m.Removed,
			passengerBodies(m.Passengers), nonNil(m.Diagnostics)})
	}
	return out, nil
}

func nonNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func (s *server) listVoyages(ctx context.Context, _ *struct{}) (*struct{ Body []report.Voyage }, error) {
	vs, err := s.App.Voyages(ctx, actor(ctx))
	if err != nil {
		return nil, s.refuse(ctx, authz.ListVoyages, err)
	}
	return &struct{ Body []report.Voyage }{nonNil(vs)}, nil
}

// PurposeHeader is the stated purpose, on every operation that shows personal data.
type PurposeHeader struct {
	Purpose string `header:"Limen-Purpose" required:"true" maxLength:"200" doc:"Why you look: it is kept in the audit log" example:"boarding preparation"`
}

func (s *server) readReadiness(ctx context.Context, in *struct {
	PurposeHeader
	Voyage travel.VoyageID `path:"voyage"`
}) (*struct{ Body []listedBody }, error) {
	purpose, err := parsePurpose(in.Purpose)
	if err != nil {
		return nil, s.refuse(ctx, authz.ReadReadiness, err)
	}
	ps, err := s.App.Readiness(ctx, actor(ctx), purpose, in.Voyage)
	if err != nil {
		return nil, s.refuse(ctx, authz.ReadReadiness, err)
	}
	out := &struct{ Body []listedBody }{[]listedBody{}}
	for i, b := range passengerBodies(ps) {
		out.Body = append(out.Body, listedBody{b, ps[i].Listed.Person, nonNil(ps[i].Listed.Documents)})
	}
	return out, nil
}

type readinessBody struct {
	Readiness gallery.Readiness `json:"readiness" doc:"ready, or why this photograph cannot serve"`
}

func (s *server) addReference(ctx context.Context, in *struct {
	Passenger travel.PassengerID `path:"passenger"`
	Source    string             `query:"source" required:"true" enum:"chip-portrait,document-portrait,visa-photo,earlier-encounter"`
	RawBody   []byte
}) (*struct{ Body readinessBody }, error) {
	source, err := gallery.ParseSource(in.Source)
	if err != nil {
		return nil, s.refuse(ctx, authz.AddReference, err)
	}
	ready, err := s.App.AddReference(ctx, actor(ctx), in.Passenger, source, in.RawBody)
	if err != nil {
		return nil, s.refuse(ctx, authz.AddReference, err)
	}
	return &struct{ Body readinessBody }{readinessBody{ready}}, nil
}

func (s *server) closeVoyage(ctx context.Context, in *struct {
	Voyage travel.VoyageID `path:"voyage"`
}) (*struct{}, error) {
	if err := s.App.CloseVoyage(ctx, actor(ctx), in.Voyage); err != nil {
		return nil, s.refuse(ctx, authz.CloseVoyage, err)
	}
	return nil, nil
}

package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"limen/authz"
	"limen/internal/app"
	"limen/internal/store"
	"limen/report"
	"limen/stay"
	"limen/travel"
)

func (s *server) stayRoutes(api huma.API) {
	huma.Register(api, route(authz.RecordAdmission, http.MethodPut, "/v1/admissions/{admission}",
		"Record an admission, or a parole, that another system granted, in the officer's name; citizens have none", maxJSON), s.recordAdmission)
	huma.Register(api, route(authz.ReadAdmission, http.MethodGet, "/v1/admissions/{admission}",
		"See a stay: what was granted, what changed it, what can be said of it today and what that rests on", maxJSON), s.readAdmission)
	huma.Register(api, route(authz.ChangeStay, http.MethodPut, "/v1/admissions/{admission}/changes/{change}",
		"Record an extension, change of status, adjustment or parole, or correct one, in the officer's name", maxJSON), s.changeStay)
}

// GrantBody is what an officer grants at an admission.
type GrantBody struct {
	Class            stay.ClassOfAdmission `json:"class" minLength:"1" maxLength:"10" example:"B-2"`
	AdmitUntil       travel.Day            `json:"admit_until,omitzero" doc:"Last day of the authorized stay"`
	DurationOfStatus bool                  `json:"duration_of_status,omitempty" doc:"D/S: no date"`
	Parole           bool                  `json:"parole,omitempty" doc:"Let in without being admitted: class is that of the parole"`
}

// AdmissionPath names an admission.
type AdmissionPath struct {
	Admission string `path:"admission" minLength:"8" maxLength:"64" doc:"Id of the admission: limen's, or the other system's that told it"`
}

func (s *server) recordAdmission(ctx context.Context, in *struct {
	PurposeHeader
	AdmissionPath
	Body struct {
		Person   travel.Person   `json:"person"`
		Document travel.Document `json:"document"`
		Day      travel.Day      `json:"day" doc:"Day of admission"`
		Port     travel.Port     `json:"port,omitempty" maxLength:"5" doc:"Port of entry; calendar days are counted there"`
		Mode     report.Mode     `json:"mode,omitempty" enum:"air,sea,land" doc:"How the person came; air if absent"`
		GrantBody
		Reason string `json:"reason" minLength:"1" maxLength:"2000" doc:"Why it is recorded, in words: it stands with the officer's name in the audit log"`
	}
}) (*struct {
	Body struct {
		Traveler travel.TravelerID `json:"traveler"`
	}
}, error) {
	purpose, err := parsePurpose(in.Purpose)
	if err != nil {
		return nil, s.refuse(ctx, authz.RecordAdmission, err)
	}
	b := in.Body
	id, err := s.App.RecordAdmission(ctx, actor(ctx), purpose, b.Person, b.Document, app.Told{Port: b.Port, Mode: b.Mode,
		Admission: stay.Admission{ID: in.Admission, Day: b.Day, Class: b.Class, AdmitUntil: b.AdmitUntil, DurationOfStatus: b.DurationOfStatus, Parole: b.Parole}}, b.Reason)
	if err != nil {
		return nil, s.refuse(ctx, authz.RecordAdmission, err)
	}
	out := &struct {
		Body struct {
			Traveler travel.TravelerID `json:"traveler"`
		}
	}{}
	out.Body.Traveler = id
	return out, nil
}

// stayBody is a stay with what can be said of it.
type stayBody struct {
	Stay    store.Stay         `json:"stay"`
	Status  stay.Status        `json:"status"`
	Today   travel.Day         `json:"today" doc:"The day at the port of entry that the status is of"`
	Records []store.StayChange `json:"records" doc:"Every change on record, corrected ones and corrections included"`
	Leads   []leadBody         `json:"leads"`
}

func (s *server) readAdmission(ctx context.Context, in *struct {
	PurposeHeader
	AdmissionPath
}) (*struct{ Body stayBody }, error) {
	purpose, err := parsePurpose(in.Purpose)
	if err != nil {
		return nil, s.refuse(ctx, authz.ReadAdmission, err)
	}
	st, err := s.App.Stay(ctx, actor(ctx), purpose, in.Admission)
	if err != nil {
		return nil, s.refuse(ctx, authz.ReadAdmission, err)
	}
	return &struct{ Body stayBody }{stayBody{st.Stay, st.Status, st.Today, nonNil(st.Records), leadBodies(st.Leads)}}, nil
}

func (s *server) changeStay(ctx context.Context, in *struct {
	PurposeHeader
	AdmissionPath
	Change string `path:"change" minLength:"8" maxLength:"64" doc:"Made by the caller, such as a UUID or the other system's id"`
	Body   struct {
		Kind             stay.ChangeKind       `json:"kind,omitempty" enum:"extension,change-of-status,adjustment,parole"`
		Outcome          stay.Outcome          `json:"outcome,omitempty" enum:"pending,granted,denied"`
		Filed            travel.Day            `json:"filed,omitzero" doc:"Day it was applied for"`
		Day              travel.Day            `json:"day,omitzero" doc:"First day that it holds, or the day it was denied"`
		Class            stay.ClassOfAdmission `json:"class,omitempty" maxLength:"10"`
		AdmitUntil       travel.Day            `json:"admit_until,omitzero"`
		DurationOfStatus bool                  `json:"duration_of_status,omitempty"`
		Corrects         string                `json:"corrects,omitempty" maxLength:"64" doc:"The record in whose place this one stands"`
		Void             bool                  `json:"void,omitempty" doc:"Nothing stands in the place of what is corrected"`
		Reason           string                `json:"reason" minLength:"1" maxLength:"2000" doc:"Why, in words: it stands with the officer's name in the audit log"`
	}
}) (*struct{}, error) {
	purpose, err := parsePurpose(in.Purpose)
	if err != nil {
		return nil, s.refuse(ctx, authz.ChangeStay, err)
	}
	b := in.Body
	c := store.StayChange{Corrects: b.Corrects, Void: b.Void, Change: stay.Change{ID: in.Change, Admission: in.Admission, Kind: b.Kind, Outcome: b.Outcome,
		Filed: b.Filed, Day: b.Day, Class: b.Class, AdmitUntil: b.AdmitUntil, DurationOfStatus: b.DurationOfStatus}}
	if err := s.App.ChangeStay(ctx, actor(ctx), purpose, c, b.Reason); err != nil {
		return nil, s.refuse(ctx, authz.ChangeStay, err)
	}
	return nil, nil
}

package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"limen/authz"
	"limen/crossing"
	"limen/errs"
	"limen/internal/app"
	"limen/internal/store"
	"limen/linkage"
	"limen/stay"
	"limen/travel"
)

func (s *server) leadRoutes(api huma.API) {
	huma.Register(api, route(authz.ListLeads, http.MethodGet, "/v1/leads",
		"List leads page by page, by kind, port and day, without names; none of them is a verdict", maxJSON), s.listLeads)
	huma.Register(api, route(authz.ReadLead, http.MethodGet, "/v1/leads/{lead}",
		"See a lead: who it is about and all that it rests on", maxJSON), s.readLead)
	huma.Register(api, route(authz.ClearLead, http.MethodPut, "/v1/leads/{lead}/clearing",
		"Note that a lead is explained, in the officer's name; nothing else changes", maxJSON), s.clearLead)
	huma.Register(api, route(authz.MergeFiles, http.MethodPut, "/v1/merges/{record}",
		"Say whose arrival a departure belongs to, in the officer's name: the two files become one, and the stay ends", maxJSON), s.mergeFiles)
	huma.Register(api, route(authz.UndoMerge, http.MethodPut, "/v1/undos/{record}",
		"Take a merge of files back, in the officer's name: stays and leads are as they were", maxJSON), s.undoMerge)
}

// leadBody is a lead without a name.
type leadBody struct {
	ID string `json:"id"`
	stay.Lead
	Until   travel.Day  `json:"until,omitzero" doc:"Last authorized day that an overstay is counted from"`
	Port    travel.Port `json:"port,omitempty"`
	Raised  time.Time   `json:"raised"`
	State   string      `json:"state" enum:"open,cleared"`
	Cleared time.Time   `json:"cleared,omitzero"`
	How     store.How   `json:"how,omitempty"`
	Found   string      `json:"found,omitempty" doc:"The record that explains it: a crossing, a change, an admission, a merge"`
}

func leadBodies(leads []store.Lead) []leadBody {
	out := []leadBody{}
	for _, l := range leads {
		b := leadBody{l.ID, l.Lead, l.Until, l.Port, l.Raised, "open", l.Cleared, l.How, l.Found}
		if !l.Open() {
			b.State = "cleared"
		}
		out = append(out, b)
	}
	return out
}

type leadsBody struct {
	Leads []leadBody `json:"leads"`
	Next  string     `json:"next,omitempty" doc:"What to ask for with after; absent on the last page"`
}

func (s *server) listLeads(ctx context.Context, in *struct {
	PurposeHeader
	Kind  stay.LeadKind `query:"kind" enum:"overstay-in-country,overstay-out-of-country,application-pending,possible-match,unmatched-departure,early-departure,missing-exit,off-loaded,shared-document,crossing-voided"`
	State string        `query:"state" enum:"open,cleared" default:"open"`
	Port  travel.Port   `query:"port" maxLength:"5"`
	From  string        `query:"from" format:"date" doc:"First day"`
	To    string        `query:"to" format:"date" doc:"Last day"`
	After string        `query:"after" maxLength:"128" doc:"What the page before said is next"`
	Limit int           `query:"limit" minimum:"1" maximum:"500" default:"100"`
}) (*struct{ Body leadsBody }, error) {
	purpose, err := parsePurpose(in.Purpose)
	if err != nil {
		return nil, s.refuse(ctx, authz.ListLeads, err)
	}
	q := app.LeadQuery{Kind: in.Kind, Cleared: in.State == "cleared", Port: in.Port, After: in.After, Limit: in.Limit}
	for _, d := range []struct {
		text string
		into *travel.Day
	}{{in.From, &q.From}, {in.To, &q.To}} {
		if err := d.into.UnmarshalText([]byte(d.text)); err != nil {
			return nil, s.refuse(ctx, authz.ListLeads, errs.New(errs.Invalid, "day", "from and to are days such as 2026-12-31"))
		}
	}
	leads, next, err := s.App.Leads(ctx, actor(ctx), purpose, q)
	if err != nil {
		return nil, s.refuse(ctx, authz.ListLeads, err)
	}
	return &struct{ Body leadsBody }{leadsBody{leadBodies(leads), next}}, nil
}

// evidenceOfLead is a lead with what it rests on.
type evidenceOfLead struct {
	leadBody
	Person travel.Person `json:"person"`
	// ClearedBy and Reason are who cleared it, and why.
	ClearedBy  string             `json:"cleared_by,omitempty" doc:"The officer, or the rule"`
	Reason     string             `json:"reason,omitempty"`
	Stay       *store.Stay        `json:"stay,omitempty" doc:"The stay it is about, with what changed it"`
	Status     *stay.Status       `json:"status,omitempty" doc:"What can be said of the stay today, and on which clause"`
	Crossing   *crossing.Crossing `json:"crossing_record,omitempty"`
	Candidates []candidateBody    `json:"candidates,omitempty" doc:"Whose arrival the departure may belong to"`
	More       bool               `json:"more_candidates,omitempty" doc:"More were found than are compared"`
}

type candidateBody struct {
	linkage.Match
	Person travel.Person `json:"person"`
	Stay   *store.Stay   `json:"stay,omitempty" doc:"The stay that the departure would end"`
}

// LeadPath names a lead.
type LeadPath struct {
	Lead string `path:"lead" maxLength:"64"`
}

func (s *server) readLead(ctx context.Context, in *struct {
	PurposeHeader
	LeadPath
}) (*struct{ Body evidenceOfLead }, error) {
	purpose, err := parsePurpose(in.Purpose)
	if err != nil {
		return nil, s.refuse(ctx, authz.ReadLead, err)
	}
	ev, err := s.App.Lead(ctx, actor(ctx), purpose, in.Lead)
	if err != nil {
		return nil, s.refuse(ctx, authz.ReadLead, err)
	}
	b := evidenceOfLead{leadBody: leadBodies([]store.Lead{ev.Lead})[0], Person: ev.Person, ClearedBy: ev.Lead.By, Reason: ev.Lead.Reason,
		Stay: ev.Stay, Status: ev.Status, Crossing: ev.Crossing, More: ev.More}
	if ev.Lead.Officer != "" {
		b.ClearedBy = ev.Lead.Officer
	}
	for _, c := range ev.Candidates {
		b.Candidates = append(b.Candidates, candidateBody{c.Match, c.Person, c.Stay})
	}
	return &struct{ Body evidenceOfLead }{b}, nil
}

func (s *server) clearLead(ctx context.Context, in *struct {
	PurposeHeader
	LeadPath
	Body struct {
		How    store.How `json:"how" enum:"explained,error" doc:"Explained otherwise, or an error of the record"`
		Reason string    `json:"reason" minLength:"1" maxLength:"2000" doc:"Why, in words: it stands with the officer's name on the lead"`
	}
}) (*struct{}, error) {
	purpose, err := parsePurpose(in.Purpose)
	if err != nil {
		return nil, s.refuse(ctx, authz.ClearLead, err)
	}
	if err := s.App.ClearLead(ctx, actor(ctx), purpose, in.Lead, in.Body.How, in.Body.Reason); err != nil {
		return nil, s.refuse(ctx, authz.ClearLead, err)
	}
	return nil, nil
}

// RecordPath names a record about travelers' files.
type RecordPath struct {
	Record linkage.RecordID `path:"record" minLength:"8" maxLength:"64" doc:"Made by the caller, such as a UUID"`
}

func (s *server) mergeFiles(ctx context.Context, in *struct {
	PurposeHeader
	RecordPath
	Body struct {
		Lead    string            `json:"lead" minLength:"1" maxLength:"64" doc:"The possible match"`
		Arrived travel.TravelerID `json:"arrived" minLength:"1" maxLength:"64" doc:"The candidate whose arrival it is"`
		Reason  string            `json:"reason" minLength:"1" maxLength:"2000"`
	}
}) (*struct{}, error) {
	purpose, err := parsePurpose(in.Purpose)
	if err != nil {
		return nil, s.refuse(ctx, authz.MergeFiles, err)
	}
	if err := s.App.ConfirmMatch(ctx, actor(ctx), purpose, in.Record, in.Body.Lead, in.Body.Arrived, in.Body.Reason); err != nil {
		return nil, s.refuse(ctx, authz.MergeFiles, err)
	}
	return nil, nil
}

func (s *server) undoMerge(ctx context.Context, in *struct {
	PurposeHeader
	RecordPath
	Body struct {
		Undoes linkage.RecordID `json:"undoes" minLength:"1" maxLength:"64" doc:"The merge, whoever made it"`
		Reason string           `json:"reason" minLength:"1" maxLength:"2000"`
	}
}) (*struct{}, error) {
	purpose, err := parsePurpose(in.Purpose)
	if err != nil {
		return nil, s.refuse(ctx, authz.UndoMerge, err)
	}
	if err := s.App.Undo(ctx, actor(ctx), purpose, in.Record, in.Body.Undoes, in.Body.Reason); err != nil {
		return nil, s.refuse(ctx, authz.UndoMerge, err)
	}
	return nil, nil
}

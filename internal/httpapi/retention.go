package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"limen/authz"
	"limen/errs"
	"limen/internal/app"
	"limen/retention"
	"limen/travel"
)

func (s *server) retentionRoutes(api huma.API) {
	huma.Register(api, route(authz.ReadPlan, http.MethodGet, "/v1/retention/plan",
		"See what would be erased until a day, and why: a dry run; no personal data", maxJSON), s.readPlan)
	huma.Register(api, route(authz.ListHolds, http.MethodGet, "/v1/holds",
		"List the holds, lifted ones included", maxJSON), s.listHolds)
	huma.Register(api, route(authz.PlaceHold, http.MethodPut, "/v1/holds/{hold}",
		"Suspend the erasure of what belongs to a traveler, passenger, voyage or encounter; never of an image that may be a citizen's", maxJSON), s.placeHold)
	huma.Register(api, route(authz.LiftHold, http.MethodDelete, "/v1/holds/{hold}",
		"End a hold now", maxJSON), s.liftHold)
}

// planBody is a retention.Plan with each period in words and in ISO 8601.
type planBody struct {
	Now     time.Time       `json:"now"`
	Until   time.Time       `json:"until"`
	Classes []planClassBody `json:"classes"`
}

type planClassBody struct {
	Class   retention.Class        `json:"class"`
	What    string                 `json:"what"`
	Period  string                 `json:"period" example:"P3Y1D"`
	Rule    string                 `json:"rule" example:"erase 3 years and 1 day after last record"`
	By      retention.Jurisdiction `json:"by"`
	Source  string                 `json:"source"`
	Note    string                 `json:"note,omitempty" doc:"[check] marks what is not known at first hand"`
	Items   int                    `json:"items"`
	Overdue int                    `json:"overdue" doc:"What should be gone already"`
	Late    int64                  `json:"late_seconds" doc:"By how much the oldest of it is late"`
	Day     int                    `json:"within_day"`
	Week    int                    `json:"within_week" doc:"Counts that of the day, too"`
	Window  int                    `json:"within_window" doc:"Counts that of the week, too"`
	Next    time.Time              `json:"next,omitzero"`
	Held    int                    `json:"held" doc:"What is due by the end of the plan and kept by holds"`
	Holds   []planHoldBody         `json:"holds"`
	Refused int                    `json:"holds_refused" doc:"What is under a hold that has no effect on this class"`
	Later   int                    `json:"later"`
	Warn    int                    `json:"announce" doc:"What is to be announced before it is erased"`
}

type planHoldBody struct {
	Hold    string `json:"hold"`
	Items   int    `json:"items"`
	PastDue int    `json:"past_due" doc:"Of them, what would be gone without the hold"`
}

// planDays is how far a plan looks if the caller does not say.
const planDays = 30

func (s *server) readPlan(ctx context.Context, in *struct {
	Until string `query:"until" format:"date" doc:"Last day of the plan, in UTC; 30 days from now if absent"`
}) (*struct{ Body planBody }, error) {
	until := s.App.Now().AddDate(0, 0, planDays)
	if in.Until != "" {
		day, err := travel.ParseDay(in.Until)
		if err != nil {
			return nil, s.refuse(ctx, authz.ReadPlan, errs.New(errs.Invalid, "day", "until is a day such as 2026-12-31"))
		}
		until = app.EndOfDay(day)
	}
	p, err := s.App.Plan(ctx, until)
	if err != nil {
		return nil, s.refuse(ctx, authz.ReadPlan, err)
	}
	out := planBody{Now: p.Now, Until: p.Until, Classes: []planClassBody{}}
	for _, c := range p.Classes {
		out.Classes = append(out.Classes, planClass(c))
	}
	return &struct{ Body planBody }{out}, nil
}

func planClass(c retention.ClassPlan) planClassBody {
	iso, _ := c.Rule.Period.MarshalText() // never fails
	b := planClassBody{Class: c.Rule.Class, What: c.Rule.What, Period: string(iso), By: c.Rule.By, Source: c.Rule.Source, Note: c.Rule.Note,
		Rule:  string(c.Rule.Action) + " " + c.Rule.Period.String() + " after " + string(c.Rule.Clock),
		Items: c.Items, Overdue: c.Overdue, Late: c.LateSeconds, Day: c.Day, Week: c.Week, Window: c.Window, Next: c.Next,
		Held: c.Held, Holds: []planHoldBody{}, Refused: c.HoldsRefused, Later: c.Later, Warn: c.Announce}
	for _, h := range c.Holds {
		b.Holds = append(b.Holds, planHoldBody{h.Hold.ID, h.Items, h.PastDue})
	}
	return b
}

// HoldBody is a hold as it stands.
type HoldBody struct {
	ID       string                `json:"id"`
	Kind     retention.SubjectKind `json:"kind"`
	Subject  string                `json:"subject"`
	Owner    string                `json:"owner"`
	Reason   string                `json:"reason"`
	State    string                `json:"state" enum:"active,lifted,over"`
	Placed   time.Time             `json:"placed"`
	Until    time.Time             `json:"until"`
	Lifted   time.Time             `json:"lifted,omitzero"`
	LiftedBy string                `json:"lifted_by,omitempty"`
}

func (s *server) holdBody(h retention.Hold) HoldBody {
	return HoldBody{h.ID, h.Subject.Kind, h.Subject.ID, h.Owner, h.Reason, app.HoldState(h, s.App.Now()), h.Placed, h.Until, h.Lifted, h.LiftedBy}
}

func (s *server) listHolds(ctx context.Context, _ *struct{}) (*struct{ Body []HoldBody }, error) {
	holds, err := s.App.Holds(ctx)
	if err != nil {
		return nil, s.refuse(ctx, authz.ListHolds, err)
	}
	out := &struct{ Body []HoldBody }{[]HoldBody{}}
	for _, h := range holds {
		out.Body = append(out.Body, s.holdBody(h))
	}
	return out, nil
}

// HoldPath names a hold.
type HoldPath struct {
	Hold string `path:"hold" maxLength:"64" doc:"Name of the hold: letters, digits, hyphens, dots, underscores" example:"docket-26-cv-101"`
}

// reachBody is a hold with what it keeps now, and what it cannot keep.
type reachBody struct {
	HoldBody
	Keeps int          `json:"keeps" doc:"How much of what is on record now it keeps"`
	Never []app.Unheld `json:"no_effect" doc:"The classes that no hold keeps, with how much of each is there"`
}

func (s *server) placeHold(ctx context.Context, in *struct {
	HoldPath
	Body struct {
		Kind    retention.SubjectKind `json:"kind" enum:"traveler,passenger,voyage,encounter"`
		Subject string                `json:"subject" minLength:"1" maxLength:"128" doc:"Id of what is held"`
		Owner   string                `json:"owner,omitempty" maxLength:"100" doc:"Who answers for the hold; the officer if absent"`
		Reason  string                `json:"reason" minLength:"1" maxLength:"500" doc:"Why; it is printed in plans: no personal data"`
		Until   travel.Day            `json:"until" doc:"Last day of the hold, in UTC"`
	}
}) (*struct{ Body reachBody }, error) {
	by := actor(ctx)
	h := retention.Hold{ID: in.Hold, Subject: retention.Subject{Kind: in.Body.Kind, ID: in.Body.Subject}, Owner: in.Body.Owner, Reason: in.Body.Reason}
	if h.Owner == "" {
		h.Owner = by.Name
	}
	if !in.Body.Until.IsZero() {
		h.Until = app.EndOfDay(in.Body.Until)
	}
	r, err := s.App.PlaceHold(ctx, by, h)
	if err != nil {
		return nil, s.refuse(ctx, authz.PlaceHold, err)
	}
	return &struct{ Body reachBody }{reachBody{s.holdBody(r.Hold), r.Keeps, r.Never}}, nil
}

func (s *server) liftHold(ctx context.Context, in *struct {
	PurposeHeader
	HoldPath
}) (*struct{ Body HoldBody }, error) {
	purpose, err := parsePurpose(in.Purpose)
	if err != nil {
		return nil, s.refuse(ctx, authz.LiftHold, err)
	}
	h, err := s.App.LiftHold(ctx, actor(ctx), in.Hold, purpose)
	if err != nil {
		return nil, s.refuse(ctx, authz.LiftHold, err)
	}
	return &struct{ Body HoldBody }{s.holdBody(h)}, nil
}

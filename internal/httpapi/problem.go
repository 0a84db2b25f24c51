package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"limen/authz"
	"limen/errs"
)

// Problem is every error this API answers with.
//
// Source: RFC 9457 (problem details for HTTP APIs).
type Problem struct {
	Type   string `json:"type" doc:"URN of the kind of problem" example:"urn:limen:problem:capture-id-reused"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty" doc:"What is wrong, where, and what the limit is; no personal data"`
	Code   string `json:"code" doc:"Stable slug for programs"`
	Action string `json:"action,omitempty" enum:"send-to-officer" doc:"What a capture point does now"`
	// Where names the parts of the request that were refused, never their
	// values.
	Where []Place `json:"where,omitempty"`

	header http.Header
}

// Place is one part of a request and what is wrong with it.
type Place struct {
	Location string `json:"location"`
	Message  string `json:"message"`
}

// Error implements error.
func (p *Problem) Error() string { return p.Code + ": " + p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders implements huma.HeadersError.
func (p *Problem) GetHeaders() http.Header { return p.header }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

var statusOf = map[errs.Kind]int{
	errs.Invalid:         http.StatusUnprocessableEntity,
	errs.TooLarge:        http.StatusRequestEntityTooLarge,
	errs.Unauthenticated: http.StatusUnauthorized,
	errs.Forbidden:       http.StatusForbidden,
	errs.NotFound:        http.StatusNotFound,
	errs.Conflict:        http.StatusConflict,
	errs.Unavailable:     http.StatusServiceUnavailable,
	errs.Broken:          http.StatusInternalServerError,
}

// refuse turns an error of an operation into what its caller may see, and logs
// the cause of one that is nobody's fault outside.
func (s *server) refuse(ctx context.Context, op authz.Operation, err error) error {
	if errs.KindOf(err) == errs.Broken {
		cause := fmt.Sprintf("%T", err) // of an error nobody classified the text may quote a value
		if errs.CodeOf(err) != "" {
			cause = err.Error()
		}
		s.App.Log.ErrorContext(ctx, "an operation failed", "request", requestOf(ctx), "operation", op, "error", cause)
	}
	return failClosed(problem(err), string(op))
}

// problem turns an error into what a caller may see of it. Of an error that
// nobody classified nothing is shown.
func problem(err error) *Problem {
	kind := errs.KindOf(err)
	p := &Problem{Status: statusOf[kind], Code: "internal", Detail: "limen could not do this; nothing was recorded", header: http.Header{}}
	var e *errs.Error
	if errors.As(err, &e) && kind != errs.Broken {
		p.Code, p.Detail = e.Code, e.Detail
		if kind == errs.Unavailable {
			p.header.Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(e.RetryAfter.Seconds())))))
		}
	}
	if kind == errs.Unauthenticated {
		p.header.Set("WWW-Authenticate", `Bearer realm="limen"`)
	}
	return p.complete()
}

// toOfficer is what a capture point does when it cannot go on: it fails
// closed, and that means an officer.
const toOfficer = "send-to-officer"

// failClosed says the same of errors that arise before a handler runs.
func failClosed(p *Problem, operation string) *Problem {
	switch authz.Operation(operation) {
	case authz.OpenEncounter, authz.SendCapture, authz.OptOut, authz.ReadStatus:
		p.Action = toOfficer
	}
	return p
}

// toOfficer says what a capture point does now.
func (p *Problem) toOfficer() *Problem {
	p.Action = toOfficer
	return p
}

// write sends a problem outside of huma: unknown routes, panics.
func (p *Problem) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // a caller that hung up cannot be told
}

func (p *Problem) complete() *Problem {
	p.Title = http.StatusText(p.Status)
	p.Type = "urn:limen:problem:" + p.Code
	return p
}

var codeOfStatus = map[int]string{
	http.StatusBadRequest:            "request-malformed",
	http.StatusRequestTimeout:        "body-too-slow",
	http.StatusRequestEntityTooLarge: "body-too-large",
	http.StatusUnsupportedMediaType:  "media-type",
	http.StatusUnprocessableEntity:   "request-invalid",
	http.StatusNotAcceptable:         "not-acceptable",
	http.StatusNotFound:              "route-unknown",
	http.StatusMethodNotAllowed:      "method",
	http.StatusInternalServerError:   "internal",
}

// newProblem replaces huma's own error model. It drops the refused values, and
// names of fields that it does not know, that huma would quote: they may be a
// person's.
func newProblem(status int, detail string, causes ...error) *Problem {
	p := &Problem{Status: status, Detail: detail, Code: codeOfStatus[status], header: http.Header{}}
	if p.Code == "" {
		p.Code = "http-" + strconv.Itoa(status)
	}
	for _, c := range causes {
		if d, ok := c.(huma.ErrorDetailer); ok {
			p.Where = append(p.Where, place(status, d.ErrorDetail()))
		}
	}
	return p.complete()
}

// place tells of a refusal only what limen itself has words for.
func place(status int, d *huma.ErrorDetail) Place {
	at := Place{d.Location, d.Message}
	switch {
	case status == http.StatusUnsupportedMediaType:
		at.Message = "unknown content type"
	case d.Message == validation.MsgUnexpectedProperty:
		// The location ends in the name that the caller made up.
		made := ""
		if object, ok := d.Value.(map[string]any); ok {
			for name := range object {
				if strings.HasSuffix(d.Location, "."+name) && len(name) >= len(made) {
					made = name
				}
			}
			at.Location = strings.TrimSuffix(d.Location, "."+made)
		} else {
			at.Location, _, _ = strings.Cut(d.Location, ".")
		}
	}
	return at
}

func init() {
	huma.DefaultArrayNullable = false // lists are empty, never null
	huma.NewError = func(status int, detail string, causes ...error) huma.StatusError {
		return newProblem(status, detail, causes...)
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, detail string, causes ...error) huma.StatusError {
		return failClosed(newProblem(status, detail, causes...), ctx.Operation().OperationID)
	}
}

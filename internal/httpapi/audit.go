package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"golang.org/x/mod/sumdb/tlog"

	"limen/audit"
	"limen/authz"
	"limen/internal/app"
	"limen/travel"
)

func (s *server) auditRoutes(api huma.API) {
	huma.Register(api, route(authz.ReadCheckpoint, http.MethodGet, "/v1/audit/checkpoint",
		"The latest signed checkpoint of the audit log, as a note", maxJSON, noteAnswer), s.readCheckpoint)
	huma.Register(api, route(authz.ListLeaves, http.MethodGet, "/v1/audit/leaves",
		"Leaves of the audit log, in order: commitments, no personal data", maxJSON), s.listLeaves)
	huma.Register(api, route(authz.ProveInclusion, http.MethodGet, "/v1/audit/proofs/inclusion",
		"The proof that a leaf is in the audit log", maxJSON), s.proveInclusion)
	huma.Register(api, route(authz.ProveConsistency, http.MethodGet, "/v1/audit/proofs/consistency",
		"The proof that the audit log only grew between two sizes", maxJSON), s.proveConsistency)
	huma.Register(api, route(authz.ReadReceipt, http.MethodGet, "/v1/crossings/{crossing}/receipt",
		"The receipt of a crossing: what is recorded, and the proof that it is in the audit log", maxJSON), s.readReceipt)
}

type noteBody struct {
	ContentType string `header:"Content-Type"`
	Body        []byte
}

// noteAnswer describes an answer that is a signed note.
func noteAnswer(o *huma.Operation) {
	o.Responses = map[string]*huma.Response{"200": {Description: "Origin, size, root and time of the log, then the signature (C2SP tlog-checkpoint)",
		Content: map[string]*huma.MediaType{"text/plain": {Schema: &huma.Schema{Type: huma.TypeString}}}}}
}

func (s *server) readCheckpoint(ctx context.Context, _ *struct{}) (*noteBody, error) {
	note, err := s.App.Checkpoint(ctx)
	if err != nil {
		return nil, s.refuse(ctx, authz.ReadCheckpoint, err)
	}
	return &noteBody{"text/plain; charset=utf-8", []byte(note)}, nil
}

type leavesBody struct {
	Size   int64    `json:"size" doc:"Leaves of the whole log"`
	Leaves []string `json:"leaves"`
}

func (s *server) listLeaves(ctx context.Context, in *struct {
	From int64 `query:"from" minimum:"0" doc:"Index of the first leaf"`
	N    int   `query:"n" minimum:"1" maximum:"1000" default:"100" doc:"How many at most"`
}) (*struct{ Body leavesBody }, error) {
	leaves, size, err := s.App.Leaves(ctx, in.From, min(in.N, app.MaxLeaves))
	if err != nil {
		return nil, s.refuse(ctx, authz.ListLeaves, err)
	}
	return &struct{ Body leavesBody }{leavesBody{size, nonNil(leaves)}}, nil
}

type inclusionBody struct {
	Index int64    `json:"index"`
	Size  int64    `json:"size"`
	Proof [][]byte `json:"proof" doc:"Hashes in base64, from the leaf's neighbor up (RFC 6962, section 2.1.1)"`
}

func (s *server) proveInclusion(ctx context.Context, in *struct {
	Index int64 `query:"index" required:"true" minimum:"0"`
	Size  int64 `query:"size" required:"true" minimum:"1" doc:"Leaves of the log, such as a checkpoint's"`
}) (*struct{ Body inclusionBody }, error) {
	proof, err := s.App.Inclusion(ctx, in.Index, in.Size)
	if err != nil {
		return nil, s.refuse(ctx, authz.ProveInclusion, err)
	}
	return &struct{ Body inclusionBody }{inclusionBody{in.Index, in.Size, hashes(proof)}}, nil
}

type consistencyBody struct {
	From  int64    `json:"from"`
	To    int64    `json:"to"`
	Proof [][]byte `json:"proof" doc:"Hashes in base64 (RFC 6962, section 2.1.2)"`
}

func (s *server) proveConsistency(ctx context.Context, in *struct {
	From int64 `query:"from" required:"true" minimum:"0" doc:"Leaves of the earlier log"`
	To   int64 `query:"to" required:"true" minimum:"0" doc:"Leaves of the later log"`
}) (*struct{ Body consistencyBody }, error) {
	p, err := s.App.Consistency(ctx, in.From, in.To)
	if err != nil {
		return nil, s.refuse(ctx, authz.ProveConsistency, err)
	}
	return &struct{ Body consistencyBody }{consistencyBody{p.From, p.To, hashes(p.Proof)}}, nil
}

// crossingReceiptBody is an audit.Receipt, member by member: audit.ParseReceipt reads
// what is sent.
type crossingReceiptBody struct {
	Leaf       string      `json:"leaf"`
	Index      int64       `json:"index"`
	Proof      [][]byte    `json:"proof"`
	Checkpoint string      `json:"checkpoint"`
	Opening    openingBody `json:"opening"`
}

type openingBody struct {
	Salt  []byte    `json:"salt"`
	Entry entryBody `json:"entry"`
}

type entryBody struct {
	At      string        `json:"at"`
	Actor   string        `json:"actor"`
	Action  string        `json:"action"`
	Subject string        `json:"subject"`
	Purpose audit.Purpose `json:"purpose"`
	Detail  string        `json:"detail,omitempty" doc:"JSON as text: its bytes are what the leaf commits to"`
}

func (s *server) readReceipt(ctx context.Context, in *struct {
	PurposeHeader
	Crossing travel.CrossingID `path:"crossing"`
}) (*struct{ Body crossingReceiptBody }, error) {
	purpose, err := parsePurpose(in.Purpose)
	if err != nil {
		return nil, s.refuse(ctx, authz.ReadReceipt, err)
	}
	r, err := s.App.Receipt(ctx, actor(ctx), purpose, in.Crossing)
	if err != nil {
		return nil, s.refuse(ctx, authz.ReadReceipt, err)
	}
	e := r.Opening.Entry
	return &struct{ Body crossingReceiptBody }{crossingReceiptBody{r.Leaf, r.Index, hashes(r.Proof), r.Checkpoint, openingBody{r.Opening.Salt[:],
		entryBody{e.At.UTC().Format("2006-01-02T15:04:05.000000Z"), e.Actor, e.Action, e.Subject, e.Purpose, string(e.Detail)}}}}, nil
}

func hashes(hs []tlog.Hash) [][]byte {
	out := make([][]byte, len(hs))
	for i, h := range hs {
		out[i] = h[:]
	}
	return out
}

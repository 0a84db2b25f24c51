package httpapi

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"limen/audit"
	"limen/authz"
)

// fetch returns the bytes of an answer.
func (s *site) fetch(role authz.Role, path string, headers ...string) (int, []byte, http.Header) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.url+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.keys[role])
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return resp.StatusCode, b, resp.Header
}

// get decodes an auditor's answer.
func (s *site) get(path string, into any) {
	s.t.Helper()
	status, b, _ := s.fetch(authz.Auditor, path)
	if err := json.Unmarshal(b, into); status != 200 || err != nil {
		s.t.Fatalf("%s: %d %s %v", path, status, b, err)
	}
}

func (s *site) verifiers() note.Verifiers {
	s.t.Helper()
	v, err := note.NewVerifier(s.app.VerifierKey())
	if err != nil {
		s.t.Fatal(err)
	}
	return note.VerifierList(v)
}

func (s *site) checkpoint() audit.Checkpoint {
	s.t.Helper()
	status, b, h := s.fetch(authz.Auditor, "/v1/audit/checkpoint")
	c, err := audit.OpenCheckpoint(b, s.verifiers())
	if status != 200 || err != nil || h.Get("Content-Type") != "text/plain; charset=utf-8" {
		s.t.Fatalf("checkpoint: %d %q %v %s", status, b, err, h)
	}
	return c
}

// cross lets a phantom leave and returns the crossing's id.
func (s *site) cross(i int) string {
	s.t.Helper()
	e := s.encounter(fmt.Sprintf("encounter-%d", i))
	status, r := s.capture(e, fmt.Sprintf("capture-%d", i), live(s.t, i))
	if status != 200 || r["pass"] != true {
		s.t.Fatalf("capture: %d %v", status, r)
	}
	return r["crossing"].(string)
}

// TestAnAuditorVerifiesTheLog rebuilds the tree from the leaves that the API
// shows, and checks every proof of it by the public key alone.
func TestAnAuditorVerifiesTheLog(t *testing.T) {
	s := newSite(t)
	s.fly(2)
	early := s.checkpoint()
	receipt := s.cross(0)
	if status, b, _ := s.fetch(authz.Officer, "/v1/crossings/"+receipt+"/receipt", "Limen-Purpose", "a question of the traveler"); status != 200 {
		t.Fatalf("receipt: %d %s", status, b)
	}
	late := s.checkpoint()
	if early.Size < 1 || late.Size <= early.Size {
		t.Fatalf("checkpoints of %d and %d leaves", early.Size, late.Size)
	}
	var tree audit.Tree
	var leaves []string
	for tree.Size() < late.Size {
		var page struct {
			Size   int64
			Leaves []string
		}
		s.get(fmt.Sprintf("/v1/audit/leaves?from=%d&n=%d", tree.Size(), min(2, late.Size-tree.Size())), &page)
		if page.Size < late.Size || len(page.Leaves) == 0 {
			t.Fatalf("%+v", page)
		}
		for _, l := range page.Leaves {
			if _, err := audit.ParseLeaf([]byte(l)); err != nil {
				t.Error(err)
			}
			tree.Append([]byte(l))
			leaves = append(leaves, l)
		}
	}
	if tree.Root() != late.Root {
		t.Error("the leaves are not those of the checkpoint")
	}
	for i, l := range leaves {
		var p struct{ Proof []tlog.Hash }
		s.get(fmt.Sprintf("/v1/audit/proofs/inclusion?index=%d&size=%d", i, late.Size), &p)
		if err := tlog.CheckRecord(p.Proof, late.Size, late.Root, int64(i), tlog.RecordHash([]byte(l))); err != nil {
			t.Errorf("leaf %d: %v", i, err)
		}
	}
	var p audit.ConsistencyProof
	s.get(fmt.Sprintf("/v1/audit/proofs/consistency?from=%d&to=%d", early.Size, late.Size), &p)
	if err := p.Verify(early, late); err != nil {
		t.Error(err)
	}
	early.Root[0]++
	if p.Verify(early, late) == nil {
		t.Error("another log passed")
	}
}

// TestReceipt: the receipt verifies by the public key alone and says what was
// recorded; who asked, and why, is in the log.
func TestReceipt(t *testing.T) {
	s := newSite(t)
	s.fly(1)
	id := s.cross(0)
	path := "/v1/crossings/" + id + "/receipt"
	status, b, _ := s.fetch(authz.Officer, path, "Limen-Purpose", "a <question> & more")
	r, err := audit.ParseReceipt(b)
	if status != 200 || err != nil {
		t.Fatalf("%d %s %v", status, b, err)
	}
	c, err := r.Verify(s.verifiers())
	if err != nil || c.Size <= r.Index || r.Opening == nil || r.Opening.Entry.Subject != id || r.Opening.Entry.Action != "crossing" ||
		!strings.Contains(string(r.Opening.Entry.Detail), `"port":"BGR"`) {
		t.Errorf("%+v, %v", r, err)
	}
	r.Opening.Entry.Actor = "somebody else"
	if _, err := r.Verify(s.verifiers()); err == nil {
		t.Error("another entry passed")
	}
	before := s.checkpoint().Size
	for _, c := range []struct {
		path, purpose, code string
		status              int
	}{
		{path, "", "purpose", 422},
		{"/v1/crossings/there-is-none/receipt", "test", "receipt-gone", 404},
	} {
		status, body := s.call(authz.Officer, http.MethodGet, c.path, nil, "Limen-Purpose", c.purpose)
		if status != c.status || c.purpose != "" && body["code"] != c.code {
			t.Errorf("%s %q: %d %v", c.path, c.purpose, status, body)
		}
	}
	if after := s.checkpoint().Size; after != before {
		t.Errorf("%d leaves before, %d after refusals", before, after)
	}
}

// TestAuditRanges: what is out of range is the caller's fault and no search.
func TestAuditRanges(t *testing.T) {
	s := newSite(t)
	size := s.checkpoint().Size
	for _, path := range []string{"inclusion?index=0&size=1000000", "inclusion?index=5&size=5", fmt.Sprintf("inclusion?index=%d&size=%d", size, size),
		"inclusion?index=-1&size=1", "inclusion?index=0", "inclusion?index=0&size=x", "inclusion?index=9223372036854775807&size=9223372036854775807",
		"consistency?from=3&to=2", "consistency?from=0&to=1000000", "consistency?from=-1&to=1", "consistency"} {
		if status, b, _ := s.fetch(authz.Auditor, "/v1/audit/proofs/"+path); status != 422 {
			t.Errorf("%s: %d %s", path, status, b)
		}
	}
	var page struct{ Leaves []string }
	s.get(fmt.Sprintf("/v1/audit/leaves?from=%d", size+1000), &page)
	if page.Leaves == nil || len(page.Leaves) != 0 {
		t.Errorf("past the end: %v", page)
	}
	for _, q := range []string{"n=0", "n=1001", "from=-1"} {
		if status, _, _ := s.fetch(authz.Auditor, "/v1/audit/leaves?"+q); status != 422 {
			t.Errorf("%s: %d", q, status)
		}
	}
}

package audit

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// MaxReceipt bounds the JSON of a receipt.
const MaxReceipt = 1 << 20

// Receipt proves that one leaf is in the log. With its opening, the holder sees
// what the leaf is about; without, only that something was logged then. JSON:
//
//	{"leaf":"limen.leaf.v1 …","index":7,"proof":["…"],"checkpoint":"…","opening":{"salt":"…","entry":{…}}}
type Receipt struct {
	Leaf       string      `json:"leaf"` // Leaf.Bytes
	Index      int64       `json:"index"`
	Proof      []tlog.Hash `json:"proof"`      // Inclusion, in the checkpoint's tree
	Checkpoint string      `json:"checkpoint"` // signed
	Opening    *Opening    `json:"opening,omitempty"`
}

// Opening is what a leaf commits to. It may name whom an entry is about by id:
// hand it only to who may see that.
type Opening struct {
	Salt  Salt  `json:"salt"`
	Entry Entry `json:"entry"`
}

// ParseReceipt reads the JSON of a receipt. Beside white space it takes
// nothing but what json.Marshal makes of one: no unknown or double names, no
// other spelling.
func ParseReceipt(b []byte) (Receipt, error) {
	var r Receipt
	if len(b) > MaxReceipt {
		return r, fmt.Errorf("a receipt has at most %d bytes", MaxReceipt)
	}
	var plain, want bytes.Buffer
	if err := json.Unmarshal(b, &r); err != nil {
		return Receipt{}, errors.New("not the JSON of a receipt")
	}
	if err := json.Compact(&plain, b); err != nil {
		return Receipt{}, errors.New("not the JSON of a receipt")
	}
	json.HTMLEscape(&want, plain.Bytes())
	if again, err := json.Marshal(r); err != nil || !bytes.Equal(again, want.Bytes()) {
		return Receipt{}, errors.New("not a receipt: it has other members, or a value is not in its one spelling")
	}
	return r, nil
}

// Verify returns the checkpoint whose log r's leaf is in, or an error that says
// what is wrong: the checkpoint's signature, the leaf, the proof, or an opening
// that is not the leaf's.
func (r Receipt) Verify(v note.Verifiers) (Checkpoint, error) {
	c, err := OpenCheckpoint([]byte(r.Checkpoint), v)
	if err != nil {
		return Checkpoint{}, err
	}
	leaf, err := ParseLeaf([]byte(r.Leaf))
	if err != nil {
		return Checkpoint{}, err
	}
	if r.Index < 0 || r.Index >= c.Size {
		return Checkpoint{}, fmt.Errorf("the checkpoint is of %d leaves: it says nothing of leaf %d", c.Size, r.Index)
	}
	if tlog.CheckRecord(r.Proof, c.Size, c.Root, r.Index, tlog.RecordHash([]byte(r.Leaf))) != nil {
		return Checkpoint{}, fmt.Errorf("the proof does not show that this is leaf %d of the log", r.Index)
	}
	if r.Opening != nil && !leaf.Opens(r.Opening.Salt, r.Opening.Entry) {
		return Checkpoint{}, errors.New("the entry is not what the leaf was made of")
	}
	return c, nil
}

// MarshalText returns s in base64.
func (s Salt) MarshalText() ([]byte, error) {
	return base64.StdEncoding.AppendEncode(nil, s[:]), nil
}

// UnmarshalText reads what MarshalText returns.
func (s *Salt) UnmarshalText(b []byte) error {
	raw, err := base64.StdEncoding.DecodeString(string(b))
	if err != nil || len(raw) != len(s) {
		return errors.New("not a salt")
	}
	copy(s[:], raw)
	return nil
}

// entryJSON is an entry as JSON. The detail is a text, not a JSON value, for
// its bytes count.
type entryJSON struct {
	At      string  `json:"at"`
	Actor   string  `json:"actor"`
	Action  string  `json:"action"`
	Subject string  `json:"subject"`
	Purpose Purpose `json:"purpose"`
	Detail  string  `json:"detail,omitempty"`
}

// MarshalJSON returns e with its time in microseconds and its detail as text.
func (e Entry) MarshalJSON() ([]byte, error) {
	return json.Marshal(entryJSON{e.At.UTC().Format(checkpointTime), e.Actor, e.Action, e.Subject, e.Purpose, string(e.Detail)})
}

// UnmarshalJSON reads what MarshalJSON returns.
func (e *Entry) UnmarshalJSON(b []byte) error {
	var j entryJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	at, err := time.Parse(checkpointTime, j.At)
	if err != nil {
		return errors.New("not the time of an entry")
	}
	*e = Entry{at, j.Actor, j.Action, j.Subject, j.Purpose, nil}
	if j.Detail != "" {
		e.Detail = []byte(j.Detail)
	}
	return nil
}

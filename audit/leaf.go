package audit

import (
	"bytes"
	"crypto/hmac"
	"encoding/base64"
	"errors"
	"time"
)

// MaxLeaf bounds the bytes of a leaf.
const MaxLeaf = 256

// Leaf is one record of the log. It says that something of a kind happened in
// a second, and commits to what without telling it.
type Leaf struct {
	Action     string
	At         time.Time // whole seconds, UTC
	Commitment [32]byte
}

const leafPrefix = "limen.leaf.v1 "

// Bytes returns the canonical bytes of l, which the tree hashes: one line of
// text without a newline,
//
//	limen.leaf.v1 ACTION YYYY-MM-DDTHH:MM:SSZ COMMITMENT
//
// where the commitment is base64 without padding.
func (l Leaf) Bytes() []byte {
	b := append(make([]byte, 0, 160), leafPrefix...)
	b = append(b, l.Action...)
	b = append(b, ' ')
	b = l.At.UTC().AppendFormat(b, time.RFC3339)
	b = append(b, ' ')
	return base64.RawStdEncoding.AppendEncode(b, l.Commitment[:])
}

var errLeaf = errors.New("not a leaf: want \"limen.leaf.v1 ACTION TIME COMMITMENT\", exactly")

// ParseLeaf reads what Bytes makes of a leaf whose entry passes Check, and
// refuses everything else.
func ParseLeaf(b []byte) (Leaf, error) {
	if len(b) > MaxLeaf {
		return Leaf{}, errLeaf
	}
	parts := bytes.Split(b, []byte(" "))
	if len(parts) != 4 || !validAction(string(parts[1])) || len(parts[3]) != 43 {
		return Leaf{}, errLeaf
	}
	at, err := time.Parse("2006-01-02T15:04:05Z", string(parts[2]))
	if err != nil || at.Year() < 1 {
		return Leaf{}, errLeaf
	}
	l := Leaf{Action: string(parts[1]), At: at}
	if n, err := base64.RawStdEncoding.Decode(l.Commitment[:], parts[3]); err != nil || n != len(l.Commitment) {
		return Leaf{}, errLeaf
	}
	if !bytes.Equal(l.Bytes(), b) {
		return Leaf{}, errLeaf
	}
	return l, nil
}

// Opens reports whether l is the leaf of e under s.
func (l Leaf) Opens(s Salt, e Entry) bool {
	want := e.Leaf(s)
	return hmac.Equal(l.Commitment[:], want.Commitment[:]) && l.Action == want.Action && l.At.Equal(want.At)
}

package audit

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"
	"unicode/utf8"
)

// Limits of an entry, in bytes.
const (
	MaxAction = 64
	MaxName   = 256      // of an actor or a subject
	MaxDetail = 64 << 10 // of a detail
)

// Entry is what is said of one event. It names things by limen's own ids and
// holds no names of people.
type Entry struct {
	At      time.Time // kept to the microsecond, in UTC
	Actor   string    // the key's id, or the name of a rule or worker
	Action  string    // such as "decision", "access", "erasure"
	Subject string    // the id of what it was done to
	Purpose Purpose
	Detail  []byte // JSON of what was recorded; nil for none
}

// Salt hides what a leaf commits to. It is drawn at random for each entry and
// erased with it.
type Salt [32]byte

// Check returns why e cannot be an entry, or nil: the action is 1 to MaxAction
// lower-case letters, digits, '-', '_' or '.'; the year is 1 to 9999; texts are
// UTF-8 and within their limits; a detail is JSON. Check an entry before it is
// logged: a leaf made of one that fails is a bad leaf for good.
func (e Entry) Check() error {
	year := e.At.UTC().Year()
	switch {
	case !validAction(e.Action):
		return fmt.Errorf("an action is 1 to %d lower-case letters, digits, '-', '_' or '.'", MaxAction)
	case year < 1 || year > 9999:
		return errors.New("an entry's year is 1 to 9999")
	case !validText(e.Actor, MaxName) || !validText(e.Subject, MaxName):
		return fmt.Errorf("actor and subject are UTF-8 of at most %d bytes", MaxName)
	case !validText(string(e.Purpose), MaxPurpose):
		return fmt.Errorf("a purpose is UTF-8 of at most %d bytes", MaxPurpose)
	case len(e.Detail) > MaxDetail:
		return fmt.Errorf("a detail is at most %d bytes", MaxDetail)
	case len(e.Detail) > 0 && (!utf8.Valid(e.Detail) || !json.Valid(e.Detail)):
		return errors.New("a detail is JSON")
	}
	return nil
}

func validText(s string, limit int) bool { return len(s) <= limit && utf8.ValidString(s) }

func validAction(s string) bool {
	if s == "" || len(s) > MaxAction {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return true
}

const entryPrefix = "limen.entry.v1\n"

// Canonical returns the bytes that a leaf commits to: a version line, the time
// in microseconds since 1970 (8 bytes, big-endian), then actor, action,
// subject, purpose and detail, each after its length (4 bytes, big-endian).
// Different entries have different bytes; a time is cut to its microsecond,
// and an empty detail is no detail.
func (e Entry) Canonical() []byte {
	fields := [...]string{e.Actor, e.Action, e.Subject, string(e.Purpose), string(e.Detail)}
	n := len(entryPrefix) + 8
	for _, f := range fields {
		n += 4 + len(f)
	}
	b := append(make([]byte, 0, n), entryPrefix...)
	b = binary.BigEndian.AppendUint64(b, uint64(e.At.UnixMicro()))
	for _, f := range fields {
		b = binary.BigEndian.AppendUint32(b, uint32(len(f)))
		b = append(b, f...)
	}
	return b
}

// Leaf returns what enters the log of e: its action, its time cut to the
// second, and HMAC-SHA256 of its canonical bytes under s.
func (e Entry) Leaf(s Salt) Leaf {
	mac := hmac.New(sha256.New, s[:])
	mac.Write(e.Canonical())
	l := Leaf{Action: e.Action, At: e.At.UTC().Truncate(time.Second)}
	mac.Sum(l.Commitment[:0])
	return l
}

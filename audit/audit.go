// Package audit says what is kept of every access to a person's data, every
// decision and every erasure: who, for which purpose, what. Entries name
// things by limen's own ids and hold no personal data, so that erasing a
// person never breaks the log.
package audit

import (
	"strings"
	"time"

	"limen/errs"
)

// Purpose is the stated reason of an access to personal data. Its zero value
// is refused.
type Purpose string

// MaxPurpose bounds a purpose, in bytes.
const MaxPurpose = 200

// ParsePurpose returns the purpose stated as s, without space around it, or an
// Invalid error (code "purpose") if it is empty or over MaxPurpose.
func ParsePurpose(s string) (Purpose, error) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > MaxPurpose {
		return "", errs.New(errs.Invalid, "purpose", "an access to personal data states its purpose in 1 to %d bytes", MaxPurpose)
	}
	return Purpose(s), nil
}

// Entry is one line of the log.
type Entry struct {
	At      time.Time
	Actor   string // the key's id, or the name of a rule or worker
	Action  string // such as "decision", "access", "erasure"
	Subject string // the id of what it was done to
	Purpose Purpose
}

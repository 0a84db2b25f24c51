// Package errs names the few kinds of error that cross every boundary of
// limen, and the behavior each kind asks for.
//
// There are three behaviors and no more: refuse (the caller's fault: say what
// is wrong and where), push back (overload or a part that is away: say when to
// retry), stop (the state is unknown: exit and let start-up recovery repair).
//
// No error may carry personal data: no name, document number, birth date,
// image or template. Ids that limen made itself, segment numbers, byte
// offsets, sizes and limits are fine.
package errs

import (
	"errors"
	"fmt"
	"time"
)

// Kind classifies an error by what the caller should do about it.
// The zero value is Unspecified and is treated as Broken.
type Kind int

const (
	// Unspecified is an error nobody has classified; it counts as Broken.
	Unspecified Kind = iota
	// Invalid is input that can never be accepted as it is.
	Invalid
	// TooLarge is input over a stated limit.
	TooLarge
	// Unauthenticated is a missing, unknown or revoked key.
	Unauthenticated
	// Forbidden is a known caller outside its permission or scope.
	Forbidden
	// NotFound is a reference to something that is not there.
	NotFound
	// Conflict is input that contradicts what is already recorded.
	Conflict
	// Unavailable asks the caller to come back after RetryAfter.
	Unavailable
	// Broken means the state is unknown and the process should not go on
	// pretending; the caller is told nothing but that.
	Broken
)

var kindNames = [...]string{"unspecified", "invalid", "too large", "unauthenticated", "forbidden", "not found", "conflict", "unavailable", "broken"}

// String returns the kind in words.
func (k Kind) String() string {
	if k < 0 || int(k) >= len(kindNames) {
		return fmt.Sprintf("kind %d", int(k))
	}
	return kindNames[k]
}

// Error is an error of a known kind.
type Error struct {
	Kind Kind
	// Code is a stable slug that programs may compare, such as
	// "image-truncated". It never changes its meaning.
	Code string
	// Detail is one sentence for a person: what is wrong, where, and what the
	// limit is. No personal data.
	Detail string
	// RetryAfter is set for Unavailable.
	RetryAfter time.Duration
	// Err is the cause, for errors.Is and errors.As.
	Err error
}

// Error returns code and detail; the detail has the cause in it where New was
// given one with %w.
func (e *Error) Error() string { return e.Code + ": " + e.Detail }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// New returns an error of a kind with a stable code and a formatted detail.
// A %w verb in format sets the cause.
func New(kind Kind, code, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Kind: kind, Code: code, Detail: err.Error(), Err: errors.Unwrap(err)}
}

// Retry returns an Unavailable error that asks to come back after d.
func Retry(d time.Duration, code, format string, args ...any) *Error {
	e := New(Unavailable, code, format, args...)
	e.RetryAfter = d
	return e
}

// KindOf returns the kind of the first *Error in err's chain, Broken for any
// other non-nil error, and Unspecified for nil.
func KindOf(err error) Kind {
	if err == nil {
		return Unspecified
	}
	var e *Error
	if errors.As(err, &e) && e.Kind != Unspecified {
		return e.Kind
	}
	return Broken
}

// CodeOf returns the code of the first *Error in err's chain, or "".
func CodeOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

package errs_test

import (
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"limen/errs"
)

func TestKindOf(t *testing.T) {
	invalid := errs.New(errs.Invalid, "image-format", "neither JPEG nor PNG")
	for _, c := range []struct {
		name string
		err  error
		kind errs.Kind
		code string
	}{
		{"no error is no kind", nil, errs.Unspecified, ""},
		{"a kind of our own", invalid, errs.Invalid, "image-format"},
		{"wrapped", fmt.Errorf("gate: %w", invalid), errs.Invalid, "image-format"},
		{"joined with one that nobody classified", errors.Join(io.EOF, invalid), errs.Invalid, "image-format"},
		{"the outer of two counts", errs.New(errs.Conflict, "outer", "again: %w", invalid), errs.Conflict, "outer"},
		{"nobody classified it", io.ErrUnexpectedEOF, errs.Broken, ""},
		{"the zero kind counts as broken", &errs.Error{Code: "x"}, errs.Broken, "x"},
	} {
		if got := errs.KindOf(c.err); got != c.kind {
			t.Errorf("%s: kind %v, want %v", c.name, got, c.kind)
		}
		if got := errs.CodeOf(c.err); got != c.code {
			t.Errorf("%s: code %q, want %q", c.name, got, c.code)
		}
	}
}

func TestNewKeepsItsCause(t *testing.T) {
	e := errs.New(errs.Broken, "store", "the store failed: %w", io.EOF)
	if !errors.Is(e, io.EOF) {
		t.Error("the cause is lost")
	}
	if got := e.Error(); got != "store: the store failed: EOF" {
		t.Errorf("error text %q", got)
	}
	if errors.Unwrap(errs.New(errs.Invalid, "id", "an id has %d letters", 8)) != nil {
		t.Error("a cause out of nothing")
	}
	r := errs.Retry(3*time.Second, "store-busy", "come back")
	if r.Kind != errs.Unavailable || r.RetryAfter != 3*time.Second {
		t.Errorf("a push back: %+v", r)
	}
}

func TestKindHasAName(t *testing.T) {
	seen := map[string]bool{}
	for k := errs.Unspecified; k <= errs.Broken; k++ {
		if s := k.String(); s == "" || seen[s] || s == fmt.Sprintf("kind %d", int(k)) {
			t.Errorf("kind %d is called %q", int(k), s)
		} else {
			seen[s] = true
		}
	}
	for _, k := range []errs.Kind{-1, errs.Broken + 1} {
		if got, want := k.String(), fmt.Sprintf("kind %d", int(k)); got != want {
			t.Errorf("a kind that does not exist is called %q, want %q", got, want)
		}
	}
}

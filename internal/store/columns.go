package store

import (
	"encoding/json"
	"errors"
	"time"

	"limen/travel"
)

// micros is the form of an instant in the store; 0 is no instant.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func instant(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// dayColumn scans a day from its text.
type dayColumn struct{ day *travel.Day }

func (d dayColumn) Scan(v any) error {
	s, ok := v.(string)
	if !ok {
		return errors.New("a day is stored as text")
	}
	return d.day.UnmarshalText([]byte(s))
}

// timeColumn scans an instant from microseconds.
type timeColumn struct{ at *time.Time }

func (c timeColumn) Scan(v any) error {
	us, ok := v.(int64)
	if !ok {
		return errors.New("an instant is stored as an integer")
	}
	*c.at = instant(us)
	return nil
}

// jsonColumn scans and writes a value kept as JSON text.
type jsonColumn struct{ v any }

func (c jsonColumn) Scan(v any) error {
	switch s := v.(type) {
	case string:
		return json.Unmarshal([]byte(s), c.v)
	case []byte:
		return json.Unmarshal(s, c.v)
	}
	return errors.New("JSON is stored as text")
}

func toJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("store: a record cannot be written as JSON: " + err.Error()) // a programming error: our own types
	}
	return string(b)
}

// nonNil returns b, or no bytes: a column is never NULL.
func nonNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

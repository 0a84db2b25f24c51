package manifest

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"

	"limen/travel"
)

// ParseJSON reads the JSON form: an object with "messages", or one message by
// itself. The fields are those that a Message is written with; "diagnostics"
// is accepted and left out, so that what limen prints can be read again. Days
// are written 2006-01-02 and local times 2006-01-02T15:04.
//
// A field that limen does not know is refused with an Error diagnostic that
// says where it stands: a misspelled field would be a lost fact. Values are
// checked as those of an EDIFACT message are. Input that is no JSON, or ends
// too early, gives a Fatal diagnostic, and what was read before is kept.
//
// Errors: those of r, unchanged; errs.TooLarge where the input passes a limit
// of this package.
func ParseJSON(r io.Reader) (Parsed, error) {
	src := &keepError{src: r}
	b := bufio.NewReader(src)
	j := jsonReader{}
	if mark, err := b.Peek(3); err == nil && string(mark) == "\xef\xbb\xbf" {
		b.Discard(3)
		j.skipped = 3
	}
	j.dec = json.NewDecoder(b)
	j.dec.UseNumber()
	j.rep = &j.outside
	j.out.Messages = []Message{}
	err := j.top()
	if src.err != nil {
		err = src.err
	}
	return j.end(err)
}

// keepError remembers the error of a source, which the decoder may rewrite.
type keepError struct {
	src io.Reader
	err error
}

func (k *keepError) Read(b []byte) (int, error) {
	n, err := k.src.Read(b)
	if err != nil && err != io.EOF {
		k.err = err
	}
	return n, err
}

// errForm is input that cannot be followed further as JSON.
var errForm = errors.New("not JSON")

type jsonReader struct {
	dec        *json.Decoder
	skipped    int64
	out        Parsed
	outside    reporter
	rep        *reporter // of the message being read, or of what lies outside
	msg        *Message
	births     []place // where each passenger begins
	passengers int     // of all messages
	path       []string
}

// top reads the outermost object.
func (j *jsonReader) top() error {
	err := j.object(func(name string) (bool, error) {
		switch name {
		case "messages":
			if j.msg != nil { // a message beside a list of them
				j.close()
			}
			return true, j.array(func() error {
				if err := j.open(); err != nil {
					return err
				}
				err := j.object(j.messageField)
				if err == nil {
					j.close()
				}
				return err
			})
		case "diagnostics":
			return true, j.skip()
		}
		if j.msg == nil && oneOf(name, messageFields) {
			if err := j.open(); err != nil {
				return false, err
			}
		}
		return j.messageField(name)
	})
	if err != nil {
		return err
	}
	if j.msg != nil {
		j.close()
	}
	if _, err := j.dec.Token(); err != io.EOF {
		j.here()
		j.rep.add(Error, CodeUnreadable, "Something follows the end of the manifest; it was left out.")
	}
	return nil
}

func (j *jsonReader) open() error {
	if len(j.out.Messages) >= MaxMessages {
		return tooMany("messages-too-many", MaxMessages, "messages")
	}
	j.rep = &reporter{}
	j.here()
	j.births = j.births[:0]
	j.msg = &Message{Legs: []travel.Leg{}, Passengers: []Passenger{}}
	return nil
}

// close checks what can be told only with the whole message read, and keeps it.
func (j *jsonReader) close() {
	m, at := j.msg, j.rep.place
	at.passenger = 0
	j.rep.place = at
	if m.Function == "" {
		m.Function = Original
		j.rep.add(Warning, CodeFunction, "The message states no function: it was taken for an original list.")
	}
	if m.Reference == "" {
		j.rep.add(Error, CodeValueMissing, "The message has no reference.")
	}
	places := make([]place, len(m.Legs))
	for i := range places {
		places[i] = at
	}
	j.rep.checkLegs(m.Legs, places)
	for i := range m.Passengers {
		j.checkPassenger(&m.Passengers[i], j.births[i])
	}
	m.Diagnostics = j.rep.finish()
	j.out.Messages = append(j.out.Messages, *m)
	j.msg, j.rep = nil, &j.outside
}

func (j *jsonReader) checkPassenger(p *Passenger, at place) {
	if p.Surname == "" {
		j.rep.addAt(at, Error, CodeNameMissing, "The passenger has no surname.")
	}
	if len(j.msg.Legs) == 0 || p.BirthDate.IsZero() {
		return
	}
	if base := j.msg.Legs[0].Departure.Day; !base.IsZero() && p.BirthDate.After(base) {
		j.rep.addAt(at, Error, CodeDate, "The birth is after the departure.")
		p.BirthDate = travel.Day{}
	}
}

// end turns the error that stopped the reading into what the caller gets.
func (j *jsonReader) end(err error) (Parsed, error) {
	syntax := errors.Is(err, errForm)
	if err != nil {
		j.here()
		code, why := CodeCut, "The input ends, or reading stopped, before the manifest does; passengers may be missing."
		if syntax {
			code, why = CodeUnreadable, "The input cannot be read as JSON from here on; passengers may be missing."
		}
		j.rep.add(Fatal, code, "%s", why)
		if j.msg != nil {
			j.close()
		}
	}
	if len(j.out.Messages) == 0 && err == nil {
		j.outside.add(Fatal, CodeNothingRead, "The input holds no passenger list message.")
	}
	j.out.Diagnostics = j.outside.finish()
	if syntax || err == io.ErrUnexpectedEOF {
		err = nil
	}
	return j.out, err
}

package crash

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"limen/manifest"
	"limen/travel"
)

// Travelers of a party, by the remainder of their number: how they cross.
const (
	citizen   = iota // found by face; images and keys go at once
	alien            // found by face
	declining        // opts out; an officer looks
	unseen           // three captures too dark; an officer looks
	ways
)

// party is a group that arrives on one voyage and leaves on another.
type party struct {
	site    *site
	number  int
	size    int
	carrier *client
	officer *client
	gates   []*client
}

// newParty makes a group of travelers nobody has seen before, who use these
// gates.
func (s *site) newParty(size int, at ...int) *party {
	p := &party{site: s, number: int(s.parties.Add(1)), size: size, carrier: s.client("carrier"), officer: s.client("officer")}
	for _, i := range at {
		p.gates = append(p.gates, s.client(gate(i)))
	}
	return p
}

func gate(i int) string              { return fmt.Sprintf("GATE-%d", i) }
func gatePoint(i int) travel.PointID { return travel.PointID(gate(i)) }

// travel takes the party in and out again.
func (p *party) travel(ctx context.Context) error {
	for _, d := range []travel.Direction{travel.Entry, travel.Exit} {
		ids, voyage, err := p.board(ctx, d)
		if err != nil {
			return err
		}
		if err := p.cross(ctx, d, voyage, ids); err != nil {
			return err
		}
	}
	return nil
}

// board sends the manifest of a voyage and the portraits of those who are to be
// found by face.
func (p *party) board(ctx context.Context, d travel.Direction) (ids []travel.PassengerID, v travel.VoyageID, err error) {
	var b bytes.Buffer
	if err := manifest.WritePAXLST(&b, p.message(d)); err != nil {
		return nil, "", err
	}
	err = p.carrier.do(ctx, request{method: "POST", path: "/v1/manifests", kind: "application/edifact", body: b.Bytes()}, func(a answer) {
		for _, m := range a.Messages {
			v = travel.VoyageID(m.Voyage)
			for _, passenger := range m.Passengers {
				ids = append(ids, travel.PassengerID(passenger.ID))
			}
		}
	})
	if err == nil && len(ids) != p.size {
		err = fmt.Errorf("a manifest of %d passengers has %d", p.size, len(ids))
	}
	for n := range ids {
		if n%ways == citizen || n%ways == alien {
			portrait := request{method: "POST", path: "/v1/passengers/" + string(ids[n]) + "/references?source=document-portrait", kind: "image/jpeg", body: p.image("face", n)}
			if err == nil {
				err = p.carrier.do(ctx, portrait, func(answer) {})
			}
		}
	}
	return ids, v, err
}

// message is the manifest of the party's voyage: tomorrow, so that no midnight
// ends it.
func (p *party) message(d travel.Direction) manifest.Message {
	day := travel.DayOf(time.Now().UTC()).AddDays(1)
	l := travel.Leg{Carrier: "ZZ", Number: fmt.Sprint(p.number), From: "BGR", To: "KEF",
		Departure: travel.LocalTime{Day: day, Minute: 12 * 60}, Arrival: travel.LocalTime{Day: day, Minute: 18 * 60}}
	if d == travel.Entry {
		l.From, l.To = l.To, l.From
	}
	m := manifest.Message{Sender: "ZZ", Reference: fmt.Sprintf("%s%d", d, p.number), Function: manifest.Original, Legs: []travel.Leg{l}}
	for n := range p.size {
		nationality := travel.Country("GBR")
		if n%ways == citizen {
			nationality = "USA"
		}
		m.Passengers = append(m.Passengers, manifest.Passenger{
			Person: travel.Person{Surname: "TRAVELER", GivenNames: "T", BirthDate: travel.Day{Year: 1980, Month: 1, Date: 1}, Sex: travel.Female, Nationality: nationality},
			Embark: l.From, Debark: l.To,
			Documents: []travel.Document{{Type: travel.Passport, Number: fmt.Sprintf("P%05d%03d", p.number, n), Issuer: nationality, Expiry: travel.Day{Year: 2040, Month: 1, Date: 1}}},
		})
	}
	return m
}

// image is a picture of the party's nth traveler.
func (p *party) image(kind string, n int) []byte {
	return fmt.Appendf(nil, "%s %d", kind, p.number*1000+n)
}

// cross takes every passenger through one of the party's gates.
func (p *party) cross(ctx context.Context, d travel.Direction, v travel.VoyageID, ids []travel.PassengerID) error {
	var next atomic.Int64
	errs := make([]error, len(p.gates))
	var wg sync.WaitGroup
	for i, g := range p.gates {
		wg.Go(func() {
			for errs[i] == nil {
				n := int(next.Add(1)) - 1
				if n >= len(ids) {
					return
				}
				it := &deed{passenger: ids[n], voyage: v, direction: d, alien: n%ways != citizen}
				errs[i] = p.pass(ctx, g, n, it)
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// pass takes one passenger through a gate and, where it needs one, past the
// officer. Of those who get no answer some begin anew, as at another gate.
func (p *party) pass(ctx context.Context, g *client, n int, it *deed) error {
	err := errLeft
	for errors.Is(err, errLeft) {
		e := travel.EncounterID(uuid.NewString())
		open, _ := json.Marshal(map[string]any{"voyage": it.voyage})
		if err := g.do(ctx, request{method: "PUT", path: "/v1/encounters/" + string(e), kind: "application/json", body: open}, func(answer) {}); err != nil {
			return err
		}
		switch n % ways {
		case citizen, alien:
			err = p.look(ctx, g, n, it, e)
		case declining:
			err = p.decline(ctx, g, it, e)
		case unseen:
			err = p.hide(ctx, g, n, it, e)
		}
	}
	return err
}

// look sends a good capture, which records an exit by rule.
func (p *party) look(ctx context.Context, g *client, n int, it *deed, e travel.EncounterID) error {
	c := travel.CaptureID(e) + "-1"
	p.site.ledger.try(it, e, c)
	r := request{method: "PUT", path: fmt.Sprintf("/v1/encounters/%s/captures/%s", e, c), kind: "image/jpeg", body: p.image("face", n)}
	if it.direction == travel.Exit {
		r.deed, r.leave = it, it.alien && n/ways%2 == 0 // a citizen is in no gallery any more
	}
	var told answer
	err := g.do(ctx, r, func(a answer) {
		switch told = a; {
		case r.deed == nil:
		case a.Action == "confirmed":
			p.site.ledger.acknowledge(it, travel.CrossingID(a.Crossing), "")
		case len(it.tries) > 1 && slices.Contains(a.Reasons, "already-crossed"):
			p.site.ledger.acknowledgeEarlier(it)
		default:
			told.Code = "unexpected"
		}
	})
	switch {
	case err != nil:
		return err
	case told.Code != "" || r.deed == nil && told.Action != "confirmed":
		return fmt.Errorf("a traveler whose face is known is told %q %v", told.Action, told.Reasons)
	case r.deed != nil:
		return nil
	}
	return p.decide(ctx, it, e)
}

// decline opts out.
func (p *party) decline(ctx context.Context, g *client, it *deed, e travel.EncounterID) error {
	p.site.ledger.try(it, e, "")
	if err := g.do(ctx, request{method: "POST", path: fmt.Sprintf("/v1/encounters/%s/opt-out", e)}, func(answer) {}); err != nil {
		return err
	}
	return p.decide(ctx, it, e)
}

// hide sends captures too dark to use until an officer takes over.
func (p *party) hide(ctx context.Context, g *client, n int, it *deed, e travel.EncounterID) error {
	p.site.ledger.try(it, e, "")
	for k := range 3 {
		r := request{method: "PUT", path: fmt.Sprintf("/v1/encounters/%s/captures/%s-%d", e, e, k), kind: "image/jpeg", body: p.image("dark", n)}
		if err := g.do(ctx, r, func(answer) {}); err != nil {
			return err
		}
	}
	return p.decide(ctx, it, e)
}

// decide sends the officer's decision.
func (p *party) decide(ctx context.Context, it *deed, e travel.EncounterID) error {
	b := map[string]any{"outcome": "departed", "passenger": it.passenger, "reason": "compared person and passport"}
	if it.direction == travel.Entry {
		b["outcome"] = "entered"
		if it.alien {
			b["outcome"] = "admitted"
			b["admission"] = map[string]any{"class": "B-2", "admit_until": travel.DayOf(time.Now().UTC()).AddDays(90)}
		}
	}
	body, _ := json.Marshal(b)
	r := request{method: "PUT", path: fmt.Sprintf("/v1/encounters/%s/decision", e), kind: "application/json", body: body, deed: it}
	return p.officer.do(ctx, r, func(a answer) {
		p.site.ledger.acknowledge(it, travel.CrossingID(a.Crossing), travel.DecisionID(a.Decision))
	})
}

package app

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"io"

	"limen/audit"
	"limen/internal/store"
	"limen/manifest"
	"limen/travel"
)

// Status says what became of a manifest message.
type Status string

// The statuses.
const (
	Accepted   Status = "accepted"
	WithErrors Status = "accepted-with-errors" // something of it was lost; see the diagnostics
	Repeated   Status = "repeated"             // merged before; nothing changed
	Rejected   Status = "rejected"             // nothing of it was taken; see Why
)

// Receipt answers a manifest.
type Receipt struct {
	Messages    []MessageReceipt
	Diagnostics []manifest.Diagnostic // outside every message
}

// MessageReceipt answers one message.
type MessageReceipt struct {
	Reference   string
	Voyage      travel.VoyageID
	Status      Status
	Why         string
	Added       int
	Changed     int
	Removed     int
	Passengers  []store.Passenger // as the voyage now has them, in its last receipt
	Diagnostics []manifest.Diagnostic
}

// TakeManifest merges what a carrier sent: EDIFACT or JSON, several messages
// or one. A message that cannot be taken is rejected in its receipt and costs
// the others nothing; an error is returned only if the input could not be read,
// and then nothing is taken, or if the store failed, and then the messages
// before it are.
func (a *App) TakeManifest(ctx context.Context, by Actor, body io.Reader) (Receipt, error) {
	parsed, err := manifest.Parse(body)
	if err != nil {
		return Receipt{}, err
	}
	out := Receipt{Diagnostics: parsed.Diagnostics}
	for _, m := range parsed.Messages {
		r, err := a.takeMessage(ctx, by, m)
		if err != nil {
			return out, err
		}
		a.Metrics.Manifests.WithLabelValues(string(r.Status)).Inc()
		out.Messages = append(out.Messages, r)
	}
	a.Changed.Publish()
	return out, a.listings(ctx, out.Messages)
}

// listings adds the passengers as a voyage now has them to the last receipt of
// each voyage: once, for a thousand messages may be about one.
func (a *App) listings(ctx context.Context, rs []MessageReceipt) error {
	listed := map[travel.VoyageID]bool{}
	return a.store.Read(ctx, func(tx *store.Tx) (err error) {
		for i := len(rs) - 1; i >= 0; i-- {
			if r := &rs[i]; r.Voyage != "" && !listed[r.Voyage] && r.Status != Rejected {
				listed[r.Voyage] = true
				if r.Passengers, err = tx.Passengers(r.Voyage); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (a *App) takeMessage(ctx context.Context, by Actor, m manifest.Message) (MessageReceipt, error) {
	r := MessageReceipt{Reference: m.Reference, Diagnostics: m.Diagnostics}
	v, why := a.voyageOf(m)
	if why == "" && by.may(v) != nil {
		why = "this key is for another carrier than the message's"
	}
	if why != "" {
		r.Status, r.Why = Rejected, why
		return r, nil
	}
	r.Voyage = v.ID
	if err := a.mergeLocked(ctx, by, v, m, &r); err != nil {
		return r, err
	}
	if m.Function == manifest.CloseOut && r.Status != Rejected {
		return r, a.CloseVoyage(ctx, by, v.ID)
	}
	return r, nil
}

// mergeLocked merges a message, and brings the gallery in memory in line.
func (a *App) mergeLocked(ctx context.Context, by Actor, v *store.Voyage, m manifest.Message, r *MessageReceipt) error {
	unlock, err := a.voyages.lock(ctx, string(v.ID))
	if err != nil {
		return err
	}
	defer unlock()
	var eff effect
	err = a.store.Write(ctx, func(tx *store.Tx) (err error) {
		eff, err = a.merge(tx, by, v, m, r)
		return err
	})
	if err != nil {
		return err
	}
	for _, p := range eff.gone {
		a.forget(v.ID, p.ID)
	}
	if eff.moved {
		a.dropGallery(v.ID) // it is built again with its new end
	}
	a.erased(ctx)
	return nil
}

// effect is what a merge means for the gallery in memory.
type effect struct {
	gone  []store.Passenger
	moved bool // the voyage ends at another time
}

// merge applies one message to the record of its voyage within tx.
func (a *App) merge(tx *store.Tx, by Actor, v *store.Voyage, m manifest.Message, r *MessageReceipt) (eff effect, err error) {
	known, err := tx.Voyage(v.ID)
	if err != nil {
		return eff, err
	}
	digest, reference := messageDigest(m), m.ID().Interchange+"/"+m.Reference
	if stop, err := a.seen(tx, v, known, m.Sender, reference, digest, r); stop || err != nil {
		return eff, err
	}
	if known != nil && m.Function != manifest.Update {
		*v = *known // only an update changes times
	}
	eff.moved = known != nil && (!known.Ends.Equal(v.Ends) || known.Day != v.Day)
	if err := tx.PutVoyage(*v); err != nil {
		return eff, err
	}
	if eff.moved {
		if err := a.move(tx, v); err != nil {
			return eff, err
		}
	}
	if m.Reference != "" { // one without cannot be told from its repetition
		if err := tx.InsertManifest(m.Sender, reference, v.ID, digest, a.Now()); err != nil {
			return eff, err
		}
	}
	if eff.gone, err = a.mergePassengers(tx, v, m, r); err != nil {
		return eff, err
	}
	r.Status = Accepted
	for _, d := range m.Diagnostics {
		if d.Severity != manifest.Warning {
			r.Status = WithErrors
		}
	}
	return eff, tx.Audit(audit.Entry{At: a.Now(), Actor: by.Key, Action: "manifest", Subject: string(v.ID), Purpose: "advance passenger information"})
}

// seen answers a message that changes nothing: one merged before, or for a
// voyage that is closed, or that is another carrier's: ids join a carrier's code
// and a number, so ZZ 101 and Z Z101 have the same.
func (a *App) seen(tx *store.Tx, v, known *store.Voyage, sender, reference string, digest []byte, r *MessageReceipt) (stop bool, err error) {
	before, err := tx.ManifestDigest(sender, reference, v.ID)
	switch {
	case err != nil:
		return true, err
	case known != nil && known.Carrier != v.Carrier:
		r.Status, r.Why = Rejected, "another carrier's voyage has this carrier code and number when written together"
		return true, nil
	case before != nil && string(before) != string(digest):
		r.Status, r.Why = Rejected, "a message with this reference was merged before and said something else"
		return true, nil
	case before != nil:
		r.Status = Repeated
		return true, nil
	case known != nil && !known.Closed.IsZero():
		r.Status, r.Why = Rejected, "the voyage was closed out"
		return true, nil
	}
	return false, nil
}

// move gives a voyage's references the voyage's new end, and its passengers
// the scope of its new day.
func (a *App) move(tx *store.Tx, v *store.Voyage) error {
	if err := tx.MoveReferences(v.ID, a.galleryEnds(v)); err != nil {
		return err
	}
	ps, err := tx.Passengers(v.ID)
	if err != nil {
		return err
	}
	for _, p := range ps {
		if err := a.putPassenger(tx, v, p, p.Listed); err != nil {
			return err
		}
	}
	return nil
}

func messageDigest(m manifest.Message) []byte {
	m.Diagnostics = nil // offsets move when the same message is sent in another envelope
	b, err := json.Marshal(m)
	if err != nil {
		panic("app: " + err.Error()) // our own type
	}
	sum := sha256.Sum256(b)
	return sum[:]
}

package app

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"limen/audit"
	"limen/errs"
	"limen/internal/store"
	"limen/retention"
	"limen/travel"
)

// planPage is how many things a plan reads at a time: its memory depends on
// that and on the holds, not on the record.
const planPage = 4096

// Plan returns what would be erased until an instant if nothing changed, and
// why. It erases nothing, needs no data key and shows no personal data.
// Errors: Invalid (code "plan-window") if until is past.
func (a office) Plan(ctx context.Context, until time.Time) (p *retention.Plan, err error) {
	now := a.now()
	if p, err = retention.NewPlan(now, until); err != nil {
		return nil, err
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		b := planning{tx: tx, plan: p}
		if err := b.reach(now); err != nil {
			return err
		}
		for _, k := range store.Kinds {
			if err := b.kind(k); err != nil {
				return err
			}
		}
		return b.openings()
	})
	return p, err
}

// planning fills a plan from one state of the store.
type planning struct {
	tx    *store.Tx
	plan  *retention.Plan
	holds map[string]*retention.Hold // that reach the id, the one that ends last
	named map[string]*retention.Hold // the same, only where they name the id
}

// reach finds what each active hold reaches.
func (b *planning) reach(now time.Time) error {
	b.holds, b.named = map[string]*retention.Hold{}, map[string]*retention.Hold{}
	all, err := b.tx.Holds()
	if err != nil {
		return err
	}
	for i, h := range all {
		if !h.Active(now) {
			continue
		}
		under, err := b.tx.Under(h.Subject)
		if err != nil {
			return err
		}
		for _, id := range under {
			longer(b.holds, id, &all[i])
		}
		longer(b.named, h.Subject.ID, &all[i])
	}
	return nil
}

func longer(holds map[string]*retention.Hold, id string, h *retention.Hold) {
	if was := holds[id]; was == nil || h.Until.After(was.Until) {
		holds[id] = h
	}
}

func (b *planning) kind(k store.Kind) error {
	var after store.Due
	for {
		page, err := b.tx.Kept(k, after, planPage)
		if err != nil {
			return err
		}
		for _, d := range page {
			i := retention.Item{Subject: retention.Subject{Kind: subjectKind(d), ID: d.Subject}, Class: d.Class, Due: d.At, Hold: b.holds[d.Subject]}
			if err := b.plan.Add(i); err != nil {
				return err
			}
			after = d
		}
		if len(page) < planPage {
			return nil
		}
	}
}

func subjectKind(d store.Due) retention.SubjectKind {
	switch d.Kind {
	case store.CrossingKind:
		return retention.OfCrossing
	case store.PassengerKind:
		return retention.OfPassenger
	case store.TravelerKind:
		return retention.OfTraveler
	case store.ItemKind:
		if d.Class == retention.VoyageGallery {
			return retention.OfPassenger
		}
	}
	return retention.OfEncounter
}

// openings adds what opens entries of the audit log, as far as it is known when
// that goes.
func (b *planning) openings() error {
	var after store.Opening
	for {
		page, err := b.tx.Openings(endOfTime, after, planPage)
		if err != nil {
			return err
		}
		for _, o := range page {
			hold := b.named[o.Subject]
			if h := b.named[o.Owner]; hold == nil || h != nil && h.Until.After(hold.Until) {
				hold = h
			}
			i := retention.Item{Subject: retention.Subject{Kind: retention.OfEntry, ID: strconv.FormatInt(o.Seq, 10)}, Class: retention.AccessLog, Due: o.Due, Hold: hold}
			if err := b.plan.Add(i); err != nil {
				return err
			}
			after = o
		}
		if len(page) < planPage {
			return nil
		}
	}
}

var endOfTime = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)

// EndOfDay is the instant at which a day of a plan or a hold is over, in UTC.
func EndOfDay(d travel.Day) time.Time { return travel.LocalTime{Day: d.AddDays(1)}.In(time.UTC) }

// Reach is a hold with what it keeps of what is on record now.
type Reach struct {
	Hold  retention.Hold
	Keeps int
	// Never are the classes that no hold keeps: of these the hold has no effect.
	Never []Unheld
}

// Unheld is a class on which a hold has no effect, with how much of it the hold
// would reach.
type Unheld struct {
	Class retention.Class `json:"class"`
	Items int             `json:"items"`
	Why   string          `json:"why"`
}

// PlaceHold suspends the erasure of what belongs to a subject from now until
// the hold's end, and says what that keeps: never an image that is or may be a
// citizen's. The caller gives id, subject, owner, reason and end. When it
// returns nil no sweep erases what is held any more. Placing the same again
// changes nothing.
//
// Errors: Invalid (code "hold") if something is missing, NotFound
// ("hold-subject") if nothing is on record under the subject, Conflict
// ("hold-id-reused") if the id names another hold, or one that was lifted.
func (a office) PlaceHold(ctx context.Context, by Actor, h retention.Hold) (Reach, error) {
	h.Placed, h.Until = a.now().UTC().Truncate(time.Microsecond), h.Until.UTC().Truncate(time.Microsecond)
	if err := checkHold(h); err != nil {
		return Reach{}, err
	}
	err := a.store.Write(ctx, func(tx *store.Tx) error {
		old, err := tx.Hold(h.ID)
		if err != nil {
			return err
		}
		if old != nil {
			asked := h
			asked.Placed = old.Placed
			if *old != asked {
				return errs.New(errs.Conflict, "hold-id-reused", "this id names another hold, or one that was lifted")
			}
			h = *old
			return nil
		}
		known, err := tx.OnRecord(h.Subject)
		if err == nil && !known { // who looked at what is gone can be held, too
			known, err = tx.Mentioned(h.Subject.ID)
		}
		if err != nil {
			return err
		}
		if !known {
			return errs.New(errs.NotFound, "hold-subject", "nothing is on record under this kind and id")
		}
		if err := tx.PutHold(h); err != nil {
			return err
		}
		return auditHold(tx, by, "hold-placed", "retention hold", h.Placed, h)
	})
	if err != nil {
		return Reach{}, err
	}
	return a.reach(ctx, h)
}

// checkHold is Hold.Check with what an id needs to stand in a URL.
func checkHold(h retention.Hold) error {
	for i := range len(h.ID) {
		c := h.ID[i]
		if c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || i > 0 && (c == '-' || c == '.' || c == '_') {
			continue
		}
		return errs.New(errs.Invalid, "hold", "a hold's id has letters, digits, hyphens, dots and underscores")
	}
	return h.Check()
}

// heldEntry is how a hold stands in the audit log.
type heldEntry struct {
	Hold   string                `json:"hold"`
	Kind   retention.SubjectKind `json:"kind"`
	Owner  string                `json:"owner"`
	Reason string                `json:"reason"`
	Until  time.Time             `json:"until"`
	By     string                `json:"by"`
}

func auditHold(tx *store.Tx, by Actor, action string, purpose audit.Purpose, at time.Time, h retention.Hold) error {
	detail, err := json.Marshal(heldEntry{h.ID, h.Subject.Kind, h.Owner, h.Reason, h.Until, by.Name})
	if err != nil {
		return err
	}
	return tx.Audit(audit.Entry{At: at, Actor: by.Key, Action: action, Subject: h.Subject.ID, Purpose: purpose, Detail: detail})
}

// reach counts what a hold keeps.
func (a office) reach(ctx context.Context, h retention.Hold) (Reach, error) {
	out := Reach{Hold: h}
	for _, r := range retention.Rules() {
		if r.NoHold != "" {
			out.Never = append(out.Never, Unheld{Class: r.Class, Why: r.NoHold})
		}
	}
	err := a.store.Read(ctx, func(tx *store.Tx) error {
		under, err := tx.Under(h.Subject)
		if err != nil {
			return err
		}
		for _, id := range under {
			kept, err := tx.KeptOf(id)
			if err != nil {
				return err
			}
			for _, d := range kept {
				out.count(d.Class)
			}
		}
		return nil
	})
	return out, err
}

func (r *Reach) count(c retention.Class) {
	for i := range r.Never {
		if r.Never[i].Class == c {
			r.Never[i].Items++
			return
		}
	}
	r.Keeps++
}

// LiftHold ends a hold now, for a stated purpose: what it kept past its time
// goes with the next sweep. Lifting it again changes nothing. NotFound (code
// "hold-unknown") if there is none with this id: one that is over goes with
// what it names.
func (a office) LiftHold(ctx context.Context, by Actor, id string, purpose audit.Purpose) (h retention.Hold, err error) {
	now := a.now().UTC().Truncate(time.Microsecond)
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		old, err := tx.Hold(id)
		if err != nil {
			return err
		}
		if old == nil {
			return errs.New(errs.NotFound, "hold-unknown", "there is no hold with this id")
		}
		if h = *old; !h.Lifted.IsZero() {
			return nil
		}
		h.Lifted, h.LiftedBy = now, by.Name
		if h.Lifted.Before(h.Placed) {
			h.Lifted = h.Placed // a clock was set back
		}
		if err := h.Check(); err != nil {
			return err
		}
		if err := tx.PutHold(h); err != nil {
			return err
		}
		return auditHold(tx, by, "hold-lifted", purpose, now, h)
	})
	return h, err
}

// Holds returns every hold, lifted ones and those that are over included, in
// the order they were placed.
func (a office) Holds(ctx context.Context) (hs []retention.Hold, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error { hs, err = tx.Holds(); return err })
	return hs, err
}

// HoldState says whether a hold keeps anything at now.
func HoldState(h retention.Hold, now time.Time) string {
	switch {
	case !h.Lifted.IsZero():
		return "lifted"
	case h.Active(now):
		return "active"
	}
	return "over"
}

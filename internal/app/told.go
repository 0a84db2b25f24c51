package app

import (
	"context"
	"time"

	"limen/audit"
	"limen/errs"
	"limen/internal/store"
	"limen/linkage"
	"limen/report"
	"limen/retention"
	"limen/stay"
	"limen/travel"
)

// Told is an admission, or a parole, that another system granted, with what that
// system says of the entry.
type Told struct {
	stay.Admission
	Port travel.Port // "" if it was not told
	Mode report.Mode
}

// RecordAdmission records, in the officer's name, an admission that another
// system granted before limen ran here, under that system's id for it, for the
// holder of a document; a new traveler is made if the document is unknown. A
// departure on record that nothing was found for may end it. Recording it again
// changes nothing, and is in the audit log as every answer is that says whose a
// document is.
//
// Errors: Conflict (code "admission-id-reused") if something else is under the
// id; Invalid: "admission-reason" without a name and a reason, "admission-holder",
// "admission-citizen" for a citizen, who has no authorized stay, or as stay.Stay
// says.
func (a *App) RecordAdmission(ctx context.Context, by Actor, purpose audit.Purpose, who travel.Person, doc travel.Document, g Told, reason string) (id travel.TravelerID, err error) {
	if err := checkID("an admission id", g.ID); err != nil {
		return "", err
	}
	if reason, err = inName(by, "admission-reason", "an admission that another system granted", reason); err != nil {
		return "", err
	}
	if who.Surname == "" || who.BirthDate.IsZero() || doc.Number == "" || doc.Issuer == "" {
		return "", errs.New(errs.Invalid, "admission-holder", "an admission needs its holder's surname and birth date, and the document's number and issuer")
	}
	law, err := a.Policy.On(a.Jurisdiction, a.latestToday())
	if err != nil {
		return "", err // nobody says who is a citizen
	}
	if law.IsHome(who.Nationality) || doc.Type == travel.Passport && law.IsHome(doc.Issuer) {
		return "", errCitizenAdmitted()
	}
	if g.Mode == "" {
		g.Mode = report.Air
	}
	var refused error // once it is in the audit log
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		holder, err := a.holder(tx, doc)
		if err != nil {
			return err
		}
		if holder != nil && holder.BirthDate != who.BirthDate {
			holder = nil // another person
		}
		action := "admission-recorded"
		switch old, err := tx.Admission(g.ID); {
		case err != nil:
			return err
		case holder != nil && law.IsHome(holder.Nationality):
			action, refused = "admission-refused", errCitizenAdmitted()
		case old == nil:
			refused = nil
			if id, err = a.told(tx, by, who, doc, g); err != nil {
				return err
			}
			if err := a.auditSaid(tx, audit.Entry{At: a.Now(), Actor: by.Key, Action: "admission-said", Subject: g.ID, Purpose: purpose}, id, by.Name, reason); err != nil {
				return err
			}
		default:
			action, id, refused = "admission-repeated", old.Traveler, nil
			same, err := repeated(tx, old, holder, who, g)
			if err != nil {
				return err
			}
			if !same {
				action, id, refused = "admission-refused", "", errs.New(errs.Conflict, "admission-id-reused", "this admission id was used for another admission")
			}
		}
		if err := tx.Audit(audit.Entry{At: a.Now(), Actor: by.Key, Action: action, Subject: g.ID, Purpose: purpose}); err != nil || id == "" {
			return err
		}
		return a.saw(tx, by, purpose, string(id))
	})
	if err == nil {
		err = refused
	}
	return id, err
}

func errCitizenAdmitted() error {
	return errs.New(errs.Invalid, "admission-citizen", "a citizen has no authorized stay: nothing is recorded")
}

// repeated reports whether an admission on record is the one that is told.
func repeated(tx *store.Tx, old *store.Stay, holder *store.Traveler, who travel.Person, g Told) (bool, error) {
	g.Traveler = old.Traveler
	if old.Admission != g.Admission || old.Port != g.Port || old.Mode != string(g.Mode) {
		return false, nil
	}
	if holder != nil {
		return holder.ID == old.Traveler, nil
	}
	was, err := personOf(tx, old.Traveler) // another person has a document of this number
	return was == who, err
}

// told records an admission that was told, within tx, and returns its traveler.
func (a *App) told(tx *store.Tx, by Actor, who travel.Person, doc travel.Document, g Told) (travel.TravelerID, error) {
	id, err := a.traveler(tx, "", who, []travel.Document{doc})
	if err != nil {
		return "", err
	}
	s := store.Stay{Stay: stay.Stay{Admission: g.Admission}, Port: g.Port, Mode: string(g.Mode), Country: who.Nationality}
	if s.Traveler = id; s.Country == "" {
		s.Country = doc.Issuer
	}
	if err := a.openStay(tx, by.Key, s); err != nil {
		return "", err
	}
	// The admission is the record of an entry, wherever it was granted.
	ends, err := retention.DueDay(retention.CrossingNonimmigrant, s.Day, time.UTC)
	if err != nil {
		return "", err
	}
	if err := tx.KeepTraveler(id, retention.CrossingNonimmigrant, ends); err != nil {
		return "", err
	}
	arrived := linkage.PersonOf(who, []travel.Document{doc})
	if err := tx.PutLinkKeys(id, linkKeys(arrived)); err != nil {
		return "", err
	}
	return id, a.compareAgain(tx, searchKeys(arrived), s.Day)
}

// compareAgain has departures compared once more that may have waited for this
// arrival.
func (a *App) compareAgain(tx *store.Tx, keys []string, day travel.Day) error {
	leads, err := tx.Departed(keys, day)
	if err != nil {
		return err
	}
	for _, l := range leads {
		l.Compared = time.Time{}
		if err := tx.PutLead(l); err != nil {
			return err
		}
	}
	return nil
}

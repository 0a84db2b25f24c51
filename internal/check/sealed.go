package check

import (
	"encoding/json"
	"fmt"

	"limen/errs"
	"limen/internal/seal"
	"limen/internal/store"
	"limen/retention"
	"limen/travel"
)

func counted(format string, args ...any) string { return fmt.Sprintf(format, args...) }

// needed is what a data key that is not there is needed for.
type needed struct{ kind, subject string }

// neededKeys are the keys that must be there: of all that is sealed and not
// noted for destruction.
const neededKeys = `SELECT k.key_id, k.kind, k.id FROM (
	SELECT key_id, 'traveler' AS kind, id FROM travelers UNION ALL SELECT key_id, 'passenger' AS kind, id FROM passengers
	UNION ALL SELECT key_id, 'encounter' AS kind, id FROM encounters UNION ALL SELECT DISTINCT key_id, 'items of' AS kind, subject FROM sealed WHERE NOT condemned) k
	LEFT JOIN erasures n ON n.key_id = k.key_id WHERE n.key_id IS NULL`

// maxMissing bounds how many missing keys are remembered.
const maxMissing = 10 * MaxListed

// keys asks for every data key that is still needed.
func (c *checker) keys() error {
	if c.o.Keys == nil {
		c.Skipped = append(c.Skipped, "data keys, and what is sealed under them: keys.db is not at hand")
		return nil
	}
	n := int64(0)
	err := c.Rows(func(scan func(...any) error) error {
		var id string
		var of needed
		if err := scan(&id, &of.kind, &of.subject); err != nil {
			return err
		}
		if n++; n%4096 == 0 {
			c.o.Progress("data keys", n, n)
		}
		_, err := c.o.Keys.Key(c.ctx, id)
		if errs.KindOf(err) == errs.NotFound && len(c.missing) < maxMissing {
			c.missing[id] = of
			return nil
		}
		return err
	}, neededKeys)
	c.count("data keys that are needed", n)
	return err
}

// confirm reports the keys that are needed and missing still, in a state of
// the store that is newer than their loss.
func (c *checker) confirm() error {
	if len(c.missing) == 0 {
		return nil
	}
	return c.Rows(func(scan func(...any) error) error {
		var id string
		var of needed
		if err := scan(&id, &of.kind, &of.subject); err != nil {
			return err
		}
		if _, is := c.missing[id]; is {
			c.violate("key-missing", of.subject, fmt.Sprintf("the data key %s of this (%s) is gone, and nothing notes that it was erased", id, of.kind))
		}
		return nil
	}, neededKeys)
}

// sealed opens every sealed value, if that is asked for.
func (c *checker) sealed() error {
	if c.o.Keys == nil {
		return nil
	}
	if !c.o.Deep {
		c.Skipped = append(c.Skipped, "what is sealed was not opened: --deep does")
		return nil
	}
	for _, step := range []func() error{c.people, c.linkKeys, c.said, c.items} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// opens opens one sealed value and hands it on. A key that is gone was reported
// elsewhere, or noted.
func (c *checker) opens(rule, id, keyID string, of seal.Context, sealed []byte, then func([]byte) bool) error {
	plain, err := c.OpenSealed(keyID, of, sealed)
	switch {
	case errs.KindOf(err) == errs.NotFound:
		return nil
	case errs.KindOf(err) == errs.Invalid:
		c.violate(rule, id, "what is sealed does not open: it was altered, or belongs to something else")
		return nil
	case err != nil:
		return err
	}
	if then != nil && !then(plain) {
		c.violate(rule, id, "what is sealed is not what must be there")
	}
	return nil
}

func (c *checker) people() error {
	n := int64(0)
	open := func(rule string, of func(id string) seal.Context) func(func(...any) error) error {
		return func(scan func(...any) error) error {
			var id, keyID string
			var sealed []byte
			if err := scan(&id, &keyID, &sealed); err != nil {
				return err
			}
			if n++; n%1024 == 0 {
				c.o.Progress("sealed records", n, n)
			}
			return c.opens(rule, id, keyID, of(id), sealed, json.Valid)
		}
	}
	err := c.Rows(open("sealed-traveler", func(id string) seal.Context { return store.PersonContext(travel.TravelerID(id)) }),
		`SELECT id, key_id, person FROM travelers`)
	if err != nil {
		return err
	}
	err = c.Rows(open("sealed-passenger", func(id string) seal.Context { return store.ListingContext(travel.PassengerID(id)) }),
		`SELECT id, key_id, listed FROM passengers`)
	c.count("sealed travelers and listings opened", n)
	return err
}

// said opens who decided and why: an outcome against a person has a person's
// name and reason on it.
func (c *checker) said() error {
	n := int64(0)
	err := c.Rows(func(scan func(...any) error) error {
		var id, rule, outcome, encounter, keyID string
		var sealed []byte
		if err := scan(&id, &rule, &outcome, &encounter, &keyID, &sealed); err != nil {
			return err
		}
		n++
		return c.opens("sealed-decision", id, keyID, store.SaidContext(travel.EncounterID(encounter)), sealed, func(plain []byte) bool {
			var s struct{ Officer, Reason string }
			against := outcome == "refused" || outcome == "referred"
			return json.Unmarshal(plain, &s) == nil && (s.Officer == "") == (rule != "") && (!against || s.Reason != "")
		})
	}, `SELECT d.id, d.rule, d.outcome, d.encounter, e.key_id, d.said FROM decisions d JOIN encounters e ON e.id = d.encounter`)
	for _, of := range []struct {
		rule    string
		context func(travel.TravelerID) seal.Context
		query   string
	}{
		{"sealed-lead", store.ClearedContext, `SELECT l.id, l.traveler, t.key_id, l.said FROM leads l JOIN travelers t ON t.id = l.traveler WHERE length(l.said) > 0`},
		{"sealed-file", store.FileContext, `SELECT f.id, f.kept, t.key_id, f.said FROM file_records f JOIN travelers t ON t.id = f.kept WHERE length(f.said) > 0`},
	} {
		if err != nil {
			return err
		}
		err = c.Rows(func(scan func(...any) error) error {
			var id, traveler, keyID string
			var sealed []byte
			if err := scan(&id, &traveler, &keyID, &sealed); err != nil {
				return err
			}
			n++
			return c.opens(of.rule, id, keyID, of.context(travel.TravelerID(traveler)), sealed, func(plain []byte) bool {
				var s struct{ Officer, Reason string }
				return json.Unmarshal(plain, &s) == nil && s.Officer != "" && s.Reason != ""
			})
		}, of.query)
	}
	c.count("sealed names and reasons of officers opened", n)
	return err
}

func (c *checker) items() error {
	n := int64(0)
	err := c.Rows(func(scan func(...any) error) error {
		var id, keyID, subject, model string
		var class retention.Class
		var image, template []byte
		if err := scan(&id, &keyID, &subject, &class, &model, &image, &template); err != nil {
			return err
		}
		if n++; n%256 == 0 {
			c.o.Progress("sealed images", n, n)
		}
		ofImage, ofTemplate := store.ItemContexts(subject, class, model)
		if len(image) > 0 {
			if err := c.opens("sealed-image", id, keyID, ofImage, image, nil); err != nil {
				return err
			}
		}
		return c.opens("sealed-template", id, keyID, ofTemplate, template, nil)
	}, `SELECT id, key_id, subject, class, model, image, template FROM sealed WHERE NOT condemned`)
	c.count("sealed images and templates opened", n)
	return err
}

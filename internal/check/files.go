package check

import (
	"encoding/json"

	"limen/internal/store"
	"limen/linkage"
	"limen/manifest"
	"limen/travel"
)

// citizen is what the answer says of whom no departure is compared with.
const citizen = `'%"standing":"citizen"%'`

// fileRules are of whom records about files and link keys name.
var fileRules = []rule{
	{"file-traveler", "the record about files names a traveler who is not there, and no stand-in for one who was erased",
		`SELECT f.id FROM file_records f LEFT JOIN travelers t ON t.id = f.kept WHERE t.id IS NULL AND f.kept NOT LIKE 'erased-%'
		UNION SELECT f.id FROM file_records f LEFT JOIN travelers t ON t.id = f.other WHERE t.id IS NULL AND f.other NOT LIKE 'erased-%'`},
	{"link-keys", "a citizen can be found as one whose departure was missed",
		`SELECT DISTINCT k.traveler FROM link_keys k JOIN passengers p ON p.traveler = k.traveler
		WHERE p.answer LIKE ` + citizen + ` AND NOT EXISTS (SELECT 1 FROM passengers o WHERE o.traveler = k.traveler AND o.answer NOT LIKE ` + citizen + `)
		AND NOT EXISTS (SELECT 1 FROM admissions s WHERE s.traveler = k.traveler)`},
}

// files holds the stays that an exit of another traveler closed against the
// records about files: both must be of one file, as of now.
func (c *checker) files() error {
	type closed struct {
		id    string
		s, of travel.TravelerID
	}
	var all []closed
	err := c.Rows(func(scan func(...any) error) error {
		var x closed
		err := scan(&x.id, &x.s, &x.of)
		all = append(all, x)
		return err
	}, `SELECT s.id, s.traveler, x.traveler FROM admissions s JOIN crossings x ON x.id = s.closed_by WHERE s.closed_by <> '' AND x.traveler <> s.traveler`)
	if err != nil {
		return err
	}
	for _, x := range all {
		one, err := c.oneFile(x.s, x.of)
		if err != nil {
			return err
		}
		if !one {
			c.violate("stay-closed", x.id, "the stay was closed by an exit of another traveler, whose file is another")
		}
	}
	c.count("stays that an exit under another document closed", int64(len(all)))
	return nil
}

// oneFile reports whether what was done to files makes two travelers one.
func (c *checker) oneFile(a, b travel.TravelerID) (bool, error) {
	all, err := c.FilesOf(a)
	if err != nil {
		return false, err
	}
	var rs []linkage.Record
	for _, r := range all {
		rs = append(rs, r.Record())
	}
	f, err := linkage.Current(rs)
	if err != nil { // they contradict each other, which no merge of ours does
		c.violate("file-altered", string(a), "the records about this traveler's file cannot all have been made")
		return false, nil
	}
	return f.Of(a) == f.Of(b), nil
}

// linkKeys holds what an alien is found by, and the country that departures are
// counted by, against the listing that both are of.
func (c *checker) linkKeys() error {
	type listing struct {
		traveler travel.TravelerID
		keys     []string
	}
	var page []listing
	n := int64(0)
	compare := func() error {
		for _, l := range page {
			has, err := c.HasLinkKeys(l.traveler, l.keys)
			if err != nil {
				return err
			}
			if !has {
				c.violate("link-keys", string(l.traveler), "the traveler is not found by what is listed of them: no departure with another document is compared with them")
			}
		}
		page = page[:0]
		return nil
	}
	after := ""
	for {
		last := after
		err := c.Rows(func(scan func(...any) error) error {
			var traveler travel.TravelerID
			var keyID, country string
			var sealed []byte
			var known bool // as a citizen, of whom there are no keys
			if err := scan(&last, &traveler, &keyID, &country, &sealed, &known); err != nil {
				return err
			}
			plain, err := c.OpenSealed(keyID, store.ListingContext(travel.PassengerID(last)), sealed)
			var p manifest.Passenger
			if err != nil || json.Unmarshal(plain, &p) != nil {
				return nil // people says so
			}
			n++
			if country != "" && !isOf(p, travel.Country(country)) {
				c.violate("passenger-country", last, "the country that departures are counted by is none that is listed")
			}
			if !known && country != "" {
				page = append(page, listing{traveler, keysOf(p)})
			}
			return nil
		}, `SELECT id, traveler, key_id, country, listed, EXISTS (SELECT 1 FROM passengers o WHERE o.traveler = p.traveler AND o.answer LIKE `+citizen+`)
			FROM passengers p WHERE id > $1 ORDER BY id LIMIT $2`, after, latePage)
		if err != nil {
			return err
		}
		if err := compare(); err != nil || last == after {
			c.count("listings held against what they are found and counted by", n)
			return err
		}
		after = last
	}
}

func keysOf(p manifest.Passenger) (out []string) {
	for _, k := range linkage.Keys(linkage.PersonOf(p.Person, p.Documents)) {
		out = append(out, string(k))
	}
	return out
}

// isOf reports whether a country is one that a listing names.
func isOf(p manifest.Passenger, country travel.Country) bool {
	if p.Nationality == country || p.Person.Nationality == country {
		return true
	}
	for _, d := range p.Documents {
		if d.Issuer == country {
			return true
		}
	}
	return false
}

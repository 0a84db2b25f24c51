package scenario

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"limen/biometric"
	"limen/linkage"
	"limen/travel"
)

// linkageCase is what is given of a departure, the files that it may belong to,
// and what was done to files.
type linkageCase struct {
	departed *linkage.Person
	files    []linkage.Candidate
	setting  linkage.Setting
	shares   map[string]float64
	records  []linkage.Record
	items    []linkageItem
}

// linkageItem is a crossing that was recorded under a file.
type linkageItem struct {
	linkage.Item
	home travel.TravelerID
}

// usualShare is that of a name no case speaks of.
const usualShare = 1.0 / 2000

// runLinkage answers whose a departure is, and in which file everything lies.
func runLinkage(c Case) ([]string, error) {
	s := &linkageCase{shares: map[string]float64{}, setting: linkage.Setting{People: 1_000_000}}
	s.setting.Shares = func(form string) float64 {
		if share, told := s.shares[form]; told {
			return share
		}
		return usualShare
	}
	if err := Words(c, s.words()); err != nil {
		return nil, err
	}
	var out []string
	if s.departed != nil {
		out = s.matched()
	}
	return append(out, s.filed()...), nil
}

func (s *linkageCase) words() map[string]func([]string) error {
	return map[string]func([]string) error{
		"arrived":  s.readArrived,
		"departed": s.readDeparted,
		"verified": s.readVerified,
		"people":   One(func(v string) (err error) { s.setting.People, err = strconv.Atoi(v); return err }),
		"block":    One(func(v string) error { s.setting.NotAllSeen = v == "too-large"; return oneOf(v, "too-large", "read") }),
		"share":    s.readShare,
		"merge":    s.readMerge,
		"split":    s.readSplit,
		"undo":     s.readUndo,
		"crossing": s.readCrossing,
	}
}

func oneOf(v string, all ...string) error {
	if slices.Contains(all, v) {
		return nil
	}
	return fmt.Errorf("%q is none of %s", v, strings.Join(all, ", "))
}

func (s *linkageCase) readArrived(args []string) error {
	if len(args) < 2 {
		return fmt.Errorf("a file and a person are needed")
	}
	p, err := readPerson(args[1:])
	if err != nil {
		return err
	}
	s.files = append(s.files, linkage.Candidate{Traveler: travel.TravelerID(args[0]), Person: p})
	return nil
}

func (s *linkageCase) readDeparted(args []string) error {
	p, err := readPerson(args)
	s.departed = &p
	return err
}

// readPerson reads SURNAME, GIVEN NAMES BIRTH SEX NATIONALITY ISSUER:NUMBER…
// with - for what is unknown.
func readPerson(args []string) (p linkage.Person, err error) {
	at := slices.IndexFunc(args, func(w string) bool { return w == "-" || w[0] >= '0' && w[0] <= '9' })
	if at < 1 || len(args) < at+3 {
		return p, fmt.Errorf("a person is written as SURNAME, GIVEN NAMES BIRTH SEX NATIONALITY ISSUER:NUMBER, with - for what is unknown")
	}
	surname, given, _ := strings.Cut(strings.Join(args[:at], " "), ",")
	p.Surname, p.GivenNames = surname, strings.TrimSpace(given)
	known := func(s string) string { return strings.TrimPrefix(s, "-") }
	birth := args[at]
	if birth == "-" {
		birth = ""
	}
	if p.Birth, err = linkage.ParseBirth(birth); err != nil {
		return p, err
	}
	p.Sex, p.Nationality = travel.Sex(known(args[at+1])), travel.Country(known(args[at+2]))
	for _, w := range args[at+3:] {
		issuer, number, ok := strings.Cut(w, ":")
		if !ok {
			return p, fmt.Errorf("a passport is written as ISSUER:NUMBER")
		}
		p.Documents = append(p.Documents, travel.Document{Type: travel.Passport, Issuer: travel.Country(issuer), Number: number})
	}
	return p, nil
}

func (s *linkageCase) readVerified(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("a file is needed, and a false match rate or not-passed")
	}
	for i := range s.files {
		if f := &s.files[i]; string(f.Traveler) == args[0] {
			v := &linkage.Verification{Encounter: "e1", Model: biometric.ModelID{Name: "model"}}
			f.Verification = v
			if args[1] == "not-passed" {
				return nil
			}
			v.Accepted = true
			var err error
			v.FMR, err = strconv.ParseFloat(args[1], 64)
			return err
		}
	}
	return fmt.Errorf("there is no file %q before this line", args[0])
}

// readShare states how common a name is, in all its spellings.
func (s *linkageCase) readShare(args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("a name and its share are needed")
	}
	share, err := strconv.ParseFloat(args[1], 64)
	if err != nil || !(share > 0 && share <= 1) {
		return fmt.Errorf("a share is above 0, and 1 at most")
	}
	for _, form := range linkage.Names(linkage.Person{Surname: args[0]}) {
		s.shares[form] = share
	}
	return nil
}

// matched tells of each file how it matches, the strongest first.
func (s *linkageCase) matched() (out []string) {
	matches := linkage.Decide(*s.departed, s.files, s.setting)
	for _, m := range matches {
		out = append(out, fmt.Sprintf("%s %s", m.Candidate, m.Strength))
		if m.Why != "" {
			out = append(out, fmt.Sprintf("%s because %s", m.Candidate, m.Why))
		}
		for _, e := range m.Evidence {
			out = append(out, fmt.Sprintf("%s %s %s", m.Candidate, e.Field, e.Level))
		}
	}
	for _, f := range s.files {
		if !slices.ContainsFunc(matches, func(m linkage.Match) bool { return m.Candidate == f.Traveler }) {
			out = append(out, fmt.Sprintf("%s %s", f.Traveler, linkage.None))
		}
		found := "not-found"
		under := linkage.Keys(f.Person)
		if slices.ContainsFunc(linkage.SearchKeys(*s.departed), func(k linkage.Key) bool { return slices.Contains(under, k) }) {
			found = "found"
		}
		out = append(out, fmt.Sprintf("%s %s", f.Traveler, found))
	}
	if id, ok := linkage.Mergeable(matches); ok {
		return append(out, fmt.Sprintf("belongs to %s", id))
	}
	return append(out, "belongs to nobody by rule")
}

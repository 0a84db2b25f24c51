package policy_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"limen/errs"
	"limen/policy"
	"limen/travel"
)

// field is one fact of a question that may be left out: what it may turn out to
// be, and how a question states it.
type field struct {
	name   string
	values []func(*policy.Question)
}

func facts(to func(*policy.Question) *policy.Fact) (out []func(*policy.Question)) {
	for _, v := range []policy.Fact{policy.No, policy.Yes} {
		out = append(out, func(q *policy.Question) { *to(q) = v })
	}
	return out
}

func presents(as travel.Country, all ...travel.Country) func(*policy.Question) {
	return func(q *policy.Question) { q.Citizenships, q.PresentsAs = all, as }
}

func born(year int16) func(*policy.Question) {
	return func(q *policy.Question) { q.Birth = travel.Day{Year: year, Month: 6, Date: 1} }
}

func admitted(c policy.Class) func(*policy.Question) {
	return func(q *policy.Question) { q.Class = c }
}

var fields = []field{
	{"citizenship", []func(*policy.Question){presents("USA", "USA"), presents("GBR", "GBR"), presents("CAN", "CAN"), presents("FRA", "FRA"), presents("GBR", "GBR", "USA"), presents("GBR", "FRA", "GBR")}},
	{"birth", []func(*policy.Question){born(2016), born(2013), born(1980), born(1940)}},
	{"class", []func(*policy.Question){admitted("B-2"), admitted("A-1"), admitted("C-3"), admitted("E-1"), admitted("F-1"), admitted("LPR")}},
	{"attendant", facts(func(q *policy.Question) *policy.Fact { return &q.Attendant })},
	{"taiwan", facts(func(q *policy.Question) *policy.Fact { return &q.TaiwanOfficial })},
	{"status", facts(func(q *policy.Question) *policy.Fact { return &q.StatusEnded })},
	{"resident", facts(func(q *policy.Question) *policy.Fact { return &q.Resident })},
	{"visa", facts(func(q *policy.Question) *policy.Fact { return &q.VisaRequired })},
	{"i94", facts(func(q *policy.Question) *policy.Fact { return &q.I94Issued })},
	{"pilot", facts(func(q *policy.Question) *policy.Fact { return &q.PilotPort })},
}

func names(open []field) (out []string) {
	for _, f := range open {
		out = append(out, f.name)
	}
	return out
}

// asks is what an answer asks of the person: the same for two rules that free
// them; of rules that send to an officer the rule, for each has its question.
func asks(d policy.Decision) string {
	switch d.Result {
	case policy.Exempt, policy.NotInScope:
		return "nothing"
	case policy.NeedsOfficer:
		return "officer " + d.Rule
	}
	return string(d.Result)
}

// An officer is asked where, and only where, the answer hangs on what is not
// known: every question with up to three facts left out is answered as all its
// completions are, if they agree, and with a question if they do not.
func TestAsksOnlyWhereItHangs(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	counts := map[string]int{}
	for _, s := range policy.Default().Sets() {
		for range 800 {
			q := policy.Question{Day: travel.Day{Year: 2026, Month: 3, Date: 1}, Direction: []travel.Direction{travel.Entry, travel.Exit}[r.IntN(2)], Refused: r.IntN(8) == 0}
			var open []field
			for _, i := range r.Perm(len(fields)) {
				if f := fields[i]; len(open) < 3 && r.IntN(2) == 0 {
					open = append(open, f)
				} else {
					f.values[r.IntN(len(f.values))](&q)
				}
			}
			answer, err := s.Decide(q)
			if impossible(s, q) {
				if errs.CodeOf(err) != "policy-question" {
					t.Errorf("%s: a person in two classes is answered: %+v", s.ID, q)
				}
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			photo, other := map[string]bool{}, map[string]bool{}
			complete(t, s, q, open, photo, other)
			judge(t, fmt.Sprint(s.ID, " photo ", names(open), q), answer.Photo, photo, counts)
			judge(t, fmt.Sprint(s.ID, " other ", names(open), q), answer.OtherBiometrics, other, counts)
		}
	}
	t.Log(counts)
	for _, kind := range []string{"certain", "asked"} {
		if counts[kind] < 1000 {
			t.Errorf("only %d answers were %s", counts[kind], kind)
		}
	}
}

// impossible: nobody is a lawful permanent resident of the United States and in
// another class.
func impossible(s *policy.Set, q policy.Question) bool {
	return s.Jurisdiction == policy.US && q.Class != "" && q.Resident != policy.Unknown && (q.Class == "LPR") != (q.Resident == policy.Yes)
}

// complete collects what the answers ask of the person, whatever the open facts
// turn out to be. The status of a class that is asked for at entry is presumed.
func complete(t *testing.T, s *policy.Set, q policy.Question, open []field, photo, other map[string]bool) {
	t.Helper()
	if impossible(s, q) {
		return
	}
	if len(open) == 0 {
		d, err := s.Decide(q)
		if err != nil {
			t.Fatal(err)
		}
		photo[asks(d.Photo)], other[asks(d.OtherBiometrics)] = true, true
		return
	}
	for i, set := range open[0].values {
		if open[0].name == "status" && q.Direction == travel.Entry && i > 0 {
			break
		}
		p := q
		set(&p)
		complete(t, s, p, open[1:], photo, other)
	}
}

func judge(t *testing.T, where string, d policy.Decision, all map[string]bool, counts map[string]int) {
	t.Helper()
	hangs := len(all) > 1
	switch {
	case hangs != (d.Missing != 0), hangs && (d.Result != policy.NeedsOfficer || d.Ask == ""), !hangs && !all[asks(d)]:
		t.Errorf("%s: %s by %s, missing %v, and it may be %v", where, d.Result, d.Rule, d.Missing.List(), all)
	case hangs:
		counts["asked"]++
	default:
		counts["certain"]++
	}
}

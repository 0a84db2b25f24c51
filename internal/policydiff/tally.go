package policydiff

import (
	"errors"
	"fmt"

	"limen/errs"
	"limen/internal/traffic"
	"limen/policy"
	"limen/travel"
)

// maxValues is the most groups of a dimension: there are some 250 countries and
// 90 classes, and a file in which a column is another one should not fill the
// memory.
const maxValues = 5000

// both is the flow of one group for each duty.
type both [2]Flow

// grounds is what a person's change rests on.
type grounds struct {
	duty     uint8
	from, to Outcome
	// Rule and clause are those of the rule sets; ask is set for NeedsOfficer.
	fromRule, toRule, fromClause, toClause, fromAsk, toAsk string
}

// reason counts persons of one ground. The decisions are those of one of them;
// they hold no personal data.
type reason struct {
	from, to policy.Decision
	persons  int64
}

// tally is what one worker counted. It is not safe for concurrent use.
type tally struct {
	from, to    Side
	total       both
	by          map[string]map[string]*both // dimension, value
	why         map[grounds]*reason
	first, last travel.Day
	q           policy.Question
}

func newTally(from, to Side) *tally {
	t := &tally{from: from, to: to, by: map[string]map[string]*both{}, why: map[grounds]*reason{}}
	for _, d := range dimensions {
		t.by[d.name] = map[string]*both{}
	}
	return t
}

// take counts one person. It returns an Invalid error with the line of the row.
func (t *tally) take(row *traffic.Row) error {
	q := &t.q
	if err := row.Question(q); err != nil {
		return err
	}
	before, err := t.from.Decide(*q)
	if err != nil {
		return atLine(row.Line, err)
	}
	after, err := t.to.Decide(*q)
	if err != nil {
		return atLine(row.Line, err)
	}
	var step [2][2]Outcome
	for d, pair := range [2][2]*policy.Decision{{&before.Photo, &after.Photo}, {&before.OtherBiometrics, &after.OtherBiometrics}} {
		from, to := outcome(pair[0].Result), outcome(pair[1].Result)
		if from == Unspecified || to == Unspecified {
			return errs.New(errs.Broken, "policy-result", "line %d: a rule set gave no result", row.Line)
		}
		step[d] = [2]Outcome{from, to}
		t.total[d][from][to]++
		t.ground(uint8(d), from, to, pair[0], pair[1])
	}
	t.days(q.Day)
	return t.group(q, before.Photo.Standing == policy.Citizen, step)
}

// atLine puts the line of a row before what is wrong with it.
func atLine(line int, err error) error {
	var e *errs.Error
	if !errors.As(err, &e) {
		return fmt.Errorf("line %d: %w", line, err)
	}
	return &errs.Error{Kind: e.Kind, Code: e.Code, Detail: fmt.Sprintf("line %d: %s", line, e.Detail), Err: err}
}

func (t *tally) days(day travel.Day) {
	if t.first.IsZero() || day.Before(t.first) {
		t.first = day
	}
	if t.last.IsZero() || day.After(t.last) {
		t.last = day
	}
}

// group counts the person once in every dimension.
func (t *tally) group(q *policy.Question, citizen bool, step [2][2]Outcome) error {
	for _, d := range dimensions {
		values, name := t.by[d.name], d.of(q, citizen)
		v := values[name]
		if v == nil {
			if len(values) >= maxValues {
				return tooMany(d.name)
			}
			v = &both{}
			values[name] = v
		}
		for i, s := range step {
			v[i][s[0]][s[1]]++
		}
	}
	return nil
}

func tooMany(dimension string) error {
	return errs.New(errs.TooLarge, "traffic-values", "the traffic has more than %d values of %s: is the column the right one?", maxValues, dimension)
}

func (t *tally) ground(duty uint8, from, to Outcome, before, after *policy.Decision) {
	key := grounds{duty, from, to, before.Rule, after.Rule, before.Clause, after.Clause, before.Ask, after.Ask}
	r := t.why[key]
	if r == nil {
		r = &reason{from: *before, to: *after}
		t.why[key] = r
	}
	r.persons++
}

// add adds what another worker counted.
func (t *tally) add(o *tally) error {
	for d := range t.total {
		t.total[d].Add(&o.total[d])
	}
	for name, values := range o.by {
		for value, b := range values {
			mine := t.by[name][value]
			if mine == nil {
				if len(t.by[name]) >= maxValues {
					return tooMany(name)
				}
				mine = &both{}
				t.by[name][value] = mine
			}
			for d := range b {
				mine[d].Add(&b[d])
			}
		}
	}
	for key, r := range o.why {
		mine := t.why[key]
		if mine == nil {
			mine = &reason{from: r.from, to: r.to}
			t.why[key] = mine
		}
		mine.persons += r.persons
	}
	if !o.first.IsZero() {
		t.days(o.first)
		t.days(o.last)
	}
	return nil
}

func outcome(r policy.Result) Outcome {
	switch r {
	case policy.Required:
		return Required
	case policy.NeedsOfficer:
		return NeedsOfficer
	case policy.Exempt:
		return Exempt
	case policy.NotInScope:
		return NotInScope
	}
	return Unspecified
}

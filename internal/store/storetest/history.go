package storetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"limen/errs"
	"limen/internal/store"
	"limen/retention"
	"limen/travel"
)

// Histories replays random histories on two engines, each of so many
// transactions, and compares every answer, every error and, again and again,
// every table. A history calls every method of store.Tx, found by reflection,
// with arguments drawn from small pools, so that they meet.
func Histories(t *testing.T, a, b Fresh, seeds, steps int) {
	called := map[string]bool{}
	for seed := range seeds {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			left, right := play(t, a, uint64(seed), steps, called), play(t, b, uint64(seed), steps, called)
			differ(t, "the second engine", right, left)
		})
	}
	for _, m := range methods() {
		if !called[m.Name] && seeds*steps >= 500 {
			t.Errorf("no history called %s", m.Name)
		}
	}
}

// apart are the methods that histories do not call: they take functions, or
// speak of the engine itself. Log, Leaves and LogHashes are checkLog's.
var apart = []string{"Rows", "Embedded", "OpenSealed", "LogHashes", "NewestKey", "EachStay", "EachDeparture"}

func methods() (ms []reflect.Method) {
	t := reflect.TypeFor[*store.Tx]()
	for i := range t.NumMethod() {
		if m := t.Method(i); !slices.Contains(apart, m.Name) {
			ms = append(ms, m)
		}
	}
	return ms
}

var writes = regexp.MustCompile(`^(Insert|Put|Mark|CloseVoyage|KeepEncounter|KeepTraveler|Revoke|Reclassify|Move|Erase|Delete|Free|End|Audit$|AuditSealed|Announce$)`)

// play runs the history of a seed and returns what was answered, line by line.
func play(t *testing.T, fresh Fresh, seed uint64, steps int, called map[string]bool) (lines []string) {
	t.Helper()
	e, err := fresh(t)()
	if err != nil {
		t.Fatal(err)
	}
	d := &db{t: t, vault: newVault()}
	d.Store = store.New(e, d.vault)
	t.Cleanup(d.close)
	p := &player{db: d, r: rand.New(rand.NewPCG(seed, 18)), called: called}
	for _, m := range methods() {
		if writes.MatchString(m.Name) {
			p.writes = append(p.writes, m)
		} else {
			p.reads = append(p.reads, m)
		}
	}
	d.write(preamble)
	for i := range steps {
		lines = append(lines, fmt.Sprintf("step %d: %s", i, p.step()))
		if d.Err() != nil {
			t.Fatal(d.Err())
		}
		if i%50 == 49 || i == steps-1 {
			lines = append(lines, dump(t, e)...)
		}
	}
	d.checkLog()
	return lines
}

// preamble puts the people and voyages of the pools there.
func preamble(tx *store.Tx) error {
	for i := range poolSize {
		n := fmt.Sprint(i)
		v, p := voyage(travel.VoyageID("v"+n), noon), passenger(travel.PassengerID("p"+n), "v0", i)
		p.Traveler = travel.TravelerID("t" + n)
		for _, f := range []write{travelers(p.Traveler), putVoyage(v), putPassenger(p), addEncounter(encounter(travel.EncounterID("e"+n), v.ID))} {
			if err := f(tx); err != nil {
				return err
			}
		}
	}
	return nil
}

type player struct {
	*db
	r             *rand.Rand
	writes, reads []reflect.Method
	called        map[string]bool
}

// step is one transaction of a few calls.
func (p *player) step() string {
	var answers []string
	reading := p.r.IntN(4) == 0
	undone := p.r.IntN(6) == 0
	calls := make([]call, 1+p.r.IntN(4))
	for i := range calls {
		calls[i] = p.draw(reading)
	}
	run := func(tx *store.Tx) error {
		answers = nil
		for _, c := range calls {
			answer, err := c.on(tx)
			answers = append(answers, c.text+" = "+answer)
			if err != nil {
				return err
			}
		}
		if undone {
			return errUndone
		}
		return nil
	}
	do := p.Write
	if reading {
		do = p.Read
	}
	return kind(do(context.Background(), run)) + ": " + strings.Join(answers, "; ")
}

// kind is what a caller can tell an error by.
func kind(err error) string {
	switch {
	case err == nil:
		return "ok"
	case errors.Is(err, errUndone):
		return "undone"
	}
	return errs.KindOf(err).String() + "/" + errs.CodeOf(err)
}

// call is a method with its arguments.
type call struct {
	method reflect.Method
	args   []reflect.Value
	text   string
}

func (p *player) draw(reading bool) call {
	from := p.reads
	if !reading && p.r.IntN(5) > 0 {
		from = p.writes
	}
	c := call{method: from[p.r.IntN(len(from))]}
	p.called[c.method.Name] = true
	c.text = c.method.Name
	for i := 1; i < c.method.Type.NumIn(); i++ {
		arg := p.argument(c.method.Type.In(i))
		c.args = append(c.args, arg)
		c.text += " " + written(arg.Interface())
	}
	return c
}

// on calls it, and returns what it answered.
func (c call) on(tx *store.Tx) (answer string, err error) {
	out := c.method.Func.Call(append([]reflect.Value{reflect.ValueOf(tx)}, c.args...))
	for _, v := range out {
		if e, is := v.Interface().(error); is {
			err = e
			answer += " " + kind(e)
			continue
		}
		answer += " " + written(comparable(v.Interface()))
	}
	return answer, err
}

func written(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic("storetest: " + err.Error()) // our own types
	}
	return string(b)
}

// comparable is an answer without what no two stores have alike, and in an
// order where the store promises none.
func comparable(v any) any {
	switch v := v.(type) {
	case []store.LogEntry:
		for i := range v {
			v[i].Leaf, v[i].Hashes, v[i].Salt = nil, nil, [32]byte{}
		}
	case []store.Leaf:
		for i := range v {
			v[i].Leaf, v[i].Hashes = nil, nil
		}
	case []string:
		slices.Sort(v)
	case []retention.Subject:
		slices.SortFunc(v, func(a, b retention.Subject) int { return strings.Compare(a.String(), b.String()) })
	}
	return v
}

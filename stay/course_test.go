package stay

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"limen/travel"
)

func at(day, hour int) (travel.Day, time.Time) {
	d := time.Date(2026, 3, day, hour, 0, 0, 0, time.UTC)
	return travel.DayOf(d), d
}

func entered(id string, day, hour int) Arrived {
	d, t := at(day, hour)
	return Arrived{Admission: id, Day: d, At: t, Crossing: travel.CrossingID("in-" + id)}
}

func told(id string, day int) Arrived { d, _ := at(day, 0); return Arrived{Admission: id, Day: d} }

func left(id string, day, hour int) Departed {
	d, t := at(day, hour)
	return Departed{Crossing: travel.CrossingID(id), Day: d, At: t}
}

func TestCourse(t *testing.T) {
	d := func(day int) travel.Day { d, _ := at(day, 0); return d }
	west := left("x", 9, 20) // the calendar of where it was left says the day before
	west.Day = d(8)
	gone := Departed{Crossing: "x", Day: d(9)}
	for name, c := range map[string]struct {
		in        []Arrived
		out       []Departed
		want      map[string]Ending
		unmatched []travel.CrossingID
	}{
		"nothing":                    {nil, nil, map[string]Ending{}, nil},
		"in":                         {[]Arrived{told("a", 1)}, nil, map[string]Ending{"a": {}}, nil},
		"in and out":                 {[]Arrived{told("a", 1)}, []Departed{left("x", 5, 9)}, map[string]Ending{"a": {Day: d(5), By: "x"}}, nil},
		"in and out on one day":      {[]Arrived{told("a", 5)}, []Departed{left("x", 5, 9)}, map[string]Ending{"a": {Day: d(5), By: "x"}}, nil},
		"out and in on one day":      {[]Arrived{entered("a", 5, 12)}, []Departed{left("x", 5, 9)}, map[string]Ending{"a": {}}, []travel.CrossingID{"x"}},
		"the first of two exits":     {[]Arrived{told("a", 1)}, []Departed{left("y", 6, 9), left("x", 5, 9)}, map[string]Ending{"a": {Day: d(5), By: "x"}}, []travel.CrossingID{"y"}},
		"admitted anew":              {[]Arrived{told("b", 7), told("a", 1)}, nil, map[string]Ending{"a": {Day: d(7), Next: "b"}, "b": {}}, nil},
		"told before what ended":     {[]Arrived{told("b", 7), told("a", 1)}, []Departed{left("x", 9, 9)}, map[string]Ending{"a": {Day: d(7), Next: "b"}, "b": {Day: d(9), By: "x"}}, nil},
		"across the date line":       {[]Arrived{entered("a", 9, 1)}, []Departed{west}, map[string]Ending{"a": {Day: d(9), By: "x"}}, nil},
		"the exit is not on record":  {[]Arrived{entered("a", 9, 1)}, []Departed{gone}, map[string]Ending{"a": {Day: d(9), By: "x"}}, nil},
		"out before the only stay":   {[]Arrived{told("a", 5)}, []Departed{left("x", 4, 9)}, map[string]Ending{"a": {}}, []travel.CrossingID{"x"}},
		"each stay has its own exit": {[]Arrived{told("a", 1), told("b", 7)}, []Departed{left("x", 3, 1), left("y", 8, 1)}, map[string]Ending{"a": {Day: d(3), By: "x"}, "b": {Day: d(8), By: "y"}}, nil},
	} {
		ends, unmatched := Course(c.in, c.out)
		if !reflect.DeepEqual(ends, c.want) || !slices.Equal(unmatched, c.unmatched) {
			t.Errorf("%s: %+v %v, want %+v %v", name, ends, unmatched, c.want, c.unmatched)
		}
	}
}

// Whatever the records: their order does not matter, an exit ends one stay at
// most, every exit and stay is in the answer, only one stay is open, and none
// ends before it begins.
func TestCourseOfAnything(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		var in []Arrived
		var out []Departed
		began := map[string]travel.Day{}
		for i := range r.IntN(8) {
			switch r.IntN(3) {
			case 0:
				in = append(in, told(fmt.Sprint("t", i), 1+r.IntN(6)))
			case 1:
				in = append(in, entered(fmt.Sprint("e", i), 1+r.IntN(6), r.IntN(24)))
			default:
				out = append(out, left(fmt.Sprint("x", i), 1+r.IntN(6), r.IntN(24)))
			}
		}
		for _, a := range in {
			began[a.Admission] = a.Day
		}
		ends, unmatched := Course(in, out)
		open, by := 0, slices.Clone(unmatched)
		for id, e := range ends {
			switch {
			case e == Ending{}:
				open++
			case e.By != "":
				by = append(by, e.By)
			}
			if e != (Ending{}) && (e.Day.Before(began[id]) || (e.By == "") == (e.Next == "")) {
				t.Fatalf("%s ended %+v, began %s", id, e, began[id])
			}
		}
		slices.Sort(by)
		if len(ends) != len(in) || open > 1 || len(by) != len(out) || len(slices.Compact(by)) != len(out) {
			t.Fatalf("%+v %+v: %+v, unmatched %v", in, out, ends, unmatched)
		}
		r.Shuffle(len(in), func(i, j int) { in[i], in[j] = in[j], in[i] })
		r.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
		if again, un := Course(in, out); !reflect.DeepEqual(ends, again) || !slices.Equal(unmatched, un) {
			t.Fatalf("in another order: %+v %v, want %+v %v", again, un, ends, unmatched)
		}
	}
}

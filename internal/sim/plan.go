package sim

import (
	"fmt"
	"math/rand/v2"

	"limen/errs"
	"limen/travel"
)

// fullCast is how many passengers the day has when there are faces enough.
const fullCast = 196

// flight is one voyage of the timetable. Carriers ZZ and YY do not exist; the
// ports do.
type flight struct {
	direction travel.Direction
	carrier   string
	number    string
	seats     int // of fullCast
	stops     []stop
}

// stop is a port, and the minutes of the day (over 1440: the day after) at
// which the flight arrives there and leaves, by the clocks of that port.
type stop struct {
	port             travel.Port
	arrival, leaving int
}

// The port is Bangor, Maine: small, and a real port of entry.
const homePort travel.Port = "BGR"

var timetable = []flight{
	{travel.Exit, "ZZ", "702", 46, []stop{{homePort, 0, 19*60 + 40}, {"KEF", 24*60 + 5*60 + 25, 0}}},
	{travel.Exit, "YY", "418", 42, []stop{{homePort, 0, 20*60 + 15}, {"YHZ", 22*60 + 30, 23*60 + 40}, {"LHR", 24*60 + 9*60 + 20, 0}}},
	{travel.Exit, "ZZ", "255", 38, []stop{{homePort, 0, 10*60 + 5}, {"CUN", 14*60 + 25, 0}}},
	{travel.Entry, "ZZ", "703", 40, []stop{{"SNN", 0, 12*60 + 10}, {homePort, 14*60 + 20, 0}}},
	{travel.Entry, "YY", "419", 30, []stop{{"LHR", 0, 14 * 60}, {homePort, 16*60 + 45, 0}}},
}

// NewPlan plans a day. With 204 faces or more there are 196 passengers, and
// the other people are strangers; with fewer there is about one stranger to
// ten passengers. It returns an Invalid error for fewer than two faces or no
// day.
func NewPlan(faces *Faces, seed uint64, day travel.Day) (*Plan, error) {
	if len(faces.People) < minFolders || day.IsZero() {
		return nil, errs.New(errs.Invalid, "plan", "a plan needs a day and at least %d people", minFolders)
	}
	b := &builder{rnd: rand.New(rand.NewPCG(seed, 0x706c616e))}
	b.cast = &casting{rnd: b.rnd, today: day, taken: map[string]bool{}}
	b.plan = &Plan{Faces: faces, Seed: seed, Day: day, Port: homePort}
	people := make([]*Face, len(faces.People))
	for i, k := range b.rnd.Perm(len(people)) {
		people[i] = faces.People[k]
	}
	b.passengers = min(fullCast, len(people)-max(1, min(len(people)/10, 8)))
	b.plan.Strangers = people[b.passengers:]
	if err := b.voyages(people[:b.passengers]); err != nil {
		return nil, err
	}
	b.fates()
	b.visits()
	return b.plan, nil
}

type builder struct {
	rnd        *rand.Rand
	cast       *casting
	plan       *Plan
	passengers int
	spoilt     int // captures spoilt so far: the ways take turns
}

// voyages seats the people on the flights, citizens evenly among aliens.
func (b *builder) voyages(people []*Face) error {
	sold, seated := 0, 0
	for i, f := range timetable {
		sold += f.seats
		until := share(sold, len(people))
		if i == len(timetable)-1 {
			until = len(people)
		}
		if until == seated {
			continue
		}
		v, err := b.voyage(i, f)
		if err != nil {
			return err
		}
		for k, face := range people[seated:until] {
			n := b.cast.nation()
			if (seated+k)%6 == 2 { // every sixth: 17 in 100
				n = home
			}
			v.Passengers = append(v.Passengers, b.passenger(v, f, b.cast.member(face, n, f.direction)))
		}
		seated = until
		b.plan.Voyages = append(b.plan.Voyages, v)
	}
	return nil
}

func (b *builder) voyage(i int, f flight) (*Voyage, error) {
	v := &Voyage{hall: b.plan.Seed*16 + uint64(i), Point: travel.PointID(fmt.Sprintf("%s-gate-%d", homePort, i+1))}
	if f.direction == travel.Entry {
		v.Point = travel.PointID(fmt.Sprintf("%s-booth-%d", homePort, i+1))
	}
	for k := range len(f.stops) - 1 {
		from, to := f.stops[k], f.stops[k+1]
		v.Legs = append(v.Legs, travel.Leg{Carrier: f.carrier, Number: f.number, From: from.port, To: to.port, Departure: b.at(from.leaving), Arrival: b.at(to.arrival)})
	}
	v.Direction, v.Port = f.direction, homePort
	var err error
	v.ID, err = travel.NewVoyageID(v.Legs)
	return v, err
}

func (b *builder) at(minute int) travel.LocalTime {
	return travel.LocalTime{Day: b.plan.Day.AddDays(minute / 1440), Minute: int16(minute % 1440)}
}

func (b *builder) passenger(v *Voyage, f flight, m *Member) *Passenger {
	p := &Passenger{Member: m, OnFile: Usable, Fate: Plain, Embark: f.stops[0].port, Debark: f.stops[len(f.stops)-1].port}
	if len(f.stops) > 2 && b.rnd.IntN(3) == 0 {
		p.Debark = f.stops[1].port
	}
	p.Locator = b.cast.pattern("AAAAAA")
	p.Reference = fmt.Sprintf("%s%s%04d", f.carrier, f.number, len(v.Passengers)+1)
	return p
}

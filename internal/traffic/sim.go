package traffic

import (
	"io"
	"math/rand/v2"
	"strconv"

	"limen/errs"
	"limen/travel"
)

// home is the country whose border the simulated traffic crosses.
const home = "USA"

// Limits of a simulation.
const (
	MaxPersons = 1_000_000_000
	minYear    = 1900
	maxYear    = 9998
)

// Sim says which traffic to simulate. The same Sim draws the same persons, on
// every machine.
type Sim struct {
	Assumptions *Assumptions
	Persons     int
	Year        int
	Seed        uint64
}

// NewSim returns a stream of the persons of s, io.EOF after the last. They do
// not exist. It returns an Invalid error for a number or a year outside the
// limits. The stream holds one person; it is not safe for concurrent use.
func NewSim(s Sim) (*Simulator, error) {
	if s.Persons < 0 || s.Persons > MaxPersons {
		return nil, errs.New(errs.Invalid, "traffic-persons", "simulated traffic has 0 to %d persons", MaxPersons)
	}
	if s.Year < minYear || s.Year > maxYear {
		return nil, errs.New(errs.Invalid, "traffic-year", "simulated traffic is of a year from %d to %d", minYear, maxYear)
	}
	return &Simulator{Sim: s, rnd: rand.New(rand.NewPCG(s.Seed, uint64(s.Year)))}, nil
}

// Simulator draws one person after the other.
type Simulator struct {
	Sim
	rnd   *rand.Rand
	drawn int
}

// Next draws the next person into row, or returns io.EOF.
func (s *Simulator) Next(row *Row) error {
	if s.drawn >= s.Persons {
		return io.EOF
	}
	s.drawn++
	*row = Row{Line: s.drawn + 1}
	mode := s.from("mode")
	day := s.day()
	row.set(On, day.String())
	row.set(Direction, s.from("direction"))
	s.where(row, mode)
	switch s.from("status/" + mode) {
	case statusCitizen:
		s.citizen(row, day)
	case statusResident:
		s.resident(row, day)
	case statusCanadian:
		s.canadian(row, day)
	case statusBorderCard:
		s.borderCard(row, day)
	default:
		s.nonimmigrant(row, day, mode)
	}
	if s.rate("birth-unknown") {
		row.set(Birth, "")
	}
	return nil
}

// from draws a key of a table.
func (s *Simulator) from(table string) string { return s.Assumptions.tables[table].draw(s.rnd) }

// rate reports whether what has this rate happens.
func (s *Simulator) rate(name string) bool {
	return s.rnd.Float64()*100 < s.Assumptions.rates[name]
}

func (s *Simulator) day() travel.Day {
	month, _ := strconv.Atoi(s.from("month"))
	first, _ := travel.NewDay(s.Year, month, 1)
	next, ok := travel.NewDay(s.Year, month+1, 1)
	if !ok {
		next, _ = travel.NewDay(s.Year+1, 1, 1)
	}
	return first.AddDays(s.rnd.IntN(first.DaysUntil(next)))
}

// where sets the mode and the port.
func (s *Simulator) where(row *Row, mode string) {
	row.set(Mode, mode)
	port := s.from("port/" + mode)
	pilot := s.rnd.Float64()*100 < s.Assumptions.pilots[port]
	if s.rate("port-unknown") {
		return
	}
	row.set(Port, port)
	row.set(PilotPort, yesNo(pilot))
}

// born draws a birth date that makes the person of an age of the table.
func (s *Simulator) born(row *Row, day travel.Day, table string) {
	from, to := ages(s.from("age/" + table))
	age := from + s.rnd.IntN(to-from+1)
	birthday := travel.Day{Year: day.Year - int16(age), Month: day.Month, Date: day.Date}
	if birthday.Month == 2 && birthday.Date == 29 {
		birthday.Date = 28
	}
	row.set(Birth, birthday.AddDays(-s.rnd.IntN(365)).String())
}

func (s *Simulator) citizen(row *Row, day travel.Day) {
	s.born(row, day, "home")
	row.set(Citizenship, home)
	row.set(Document, "passport")
	if s.rate("second-citizenship") {
		row.set(Citizenship, home+" "+s.from("nationality/second"))
		row.set(PresentsAs, home)
	}
}

// alien sets what all aliens have in common.
func (s *Simulator) alien(row *Row, day travel.Day, nationality, age string) {
	s.born(row, day, age)
	if !s.rate("citizenship-unknown") {
		row.set(Citizenship, s.from("nationality/"+nationality))
	}
	row.set(Document, "passport")
	if s.rate("refused") {
		row.set(Refused, "yes")
	}
	switch {
	case s.rate("exemption-granted"):
		row.set(Exemption, "granted")
	case s.rate("exemption-claimed"):
		row.set(Exemption, "claimed")
	}
}

func (s *Simulator) resident(row *Row, day travel.Day) {
	s.alien(row, day, "resident", "home")
	row.set(Document, "resident_card")
	row.set(Class, "LPR")
	row.set(Resident, "yes")
}

func (s *Simulator) canadian(row *Row, day travel.Day) {
	s.born(row, day, "visitor")
	row.set(Citizenship, "CAN")
	row.set(Document, "passport")
	row.set(Class, "B-2")
	row.set(VisaRequired, "no")
	row.set(I94, "no")
	if s.rate("i94-unknown") {
		row.set(I94, "")
	}
}

func (s *Simulator) borderCard(row *Row, day travel.Day) {
	s.born(row, day, "border")
	row.set(Citizenship, "MEX")
	row.set(Document, "border_crossing_card")
	row.set(Class, "B-2")
	row.set(VisaRequired, "yes")
	row.set(I94, "no")
}

func (s *Simulator) nonimmigrant(row *Row, day travel.Day, mode string) {
	class := s.from("class/" + mode)
	nationality, age := group(class, mode)
	s.alien(row, day, nationality, age)
	row.set(I94, "yes")
	row.set(VisaRequired, yesNo(nationality != "waiver" && row.Cells[Citizenship] != "CAN"))
	s.official(row, class, nationality)
	if !s.rate("class-unknown") {
		row.set(Class, class)
	}
}

// official sets what is asked of the classes that the rules exempt.
func (s *Simulator) official(row *Row, class, nationality string) {
	if class == "C-3" && !s.rate("attendant-unknown") {
		row.set(Attendant, yesNo(s.rate("attendant")))
	}
	if class == "E-1" {
		row.set(TaiwanOfficial, "no")
		if s.rate("taiwan-official") {
			row.set(TaiwanOfficial, "yes")
			row.set(Citizenship, "TWN")
		}
	}
	if nationality == "official" {
		row.set(StatusEnded, yesNo(s.rate("status-ended")))
	}
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

package crossing_test

import (
	"errors"
	"testing"
	"time"

	"limen/crossing"
	"limen/errs"
	"limen/travel"
)

// ledger is a transaction that keeps everything, until it is told to fail.
type ledger struct {
	crossings []crossing.Crossing
	announced []string
	fail      string // the call that fails
}

var errLedger = errors.New("disk full")

func (l *ledger) failing(call string) error {
	if l.fail == call {
		return errLedger
	}
	return nil
}

func (l *ledger) CrossingOf(v travel.VoyageID, who travel.TravelerID, d travel.Direction) (*crossing.Crossing, error) {
	for _, c := range l.crossings {
		if c.Voyage == v && c.Traveler == who && c.Direction == d && c.Corrects == "" {
			return &c, l.failing("CrossingOf")
		}
	}
	return nil, l.failing("CrossingOf")
}

func (l *ledger) InsertCrossing(c crossing.Crossing) error {
	if err := l.failing("InsertCrossing"); err != nil {
		return err
	}
	l.crossings = append(l.crossings, c)
	return nil
}

func (l *ledger) Announce(topic, key string) error {
	if err := l.failing("Announce"); err != nil {
		return err
	}
	l.announced = append(l.announced, topic+" "+key)
	return nil
}

func whole() crossing.Crossing {
	return crossing.Crossing{ID: "x1", Traveler: "t1", Voyage: "v1", Passenger: "p1", Direction: travel.Exit, Port: "BGR", Point: "GATE-1",
		Day: travel.Day{Year: 2026, Month: 11, Date: 23}, At: time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC),
		Confirmation: crossing.Biometric, Capture: "c1", Decision: "d1"}
}

func TestRecordOnce(t *testing.T) {
	l := &ledger{}
	first, recorded, err := crossing.Record(l, whole())
	if err != nil || !recorded || first != whole() {
		t.Fatalf("%+v %v %v", first, recorded, err)
	}
	// Another gate, another capture, another decision, listed twice: the same
	// crossing.
	again := whole()
	again.Passenger = "p9"
	again.ID, again.Capture, again.Decision, again.Point = "x2", "c2", "d2", "GATE-2"
	got, recorded, err := crossing.Record(l, again)
	if err != nil || recorded || got != whole() {
		t.Errorf("the second: %+v %v %v", got, recorded, err)
	}
	if len(l.crossings) != 1 || len(l.announced) != 1 || l.announced[0] != crossing.Topic+" x1" {
		t.Errorf("%d crossings, announced %v", len(l.crossings), l.announced)
	}
	for name, change := range map[string]func(*crossing.Crossing){
		"the way back":     func(c *crossing.Crossing) { c.Direction = travel.Entry },
		"another traveler": func(c *crossing.Crossing) { c.Traveler = "t2" },
		"another voyage":   func(c *crossing.Crossing) { c.Voyage = "v2" },
	} {
		c := whole()
		change(&c)
		c.ID = travel.CrossingID(name)
		if _, recorded, err := crossing.Record(l, c); err != nil || !recorded {
			t.Errorf("%s is not a crossing of its own: %v", name, err)
		}
	}
}

// A correction is appended beside what it corrects, as often as need be.
func TestCorrectionIsAppended(t *testing.T) {
	l := &ledger{}
	for i, c := range []crossing.Crossing{whole(), whole(), whole()} {
		if i > 0 {
			c.ID, c.Corrects, c.Confirmation, c.Capture = travel.CrossingID("fix"+string(rune('0'+i))), "x1", crossing.Manual, ""
		}
		if _, recorded, err := crossing.Record(l, c); err != nil || !recorded {
			t.Fatalf("crossing %d: %v", i, err)
		}
	}
	if len(l.crossings) != 3 || l.crossings[0] != whole() || len(l.announced) != 3 {
		t.Errorf("%+v, announced %v", l.crossings, l.announced)
	}
}

func TestRecordRefusesWhatIsIncomplete(t *testing.T) {
	for name, change := range map[string]func(*crossing.Crossing){
		"no id":           func(c *crossing.Crossing) { c.ID = "" },
		"no traveler":     func(c *crossing.Crossing) { c.Traveler = "" },
		"no voyage":       func(c *crossing.Crossing) { c.Voyage = "" },
		"no passenger":    func(c *crossing.Crossing) { c.Passenger = "" },
		"no direction":    func(c *crossing.Crossing) { c.Direction = "" },
		"odd direction":   func(c *crossing.Crossing) { c.Direction = "transit" },
		"no port":         func(c *crossing.Crossing) { c.Port = "" },
		"no day":          func(c *crossing.Crossing) { c.Day = travel.Day{} },
		"no instant":      func(c *crossing.Crossing) { c.At = time.Time{} },
		"no decision":     func(c *crossing.Crossing) { c.Decision = "" },
		"no confirmation": func(c *crossing.Crossing) { c.Confirmation = "" },
		"a match of no capture": func(c *crossing.Crossing) {
			c.Capture = ""
		},
	} {
		l := &ledger{}
		c := whole()
		change(&c)
		if _, recorded, err := crossing.Record(l, c); errs.CodeOf(err) != "crossing-incomplete" || recorded || len(l.crossings)+len(l.announced) != 0 {
			t.Errorf("%s: recorded %v, %v", name, recorded, err)
		}
	}
	c := whole()
	c.Confirmation, c.Capture, c.Point = crossing.Manual, "", ""
	if _, recorded, err := crossing.Record(&ledger{}, c); err != nil || !recorded {
		t.Errorf("an officer compared person and document: %v", err)
	}
}

// A failure of any call is told as it is, so that the transaction rolls back.
func TestRecordFailsWhole(t *testing.T) {
	for _, call := range []string{"CrossingOf", "InsertCrossing", "Announce"} {
		if _, recorded, err := crossing.Record(&ledger{fail: call}, whole()); !errors.Is(err, errLedger) || recorded {
			t.Errorf("%s fails: recorded %v, %v", call, recorded, err)
		}
	}
}

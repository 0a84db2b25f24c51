package crossing_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"
	"time"

	"limen/audit"
	"limen/crossing"
	"limen/errs"
	"limen/retention"
	"limen/travel"
)

// ledger is a transaction that keeps everything, until it is told to fail.
type ledger struct {
	crossings []crossing.Crossing
	stays     []travel.CrossingID
	logged    []audit.Entry
	announced []string
	calls     []string
	fail      string // the call that fails
}

var errLedger = errors.New("disk full")

func (l *ledger) failing(call string) error {
	l.calls = append(l.calls, call)
	if l.fail == call {
		return errLedger
	}
	return nil
}

func (l *ledger) Earlier(once []string) (*crossing.Crossing, error) {
	for _, c := range l.crossings {
		for _, key := range c.Once() {
			if slices.Contains(once, key) {
				return &c, l.failing("Earlier")
			}
		}
	}
	return nil, l.failing("Earlier")
}

func (l *ledger) Crossing(id travel.CrossingID) (*crossing.Crossing, error) {
	for _, c := range l.crossings {
		if c.ID == id {
			return &c, l.failing("Crossing")
		}
	}
	return nil, l.failing("Crossing")
}

func (l *ledger) ChangeStay(c crossing.Crossing) error {
	l.stays = append(l.stays, c.ID)
	return l.failing("ChangeStay")
}

func (l *ledger) Audit(e audit.Entry) error {
	l.logged = append(l.logged, e)
	return l.failing("Audit")
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
		Confirmation: crossing.Biometric, Capture: "c1", Decision: "d1", Retention: retention.CrossingNonimmigrant}
}

func TestRecordOnce(t *testing.T) {
	l := &ledger{}
	first, recorded, err := crossing.Record(l, whole(), "rule r")
	if err != nil || !recorded || first != whole() {
		t.Fatalf("%+v %v %v", first, recorded, err)
	}
	// Another gate, another capture, another decision, listed twice: the same
	// crossing.
	again := whole()
	again.Passenger = "p9"
	again.ID, again.Capture, again.Decision, again.Point = "x2", "c2", "d2", "GATE-2"
	got, recorded, err := crossing.Record(l, again, "k1")
	if err != nil || recorded || got != whole() {
		t.Errorf("the second: %+v %v %v", got, recorded, err)
	}
	if len(l.crossings) != 1 || len(l.stays) != 1 || len(l.announced) != 1 || l.announced[0] != crossing.Topic+" x1" {
		t.Errorf("%d crossings, %d stays, announced %v", len(l.crossings), len(l.stays), l.announced)
	}
	if len(l.logged) != 1 || l.logged[0].Subject != "x1" || l.logged[0].Actor != "rule r" || !bytes.Equal(l.logged[0].Detail, whole().Detail()) {
		t.Errorf("logged %+v", l.logged)
	}
	// The same capture makes no second crossing of somebody else, either.
	other := whole()
	other.ID, other.Traveler, other.Passenger = "x3", "t3", "p3"
	if got, recorded, err := crossing.Record(l, other, "k1"); err != nil || recorded || got != whole() {
		t.Errorf("one capture, two crossings: %+v %v %v", got, recorded, err)
	}
	for name, change := range map[string]func(*crossing.Crossing){
		"the way back":     func(c *crossing.Crossing) { c.Direction = travel.Entry },
		"another traveler": func(c *crossing.Crossing) { c.Traveler = "t2" },
		"another voyage":   func(c *crossing.Crossing) { c.Voyage = "v2" },
	} {
		c := whole()
		change(&c)
		c.ID, c.Capture = travel.CrossingID(name), travel.CaptureID("capture of "+name)
		if _, recorded, err := crossing.Record(l, c, "k1"); err != nil || !recorded {
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
		if _, recorded, err := crossing.Record(l, c, "k1"); err != nil || !recorded {
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
		"no retention":    func(c *crossing.Crossing) { c.Retention = "" },
		"void of nothing": func(c *crossing.Crossing) { c.Void = true },
		"a match of no capture": func(c *crossing.Crossing) {
			c.Capture = ""
		},
	} {
		l := &ledger{}
		c := whole()
		change(&c)
		if _, recorded, err := crossing.Record(l, c, "k1"); errs.CodeOf(err) != "crossing-incomplete" || recorded || len(l.crossings)+len(l.announced) != 0 {
			t.Errorf("%s: recorded %v, %v", name, recorded, err)
		}
	}
	c := whole()
	c.Confirmation, c.Capture, c.Point = crossing.Manual, "", ""
	if _, recorded, err := crossing.Record(&ledger{}, c, "k1"); err != nil || !recorded {
		t.Errorf("an officer compared person and document: %v", err)
	}
}

// A failure of any call is told as it is, so that the transaction rolls back.
func TestRecordFailsWhole(t *testing.T) {
	for i, call := range []string{"Earlier", "InsertCrossing", "ChangeStay", "Audit", "Announce"} {
		l := &ledger{fail: call}
		if _, recorded, err := crossing.Record(l, whole(), "k1"); !errors.Is(err, errLedger) || recorded {
			t.Errorf("%s fails: recorded %v, %v", call, recorded, err)
		}
		if len(l.calls) != i+1 || l.calls[i] != call {
			t.Errorf("%s fails after the calls %v: nothing follows what failed", call, l.calls)
		}
	}
}

// A correction corrects a crossing of the same traveler, and nothing else.
func TestCorrectionOfNothingIsRefused(t *testing.T) {
	l := &ledger{crossings: []crossing.Crossing{whole()}}
	for name, change := range map[string]func(*crossing.Crossing){
		"an unknown crossing":   func(c *crossing.Crossing) { c.Corrects = "x9" },
		"somebody else's":       func(c *crossing.Crossing) { c.Traveler = "t2" },
		"itself, in the making": func(c *crossing.Crossing) { c.Corrects = c.ID },
	} {
		c := whole()
		c.ID, c.Corrects = "x2", "x1"
		change(&c)
		if _, recorded, err := crossing.Record(l, c, "k1"); errs.CodeOf(err) != "crossing-unknown" || recorded || len(l.crossings) != 1 {
			t.Errorf("%s: %v, %v", name, recorded, err)
		}
	}
}

package crash

import (
	"slices"
	"sync"
	"time"

	"limen/travel"
)

// deed is one passenger's crossing, as the parent asked for it and was told.
type deed struct {
	passenger travel.PassengerID
	voyage    travel.VoyageID
	direction travel.Direction
	alien     bool // opens a stay or closes one
	tries     []try

	sent     int               // requests that would record it
	earlier  bool              // the answer: this passenger has crossed before
	crossing travel.CrossingID // as acknowledged; "" while in doubt
	decision travel.DecisionID // as acknowledged to an officer
	doubted  bool              // a kill cut its answer

	asked, told time.Time // the first request that would record it, and the answer
}

// try is one encounter of a passenger. There is another if no answer came and
// the passenger went to another gate.
type try struct {
	encounter travel.EncounterID
	capture   travel.CaptureID // that confirms the crossing; "" if an officer looked
}

// ledger is what the parent knows. It outlives every kill.
type ledger struct {
	mu    sync.Mutex
	deeds []*deed
	heard chan struct{} // a token for each acknowledgement

	acknowledged, repeated, refused int
	// Of the deeds in doubt after a kill, how many the store had and had not.
	whole, absent int
}

func newLedger() *ledger { return &ledger{heard: make(chan struct{}, 1<<20)} }

// send notes that a request is on its way, for the nth time, and which deed it
// would record; nil if none.
func (l *ledger) send(d *deed, nth int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if nth > 0 {
		l.repeated++
	}
	if d == nil {
		return
	}
	if d.sent++; d.sent == 1 { // what is asked again may have been synced before
		d.asked = time.Now()
		l.deeds = append(l.deeds, d)
	}
}

// try notes an encounter that a deed may come of.
func (l *ledger) try(d *deed, e travel.EncounterID, c travel.CaptureID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	d.tries = append(d.tries, try{e, c})
}

// acknowledge notes an answer that says that a deed is on record.
func (l *ledger) acknowledge(d *deed, x travel.CrossingID, by travel.DecisionID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	d.crossing, d.decision, d.told = x, by, time.Now()
	l.acknowledged++
	l.heard <- struct{}{}
}

// acknowledgeEarlier notes an answer that says that an earlier try of a deed is
// on record.
func (l *ledger) acknowledgeEarlier(d *deed) {
	l.mu.Lock()
	defer l.mu.Unlock()
	d.earlier = true
	l.acknowledged++
	l.heard <- struct{}{}
}

// refuse notes an answer that the server could not do what was asked.
func (l *ledger) refuse() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refused++
}

// forget drops the tokens of acknowledgements so far.
func (l *ledger) forget() {
	for len(l.heard) > 0 {
		<-l.heard
	}
}

// settled reports whether everything that was asked for is acknowledged.
func (l *ledger) settled() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !slices.ContainsFunc(l.deeds, func(d *deed) bool { return d.crossing == "" && !d.earlier })
}

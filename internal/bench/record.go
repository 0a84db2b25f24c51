package bench

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"limen/audit"
	"limen/crossing"
	"limen/decision"
	"limen/errs"
	"limen/internal/store"
	"limen/manifest"
	"limen/retention"
	"limen/stay"
	"limen/travel"
)

// RecordLimit is how many crossings a second are promised, as a part of the
// bare inserts a second of the same database.
const RecordLimit = 0.5

// travelers is how many people cross in turn, each with one stay after another,
// on how many voyages at most: 2 × travelers × voyages crossings.
const travelers, voyages = 2000, 1000

func voyageID(i int) travel.VoyageID { return travel.VoyageID("bench-" + strconv.Itoa(i)) }

// Record compares acknowledged crossings with bare inserts, in one database by
// turns. A crossing is everything that crossing.Record makes durable: the
// crossing, its keys, the change of a stay, the audit leaves of both
// and the outbox row; a bare insert is one row of the same columns with a commit
// of its own.
type Record struct {
	Name  string // of the database
	Store *store.Store
	// Bare is the same database, with as many connections as it serves writers.
	Bare *sql.DB
	// Round is how long each of the two is measured at a time.
	Round  time.Duration
	Rounds int

	closers []func() error
	people  []person
	inserts atomic.Int64
}

// person crosses again and again, one time after another.
type person struct {
	mu        sync.Mutex
	traveler  travel.TravelerID
	passenger travel.PassengerID
	trips     int
}

// Prepare fills in what crossings refer to.
func (r *Record) Prepare(ctx context.Context) error {
	if _, err := r.Bare.ExecContext(ctx, `CREATE TABLE IF NOT EXISTS bare (id TEXT PRIMARY KEY, traveler TEXT NOT NULL, voyage TEXT NOT NULL, passenger TEXT NOT NULL,
		direction TEXT NOT NULL, port TEXT NOT NULL, point TEXT NOT NULL, day TEXT NOT NULL, at BIGINT NOT NULL, confirmation TEXT NOT NULL, capture TEXT NOT NULL,
		decision TEXT NOT NULL, corrects TEXT NOT NULL, recorded_late BOOLEAN NOT NULL, void BOOLEAN NOT NULL, class TEXT NOT NULL, due BIGINT NOT NULL)`); err != nil {
		return err
	}
	r.people = make([]person, travelers)
	now := time.Now()
	far := now.AddDate(75, 0, 0)
	return r.Store.Write(ctx, func(tx *store.Tx) error {
		for i := range voyages {
			if err := tx.PutVoyage(store.Voyage{Voyage: travel.Voyage{ID: voyageID(i)}, Ends: now}); err != nil {
				return err
			}
		}
		if err := tx.InsertEncounter(store.Encounter{Encounter: travel.Encounter{ID: "bench-encounter", Voyage: voyageID(0)}, Class: retention.Listing, Due: far}); err != nil {
			return err
		}
		e, err := tx.Encounter("bench-encounter")
		if err != nil {
			return err
		}
		if err := tx.InsertDecision(decision.Decision{ID: "bench-decision", Encounter: e.ID}, e.KeyID, now); err != nil {
			return err
		}
		for i := range r.people {
			p := &r.people[i]
			p.traveler, p.passenger = travel.TravelerID(newID()), travel.PassengerID(newID())
			if err := tx.InsertTraveler(store.Traveler{Traveler: travel.Traveler{ID: p.traveler}, Class: retention.Listing, Due: far}, now); err != nil {
				return err
			}
			if err := tx.PutPassenger(store.Passenger{ID: p.passenger, Voyage: voyageID(0), Position: i, Traveler: p.traveler, Listed: manifest.Passenger{}, Class: retention.Listing, Due: far}); err != nil {
				return err
			}
		}
		return nil
	})
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// Rows measures at the given numbers of clients.
func (r *Record) Rows(ctx context.Context, progress io.Writer, clients []int) (rows []Row, err error) {
	for _, n := range clients {
		fmt.Fprintf(progress, "crossings against bare inserts: %s, %d clients\n", r.Name, n)
		var waits []time.Duration
		record := func() (float64, error) {
			rate, took, err := r.run(ctx, n, r.cross)
			waits = append(waits, took...)
			return rate, err
		}
		bare := func() (float64, error) {
			rate, _, err := r.run(ctx, n, r.insert)
			return rate, err
		}
		ratio, err := compare(ctx, record, bare, r.Rounds)
		if err != nil {
			return nil, err
		}
		slices.Sort(waits)
		rows = append(rows, RatioRow(fmt.Sprintf("crossings : inserts, %s, %d clients", r.Name, n),
			fmt.Sprintf("%.0f : %.0f a second, p99 %s", ratio.Numerator, ratio.Denominator, inMilliseconds(waits[len(waits)*99/100])), ratio, AtLeast(RecordLimit)))
	}
	return rows, nil
}

func inMilliseconds(d time.Duration) string {
	return strconv.FormatFloat(float64(d)/float64(time.Millisecond), 'f', 1, 64) + " ms"
}

// run calls do from n clients for a round and returns how many calls a second
// were answered, and how long each took.
func (r *Record) run(ctx context.Context, n int, do func(ctx context.Context, client, of int) error) (float64, []time.Duration, error) {
	var wg sync.WaitGroup
	took, failed := make([][]time.Duration, n), make(chan error, n)
	began := time.Now()
	for c := range n {
		wg.Go(func() {
			for time.Since(began) < r.Round {
				at := time.Now()
				if err := do(ctx, c, n); err != nil {
					failed <- err
					return
				}
				took[c] = append(took[c], time.Since(at))
			}
		})
	}
	wg.Wait()
	elapsed := time.Since(began)
	select {
	case err := <-failed:
		return 0, nil, err
	default:
	}
	all := slices.Concat(took...)
	return float64(len(all)) / elapsed.Seconds(), all, nil
}

// insert is the bare insert.
func (r *Record) insert(ctx context.Context, client, of int) error {
	p := &r.people[int(r.inserts.Add(1))%len(r.people)]
	c := r.crossing(p, travel.Exit)
	_, err := r.Bare.ExecContext(ctx, `INSERT INTO bare VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		string(c.ID), string(c.Traveler), string(c.Voyage), string(c.Passenger), string(c.Direction), string(c.Port), string(c.Point), c.Day.String(),
		c.At.UnixMicro(), string(c.Confirmation), string(c.Capture), string(c.Decision), string(c.Corrects), c.RecordedLate, c.Void, string(c.Retention), int64(1))
	return err
}

// cross records the next crossing of one of the client's people.
func (r *Record) cross(ctx context.Context, client, of int) error {
	i := client
	if turns := len(r.people) / of; turns > 1 {
		i = client + of*(int(r.inserts.Add(1))%turns)
	}
	p := &r.people[i]
	p.mu.Lock()
	defer p.mu.Unlock()
	d := travel.Entry
	if p.trips%2 == 1 {
		d = travel.Exit
	}
	c := r.crossing(p, d)
	c.Voyage = voyageID(p.trips / 2) // there and back, then the next
	p.trips++
	recorded := false
	err := r.Store.WriteAhead(ctx, store.Ahead{Once: c.Once(), Stays: []string{string(p.traveler)}}, func(tx *store.Tx) (err error) {
		_, recorded, err = crossing.Record(benchTx{tx}, c, "bench")
		return err
	})
	if err == nil && !recorded {
		err = errs.New(errs.Broken, "bench-record", "a crossing was taken for a repeat")
	}
	return err
}

func (r *Record) crossing(p *person, d travel.Direction) crossing.Crossing {
	now := time.Now()
	return crossing.Crossing{ID: travel.CrossingID(newID()), Traveler: p.traveler, Voyage: voyageID(0), Passenger: p.passenger, Direction: d, Port: "BGR", Point: "GATE-1",
		Day: travel.DayOf(now), At: now, Confirmation: crossing.Biometric, Capture: travel.CaptureID(newID()), Decision: "bench-decision",
		Retention: retention.CrossingNonimmigrant}
}

// benchTx changes stays as the path does, with an entry in the audit log for
// each, and asks as it does whether the traveler's file was ever merged.
type benchTx struct{ *store.Tx }

func (t benchTx) Announce(topic, key string) error { return t.Tx.Announce(topic, key, time.Now()) }

func (t benchTx) ChangeStay(c crossing.Crossing) error {
	open, err := t.OpenStay(c.Traveler)
	if err != nil {
		return err
	}
	var was *stay.Stay
	if open != nil {
		was = &open.Stay
	}
	if c.Direction == travel.Exit {
		closed, lead := stay.Depart(was, c.Traveler, c.ID, c.Day)
		if closed == nil || lead != nil {
			return errs.New(errs.Broken, "bench-record", "no stay was open")
		}
		s := *open
		s.Stay = *closed
		return t.putStay(s)
	}
	if merged, err := t.FileRecords(c.Traveler); err != nil || len(merged) > 0 {
		return errs.New(errs.Broken, "bench-record", "the traveler's file is not as it was made: %w", err)
	}
	fresh, missed, _ := stay.Admit(was, stay.Admission{ID: newID(), Traveler: c.Traveler, Day: c.Day, Class: "B-2", AdmitUntil: c.Day.AddDays(90), Crossing: c.ID})
	if missed != nil {
		return errs.New(errs.Broken, "bench-record", "a stay was open")
	}
	return t.putStay(store.Stay{Stay: fresh, Port: c.Port, Mode: "air", Country: "XXX"})
}

func (t benchTx) putStay(s store.Stay) error {
	if err := t.PutStay(s); err != nil {
		return err
	}
	return t.Audit(audit.Entry{At: time.Now(), Actor: "bench", Action: "stay", Subject: s.ID, Purpose: "authorized stay", Detail: s.Detail()})
}

// MaxClients bounds the clients of a measurement.
const MaxClients = 1024

// FlatLimit is how much more memory the last crossings may be recorded in than
// the first tenth.
const FlatLimit = 1.25

// Flat records total crossings with n clients and compares the most memory
// that the process had after all of them with what it had after a tenth.
func (r *Record) Flat(ctx context.Context, progress io.Writer, n, total int) (Row, error) {
	if total < 10*n || total > 2*travelers*voyages {
		return Row{}, errs.New(errs.Invalid, "bench-total", "%d clients can record %d to %d crossings", n, 10*n, 2*travelers*voyages)
	}
	var left atomic.Int64
	var tenth int64
	began := time.Now()
	for part := range 10 {
		left.Store(int64(total / 10))
		var group errgroup.Group
		for c := range n {
			group.Go(func() error {
				for left.Add(-1) >= 0 {
					if err := r.cross(ctx, c, n); err != nil {
						return err
					}
				}
				return nil
			})
		}
		if err := group.Wait(); err != nil {
			return Row{}, err
		}
		if part == 0 {
			tenth = PeakMemory(0)
		}
		fmt.Fprintf(progress, "%s: %d crossings, peak memory %s\n", r.Name, (part+1)*(total/10), Bytes(PeakMemory(0)))
	}
	last := PeakMemory(0)
	if tenth <= 0 {
		return Row{}, errs.New(errs.Broken, "bench-memory", "this system does not say how much memory a process has")
	}
	ratio := float64(last) / float64(tenth)
	return Row{What: fmt.Sprintf("memory, %s, %d clients", r.Name, n), Measured: fmt.Sprintf("%s after %d, %.0f a second", Bytes(last), total, float64(total)/time.Since(began).Seconds()),
		Value: ratio, Unit: "×", Target: AtMost(FlatLimit), Met: ratio <= FlatLimit}, nil
}

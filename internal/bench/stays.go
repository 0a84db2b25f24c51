package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"

	"limen/errs"
	"limen/internal/store"
	"limen/internal/store/pgtest"
	"limen/internal/store/postgres"
	"limen/stay"
	"limen/travel"
)

// StaysLimit is how much longer the status of every stay may take than reading
// the same rows and doing nothing with them.
const StaysLimit = 3

// GrowthLimit is how much longer one departure may take with a thousand times
// the stays on record.
const GrowthLimit = 1.5

// Stays measures the status of stays that lie in a PostgreSQL store.
type Stays struct {
	Rounds int
	// Departures is how many are measured at each size.
	Departures int

	store  *store.Store
	conn   *pgx.Conn
	server *pgtest.Server
	loaded int
	left   int // departures made
}

// statusDay is the day that stays are asked about; they began in the years
// before.
var statusDay = travel.Day{Year: 2026, Month: 11, Date: 23}

// OnStays starts a throw-away server for stays that do not exist. Its error is
// pgtest.ErrMissing where there is no PostgreSQL.
func OnStays(ctx context.Context) (_ *Stays, err error) {
	b := &Stays{Rounds: 3, Departures: 200}
	defer func() {
		if err != nil {
			err = errors.Join(err, b.Close())
		}
	}()
	if b.server, err = pgtest.New(ctx, pgtest.Options{Settings: map[string]string{"max_wal_size": "4GB", "maintenance_work_mem": "256MB"}}); err != nil {
		return nil, err
	}
	name, err := b.server.NewDatabase(ctx)
	if err != nil {
		return nil, err
	}
	if b.store, err = postgres.Open(ctx, b.server.URL(name), nil); err != nil {
		return nil, err
	}
	b.conn, err = pgx.Connect(ctx, b.server.URL(name))
	return b, err
}

// Close stops the server and removes its files.
func (b *Stays) Close() error {
	var err error
	if b.conn != nil {
		err = b.conn.Close(context.Background())
	}
	if b.store != nil {
		err = errors.Join(err, b.store.Close())
	}
	if b.server != nil {
		err = errors.Join(err, b.server.Stop())
	}
	return err
}

// Load adds stays until there are n, with COPY. The indexes are made anew after
// it: rows of one load are no history.
func (b *Stays) Load(ctx context.Context, n int) error {
	indexes, err := b.dropIndexes(ctx)
	if err != nil {
		return err
	}
	if b.loaded == 0 {
		if err := b.people(ctx); err != nil {
			return err
		}
	}
	from := b.loaded
	_, err = b.conn.CopyFrom(ctx, pgx.Identifier{"admissions"}, store.StayColumnNames(), pgx.CopyFromSlice(n-from, func(i int) ([]any, error) {
		return store.StayRow(someStay(from + i)), nil
	}))
	if err != nil {
		return err
	}
	for _, statement := range append(indexes, "VACUUM ANALYZE admissions", "CHECKPOINT") {
		if _, err := b.conn.Exec(ctx, statement); err != nil {
			return err
		}
	}
	b.loaded = n
	return nil
}

// people are the travelers who will leave: the first ones.
func (b *Stays) people(ctx context.Context) error {
	_, err := b.conn.CopyFrom(ctx, pgx.Identifier{"travelers"}, []string{"id", "key_id", "person", "created", "class", "due"},
		pgx.CopyFromSlice(maxLeavers, func(i int) ([]any, error) {
			return []any{string(someStay(i).Traveler), fmt.Sprint("key-", i), []byte{}, int64(1), "crossing-nonimmigrant", int64(1) << 60}, nil
		}))
	return err
}

// maxLeavers is how many travelers are there to leave.
const maxLeavers = 5000

func (b *Stays) dropIndexes(ctx context.Context) (again []string, err error) {
	rows, err := b.conn.Query(ctx, `SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'admissions' AND indexname NOT LIKE '%pkey%' ORDER BY indexname`)
	if err != nil {
		return nil, err
	}
	var names []string
	for rows.Next() {
		var name, def string
		if err := rows.Scan(&name, &def); err != nil {
			return nil, err
		}
		names, again = append(names, name), append(again, def)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for _, name := range names {
		if _, err := b.conn.Exec(ctx, "DROP INDEX "+pgx.Identifier{name}.Sanitize()); err != nil {
			return nil, err
		}
	}
	return again, nil
}

// someStay is stay i of people who do not exist. Of the first maxLeavers all
// are open and past their day; of the others two in three have left, some late,
// one in ten was admitted for D/S, one in fifty was extended.
func someStay(i int) store.Stay {
	id := fmt.Sprintf("%08x-0000-7000-8000-%012x", uint32(i)*2654435761, i)
	day := statusDay.AddDays(-150 - i*7919%900)
	s := store.Stay{Port: []travel.Port{"JFK", "LAX", "BGR"}[i%3], Mode: "air", Country: []travel.Country{"GBR", "FRA", "MEX", "IND"}[i%4],
		Stay: stay.Stay{Admission: stay.Admission{ID: "a" + id, Traveler: travel.TravelerID("t" + id), Day: day, Class: "B-2", AdmitUntil: day.AddDays(90)}}}
	if i < maxLeavers {
		return s
	}
	s.Crossing = travel.CrossingID("x" + id)
	if i%10 == 0 {
		s.Class, s.AdmitUntil, s.DurationOfStatus = "F-1", travel.Day{}, true
	}
	if i%50 == 1 {
		s.Changes = []stay.Change{{ID: "c" + id, Traveler: s.Traveler, Admission: s.ID, Kind: stay.Extension, Outcome: stay.Granted,
			Filed: day.AddDays(60), Day: day.AddDays(91), AdmitUntil: day.AddDays(180)}}
	}
	if i%3 != 0 {
		s.Closed, s.ClosedBy = day.AddDays(i%120), travel.CrossingID("y"+id)
	}
	return s
}

// Rows measures at each size, smallest first: one departure, and at the last
// size the status of all stays.
func (b *Stays) Rows(ctx context.Context, progress io.Writer, sizes []int) (rows []Row, err error) {
	var first float64
	for i, n := range sizes {
		fmt.Fprintf(progress, "loading %d stays\n", n)
		if err := b.Load(ctx, n); err != nil {
			return nil, err
		}
		ratio, err := b.depart(ctx)
		if err != nil {
			return nil, err
		}
		if i == 0 {
			first = ratio.Median
		}
		measured := fmt.Sprintf("%.1f : %.1f ms", ratio.Numerator/1e6, ratio.Denominator/1e6)
		rows = append(rows, RatioRow(fmt.Sprintf("a late departure : a bare insert, %d stays", n), measured, ratio, nil))
		fmt.Fprintf(progress, "%d stays: a departure takes %.1f bare inserts (%s)\n", n, ratio.Median, measured)
		if i == len(sizes)-1 {
			growth := ratio.Median / first
			rows = append(rows, Row{What: fmt.Sprintf("the same with %d : %d stays", n, sizes[0]), Measured: fmt.Sprintf("%.1f : %.1f", ratio.Median, first), Value: growth, Unit: "×",
				Target: AtMost(GrowthLimit), Met: growth <= GrowthLimit})
		}
	}
	status, err := b.status(ctx, progress)
	return append(rows, status), err
}

// status compares the status of every stay with a plain read of the same rows,
// by turns, over one connection of the store's readers each.
func (b *Stays) status(ctx context.Context, progress io.Writer) (Row, error) {
	rate := func(run func(*store.Tx) (int, error)) func() (float64, error) {
		return func() (float64, error) {
			began, n := time.Now(), 0
			err := b.store.Read(ctx, func(tx *store.Tx) (err error) { n, err = run(tx); return err })
			if err == nil && n != b.loaded {
				err = errs.New(errs.Broken, "bench-stays", "%d stays were read of %d", n, b.loaded)
			}
			took := time.Since(began)
			fmt.Fprintf(progress, "%d stays in %.1f s\n", n, took.Seconds())
			return float64(took.Nanoseconds()), err
		}
	}
	resetPeak()
	states := map[stay.State]int{}
	ratio, err := compare(ctx, rate(func(tx *store.Tx) (n int, err error) {
		clear(states)
		err = tx.EachStay(func(s store.Stay) error { states[s.StatusOn(statusDay).State]++; n++; return nil })
		return n, err
	}), rate(func(tx *store.Tx) (n int, err error) {
		err = tx.Rows(func(func(...any) error) error { n++; return nil }, `SELECT `+store.StayColumns+` FROM admissions r`)
		return n, err
	}), b.Rounds)
	if err != nil {
		return Row{}, err
	}
	if states[stay.SuspectedInCountry] == 0 || states[stay.OutOfCountryOverstay] == 0 || states[stay.NoDate] == 0 {
		return Row{}, errs.New(errs.Broken, "bench-stays", "the stays are all alike: %v", states)
	}
	seconds := ratio.Numerator / 1e9
	return RatioRow(fmt.Sprintf("status of %d stays : reading the rows", b.loaded),
		fmt.Sprintf("%.0f k rows/s : %.0f k rows/s, memory %s", float64(b.loaded)/seconds/1e3, float64(b.loaded)/(ratio.Denominator/1e9)/1e3, Bytes(PeakMemory(0))),
		ratio, AtMost(StaysLimit)), nil
}

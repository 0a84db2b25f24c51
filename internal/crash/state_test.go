package crash

import (
	"context"
	"database/sql"
	"path/filepath"
)

// state is what the database says, read with SQL of the harness's own.
type state struct {
	crossings []crossingRow
	decisions map[string]decisionRow // by encounter
	encounter map[string]string      // the decision that ended it, by encounter
	leaves    map[string]int         // of decisions, by decision
	outbox    map[string]int         // by crossing
	opened    map[string]int         // stays, by the crossing that opened them
	closed    map[string]int         // stays, by the crossing that closed them
	confirmed map[string]bool        // captures that confirmed somebody
}

type crossingRow struct{ id, passenger, voyage, direction, capture, decision string }

type decisionRow struct{ id, passenger, outcome string }

// read reads the state of a data folder in one transaction, beside the server.
func read(ctx context.Context, dir string) (*state, error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "limen.db")+"?mode=ro&_pragma=busy_timeout(10000)")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	r := reader{ctx: ctx, tx: tx}
	s := &state{decisions: map[string]decisionRow{}, encounter: map[string]string{}, confirmed: map[string]bool{}}
	r.rows(`SELECT id, passenger, voyage, direction, capture, decision FROM crossings`, func(c []string) {
		s.crossings = append(s.crossings, crossingRow{c[0], c[1], c[2], c[3], c[4], c[5]})
	})
	r.rows(`SELECT encounter, id, passenger, outcome FROM decisions`, func(c []string) { s.decisions[c[0]] = decisionRow{c[1], c[2], c[3]} })
	r.rows(`SELECT id, decision FROM encounters WHERE decision <> ''`, func(c []string) { s.encounter[c[0]] = c[1] })
	r.rows(`SELECT id FROM captures WHERE action = 'confirmed'`, func(c []string) { s.confirmed[c[0]] = true })
	s.leaves = r.count(`SELECT subject FROM audit WHERE action = 'decision'`)
	s.outbox = r.count(`SELECT key FROM outbox WHERE topic = 'crossing'`)
	s.opened = r.count(`SELECT crossing FROM admissions WHERE crossing <> ''`)
	s.closed = r.count(`SELECT closed_by FROM admissions WHERE closed_by <> ''`)
	return s, r.err
}

// reader collects rows of text; after an error it reads no more.
type reader struct {
	ctx context.Context
	tx  *sql.Tx
	err error
}

func (r *reader) rows(query string, each func(columns []string)) {
	if r.err != nil {
		return
	}
	rows, err := r.tx.QueryContext(r.ctx, query)
	if err != nil {
		r.err = err
		return
	}
	defer rows.Close()
	names, _ := rows.Columns()
	for rows.Next() && r.err == nil {
		c, dst := make([]string, len(names)), make([]any, len(names))
		for i := range c {
			dst[i] = &c[i]
		}
		r.err = rows.Scan(dst...)
		each(c)
	}
	if r.err == nil {
		r.err = rows.Err()
	}
}

func (r *reader) count(query string) map[string]int {
	n := map[string]int{}
	r.rows(query, func(c []string) { n[c[0]]++ })
	return n
}

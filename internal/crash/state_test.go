package crash

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver for PostgreSQL
	_ "modernc.org/sqlite"             // and for SQLite

	"limen/audit"
)

// state is what the database says, read with SQL of the harness's own.
type state struct {
	crossings []crossingRow
	decisions map[string]decisionRow // by encounter
	encounter map[string]string      // the decision that ended it, by encounter
	leaves    map[string]int         // of crossings, by crossing
	judged    map[string]int         // leaves of decisions, by decision
	once      map[string]int         // keys that only one crossing may have, by crossing
	outbox    map[string]int         // by crossing
	opened    map[string]int         // stays, by the crossing that opened them
	closed    map[string]int         // stays, by the crossing that closed them
	confirmed map[string]bool        // captures that confirmed somebody
	broken    []string               // gaps and wrong hashes of the audit log and the outbox
}

type crossingRow struct{ id, passenger, voyage, direction, capture, decision string }

type decisionRow struct{ id, passenger, outcome string }

// read reads the state of a site in one transaction, beside the server.
func read(ctx context.Context, at place) (*state, error) {
	driver, url, o := "pgx", at.store, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	if url == "" {
		driver, url, o = "sqlite", "file:"+filepath.Join(at.data(), "limen.db")+"?mode=ro&_pragma=busy_timeout(10000)", nil
	}
	db, err := sql.Open(driver, url)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	tx, err := db.BeginTx(ctx, o)
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
	s.leaves = r.count(`SELECT subject FROM audit WHERE action = 'crossing'`)
	s.judged = r.count(`SELECT subject FROM audit WHERE action = 'decision'`)
	s.once = r.count(`SELECT crossing FROM crossing_once`)
	s.outbox = r.count(`SELECT key FROM outbox WHERE topic = 'crossing'`)
	s.opened = r.count(`SELECT crossing FROM admissions WHERE crossing <> ''`)
	s.closed = r.count(`SELECT closed_by FROM admissions WHERE closed_by <> ''`)
	s.log(&r)
	return s, r.err
}

// log reads the audit log and the outbox as the chains that they are.
func (s *state) log(r *reader) {
	tree := &audit.Tree{}
	r.rows(`SELECT seq, leaf, hashes FROM audit ORDER BY seq`, func(c []string) {
		seq, hashes := tree.Append([]byte(c[1]))
		if c[0] != fmt.Sprint(seq) || c[2] != string(hashes) {
			s.broken = append(s.broken, fmt.Sprintf("leaf %s of the audit log stands at %d, or its hashes are others", c[0], seq))
		}
	})
	announced := 0
	r.rows(`SELECT seq FROM outbox ORDER BY seq`, func(c []string) {
		if announced++; c[0] != fmt.Sprint(announced) {
			s.broken = append(s.broken, fmt.Sprintf("announcement %s stands at %d", c[0], announced))
		}
	})
	r.rows(`SELECT size, outbox FROM log_head`, func(c []string) {
		if c[0] != fmt.Sprint(tree.Size()) || c[1] != fmt.Sprint(announced) {
			s.broken = append(s.broken, fmt.Sprintf("the head says %s leaves and %s announcements, there are %d and %d", c[0], c[1], tree.Size(), announced))
		}
	})
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

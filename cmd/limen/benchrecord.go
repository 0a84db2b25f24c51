package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"

	"limen/internal/bench"
	"limen/internal/store/pgtest"
)

type benchRecordCmd struct {
	Only    []string `help:"Only these databases: sqlite, postgres." enum:"sqlite,postgres" default:"sqlite,postgres"`
	Clients []int    `help:"How many clients at a time." default:"1,16,64"`
	Rounds  int      `help:"How often the two are measured by turns, a second each." default:"8"`
	Store   string   `help:"An EMPTY PostgreSQL database to measure, postgres://… (default: a throw-away server of this program's own)."`
	Dir     string   `help:"Folder on the disk to measure (default: the temporary folder)." type:"existingdir"`
	Total   int      `help:"Instead: record so many crossings with the most clients, and watch the memory." placeholder:"N"`
	JSON    bool     `name:"json" help:"Print the rows as JSON."`
}

// Help says what is compared with what.
func (benchRecordCmd) Help() string {
	return `A crossing is acknowledged when it is durable with everything that belongs to it: its row, its
idempotency keys, the change of a stay, the audit leaf in the Merkle tree and the outbox row.
Against it, by turns on the same database: a bare insert of one row of the same columns,
with a commit of its own. The ratio means the same on a busy machine and on a slow disk.

Examples:
  limen bench record
  limen bench record --only sqlite --clients 1,64 --rounds 4
  limen bench record --only postgres --store postgres://user@host/empty
  limen bench record --total 1000000          is the memory flat?`
}

// Run measures.
func (c *benchRecordCmd) Run(ctx context.Context, io *streams) error {
	if c.Rounds < 1 || len(c.Clients) == 0 || slices.Min(c.Clients) < 1 || slices.Max(c.Clients) > bench.MaxClients {
		return fmt.Errorf("--rounds is at least 1, --clients are 1 to %d", bench.MaxClients)
	}
	var rows []bench.Row
	for _, name := range c.Only {
		more, err := c.measure(ctx, io, name)
		if errors.Is(err, pgtest.ErrMissing) && len(c.Only) > 1 {
			fmt.Fprintln(io.Err, err)
			continue
		}
		if err != nil {
			return err
		}
		rows = append(rows, more...)
	}
	if c.JSON {
		enc := json.NewEncoder(io.Out)
		enc.SetIndent("", "  ")
		return enc.Encode(rows)
	}
	return bench.WriteTable(io.Out, rows)
}

func (c *benchRecordCmd) measure(ctx context.Context, io *streams, name string) (rows []bench.Row, err error) {
	dir, err := os.MkdirTemp(c.Dir, "limen-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	most := slices.Max(c.Clients)
	var r *bench.Record
	if name == "sqlite" {
		r, err = bench.OnSQLite(ctx, dir)
	} else {
		r, err = bench.OnPostgres(ctx, dir, c.Store, most)
	}
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	r.Rounds = c.Rounds
	if err := r.Prepare(ctx); err != nil {
		return nil, err
	}
	if c.Total > 0 {
		row, err := r.Flat(ctx, io.Err, most, c.Total)
		return []bench.Row{row}, err
	}
	return r.Rows(ctx, io.Err, c.Clients)
}

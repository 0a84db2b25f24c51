package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"limen/internal/bench"
)

type benchStaysCmd struct {
	Stays  int  `help:"How many stays lie in the store." default:"10000000"`
	Rounds int  `help:"How often the two readings are measured by turns." default:"3"`
	JSON   bool `name:"json" help:"Print the rows as JSON."`
}

// Help says what is compared with what.
func (benchStaysCmd) Help() string {
	return `Loads stays of people who do not exist into a PostgreSQL server of this program's own and
asks for the status of each on one day, through the store and the law of package stay, against
reading the same rows and doing nothing with them. Then one departure: its stay closed, its lead
cleared, another raised, with 10,000, 1,000,000 and all stays on record: it must not get slower.
Ten million stays take some 8 GB of the temporary folder while it runs.

Examples:
  limen bench stays
  limen bench stays --stays 100000 --rounds 2`
}

// Run measures.
func (c *benchStaysCmd) Run(ctx context.Context, io *streams) (err error) {
	if c.Stays < 20_000 || c.Rounds < 1 {
		return fmt.Errorf("--stays is at least 20000, --rounds at least 1")
	}
	b, err := bench.OnStays(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.Close()) }()
	b.Rounds = c.Rounds
	sizes := []int{10_000}
	if c.Stays > 1_000_000 {
		sizes = append(sizes, 1_000_000)
	}
	rows, err := b.Rows(ctx, io.Err, append(sizes, c.Stays))
	if err != nil {
		return err
	}
	if c.JSON {
		enc := json.NewEncoder(io.Out)
		enc.SetIndent("", "  ")
		return enc.Encode(rows)
	}
	return bench.WriteTable(io.Out, rows)
}

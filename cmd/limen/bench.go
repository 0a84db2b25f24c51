package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"limen/internal/bench"
)

type benchCmd struct {
	Engine  benchEngineCmd  `cmd:"" default:"withargs" help:"The path and the search: overhead, scaling, search, start (this is what limen bench runs)."`
	Record  benchRecordCmd  `cmd:"" help:"Acknowledged crossings a second, against bare inserts into the same database."`
	Linkage benchLinkageCmd `cmd:"" help:"Departures matched to arrivals: precision, recall, and how the cost grows."`
	Stays   benchStaysCmd   `cmd:"" help:"Status of ten million stays in the store, against reading the same rows."`
}

type benchEngineCmd struct {
	Assets string   `help:"Folder of the models and the runtime (default: found beside the program or the checkout)." type:"path" env:"LIMEN_ASSETS"`
	Only   []string `help:"Only these parts: overhead, scaling, search, start." enum:"overhead,scaling,search,start" default:"overhead,scaling,search,start"`
	Sizes  []int    `help:"Gallery sizes of the search." default:"500,5000,50000,500000"`
	JSON   bool     `name:"json" help:"Print the rows as JSON."`
	First  string   `hidden:"" help:"Answer one capture in this data folder and end: what the start is measured on." type:"path"`
}

// Help says what each part compares.
func (benchEngineCmd) Help() string {
	return `Every figure is a ratio of two things measured by turns in the same minute, so it means
the same on a busy machine:
  overhead  capture to recommendation, against decoding and the raw model runs
  scaling   frames a second with all cores busy, against one core times their number
  search    exact 1:N search, against a plain read of the same memory
  start     start of the program to its first recommendation, and its peak memory

Examples:
  limen bench
  limen bench --only search --sizes 500,50000
  limen bench --json > bench.json
  limen bench record --help`
}

const startMarker = "first recommendation"

// Run measures.
func (c *benchEngineCmd) Run(ctx context.Context, io *streams) error {
	if c.First != "" {
		return c.first(ctx, io)
	}
	var rows []bench.Row
	wants := func(part string) bool { return slices.Contains(c.Only, part) }
	if wants("overhead") || wants("scaling") || wants("start") {
		more, err := c.path(ctx, io, wants)
		if err != nil {
			return err
		}
		rows = append(rows, more...)
	}
	if wants("search") {
		searched, err := bench.Search(ctx, io.Err, c.Sizes)
		if err != nil {
			return err
		}
		for _, s := range searched {
			rows = append(rows, s.Rows()...)
		}
	}
	if c.JSON {
		enc := json.NewEncoder(io.Out)
		enc.SetIndent("", "  ")
		return enc.Encode(rows)
	}
	if err := bench.WriteTable(io.Out, rows); err != nil {
		return err
	}
	_, err := fmt.Fprintf(io.Out, "\npeak memory of this process: %s\n", bench.Bytes(bench.PeakMemory(os.Getpid())))
	return err
}

func (c *benchEngineCmd) path(ctx context.Context, io *streams, wants func(string) bool) (rows []bench.Row, err error) {
	dir, err := os.MkdirTemp("", "limen-bench-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	engine, cal, err := c.engine().open()
	if err != nil {
		return nil, err
	}
	defer engine.Close()
	fmt.Fprintln(io.Err, "filling a voyage's gallery")
	p, err := bench.NewPath(ctx, filepath.Join(dir, "data"), engine, cal)
	if err != nil {
		return nil, err
	}
	defer func() { p.App.Close() }()
	if wants("overhead") {
		fmt.Fprintln(io.Err, "capture to recommendation against the raw models")
		more, err := p.Overhead(ctx)
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	if wants("scaling") {
		fmt.Fprintln(io.Err, "all cores against one")
		more, err := p.Scaling(ctx, runtime.GOMAXPROCS(0))
		if err != nil {
			return nil, err
		}
		rows = append(rows, more...)
	}
	if !wants("start") {
		return rows, nil
	}
	fmt.Fprintln(io.Err, "starting anew")
	if err := p.WriteFrame(filepath.Join(dir, "frame.jpg")); err != nil {
		return nil, err
	}
	if err := p.App.Close(); err != nil { // the program that is started needs the folder
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	argv := []string{self, "bench", "--first", dir}
	if c.Assets != "" {
		argv = append(argv, "--assets", c.Assets)
	}
	deadline, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	first, err := bench.FirstAnswer(deadline, argv, startMarker)
	if err != nil {
		return nil, err
	}
	return append(rows, first.Rows(time.Second)...), nil
}

func (c *benchEngineCmd) engine() engineFlags {
	return engineFlags{Assets: c.Assets, Calibration: "phantoms"}
}

// first is the program that is started anew: store, keys, engine, gallery from
// its sealed references, one capture.
func (c *benchEngineCmd) first(ctx context.Context, io *streams) error {
	frame, err := os.ReadFile(filepath.Join(c.First, "frame.jpg"))
	if err != nil {
		return err
	}
	engine, cal, err := c.engine().open()
	if err != nil {
		return err
	}
	defer engine.Close()
	p, err := bench.ReopenPath(ctx, filepath.Join(c.First, "data"), frame, engine, cal)
	if err != nil {
		return err
	}
	defer p.App.Close()
	a, err := p.Answer(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(io.Out, startMarker, a.Action)
	return nil
}

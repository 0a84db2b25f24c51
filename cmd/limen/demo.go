package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"

	"limen/internal/demo"
	"limen/internal/sim"
)

type demoCmd struct {
	Assets string `help:"Folder of the models and the runtime (default: found beside the program or the checkout)." type:"path" env:"LIMEN_ASSETS"`
	Once   bool   `help:"End after the day instead of serving its records."`
	JSON   bool   `name:"json" help:"Print the summary as JSON on standard output, and nothing else there."`
	Faces  string `help:"Use one's own photographs: a folder with one folder a person, two or more images in each." type:"existingdir"`
	Seed   uint64 `help:"Another seed is another day." default:"1"`
	Data   string `help:"Empty folder for the data; it is kept (default: a temporary one, removed at the end)." type:"path"`
	Listen string `help:"Address of API and voyage board." default:"127.0.0.1:8080"`
}

// Help says what will be seen.
func (demoCmd) Help() string {
	return `A day at a small airport: manifests come in, galleries are built from document portraits,
cameras send frames, travelers are identified, people and one written rule decide, crossings
are recorded. The simulator knows the truth; the system does not.

Examples:
  limen demo                       live, then serves the day's records at the printed address
  limen demo --once                ends with the summary
  limen demo --once --json | jq .confirmed
  limen demo --faces ~/photos      your own people instead of those who do not exist`
}

// Run lives through the day.
func (c *demoCmd) Run(ctx context.Context, io *streams) error {
	faces, calibration := sim.Phantoms(), "phantoms"
	if c.Faces != "" {
		var err error
		if faces, err = sim.Folder(c.Faces); err != nil {
			return err
		}
		calibration = "lfw"
	}
	engine, cal, err := engineFlags{Assets: c.Assets, Calibration: calibration}.open()
	if err != nil {
		return err
	}
	defer engine.Close()
	dir := c.Data
	if dir == "" {
		if dir, err = os.MkdirTemp("", "limen-demo-"); err != nil {
			return err
		}
		defer os.RemoveAll(dir)
	}
	ln, err := c.listen(io)
	if err != nil {
		return err
	}
	view := newDemoView(io.Err)
	day, err := demo.Run(ctx, demo.Config{Faces: faces, Seed: c.Seed, Engine: engine, Calibration: cal, Dir: dir, Listener: ln, Version: version, View: view})
	view.end()
	if err != nil {
		return err
	}
	if err := c.report(io, day); err != nil {
		return errors.Join(err, day.Close())
	}
	if !c.Once {
		fmt.Fprintf(io.Err, "\nThe voyage board of this day: %s/board  (Ctrl-C ends)\n", day.URL)
		<-ctx.Done()
	}
	return day.Close()
}

// listen takes the address, or a free port beside it where that is in use or
// nobody will look.
func (c *demoCmd) listen(io *streams) (net.Listener, error) {
	if !c.Once {
		ln, err := net.Listen("tcp", c.Listen)
		if err == nil {
			return ln, nil
		}
		fmt.Fprintf(io.Err, "%s is in use; taking a free port instead\n", c.Listen)
	}
	return net.Listen("tcp", "127.0.0.1:0")
}

func (c *demoCmd) report(io *streams, day *demo.Day) error {
	if c.JSON {
		enc := json.NewEncoder(io.Out)
		enc.SetIndent("", "  ")
		return enc.Encode(day.Summary)
	}
	return day.Summary.WriteText(io.Out)
}

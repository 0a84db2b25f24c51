// Command limen runs an open biometric entry/exit system, tries it on people
// who do not exist, and helps with manifests, faces and measurements.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"limen/errs"
)

// version is set by the linker in releases.
var version = "0.1.0-dev"

type cli struct {
	Serve     serveCmd         `cmd:"" help:"Run the system: API, matcher, voyage board."`
	Demo      demoCmd          `cmd:"" help:"Live through a day at a small airport, with 220 people who do not exist."`
	Key       keyCmd           `cmd:"" help:"Issue, list and revoke API keys of capture points, carriers, officers and auditors."`
	Kek       kekCmd           `cmd:"" help:"The key-encryption key: status, rotation, passphrase."`
	Store     storeCmd         `cmd:"" help:"Verify the record."`
	Backup    backupCmd        `cmd:"" help:"Copy the record while the server runs."`
	Restore   restoreCmd       `cmd:"" help:"Make a data folder of a backup; what was erased stays erased."`
	Retention retentionCmd     `cmd:"" help:"What is erased when and why: plan, rules, holds."`
	Audit     auditCmd         `cmd:"" help:"The audit log: public key, export, verification, receipts, witness."`
	Stay      stayCmd          `cmd:"" help:"Days of stay: 90 in any 180, or until the admit-until date."`
	Report    reportCmd        `cmd:"" help:"Reports for those who answer for the border, and for the public."`
	Manifest  manifestCmd      `cmd:"" help:"Read carriers' passenger manifests."`
	Policy    policyCmd        `cmd:"" help:"The law as dated data: who must give what, on which clause; what a new rule changes."`
	Face      faceCmd          `cmd:"" help:"See what the engine sees in a photograph, or compare photographs."`
	Bench     benchCmd         `cmd:"" help:"Measure this machine: overhead, scaling, search, start."`
	Openapi   openapiCmd       `cmd:"" name:"openapi" help:"Print the description of the API (OpenAPI 3.1)."`
	Version   kong.VersionFlag `help:"Print the version."`
}

const about = `limen confirms, with face recognition, who enters and who leaves, records every
crossing, and knows from the records who is still within an authorized stay.

Start here:
  limen demo                              a day at a small airport, live
  limen manifest parse flight.edi         what a carrier's message says
  limen face compare passport.jpg me.jpg  one comparison, and what it means
  limen key issue --role officer --label "A. Officer" && limen serve --ports BGR=America/New_York`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	io := &streams{Out: os.Stdout, Err: os.Stderr}
	var c cli
	parser := kong.Parse(&c, kong.Name("limen"), kong.Description(about), kong.ShortUsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Vars{"version": version}, kong.Bind(io), kong.BindTo(ctx, (*context.Context)(nil)))
	if err := parser.Run(); err != nil {
		fmt.Fprintln(io.Err, "limen: "+message(err))
		os.Exit(1)
	}
}

// message is what a person is told of an error: the sentence, then the code.
func message(err error) string {
	var e *errs.Error
	if errors.As(err, &e) {
		return fmt.Sprintf("%s (%s)", e.Detail, e.Code)
	}
	return err.Error()
}

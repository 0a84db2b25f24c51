package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"limen/authz"
	"limen/internal/app"
	"limen/travel"
)

type keyCmd struct {
	Issue  keyIssueCmd  `cmd:"" help:"Make a key and show it, this once."`
	List   keyListCmd   `cmd:"" help:"List keys, without their secrets."`
	Revoke keyRevokeCmd `cmd:"" help:"End a key; the next request with it is refused."`
}

type keyIssueCmd struct {
	siteFlags
	Role    string `help:"point, carrier, officer or auditor." required:"" enum:"point,carrier,officer,auditor"`
	Port    string `help:"Port of a capture point."`
	Point   string `help:"Name of a capture point, such as GATE-2."`
	Carrier string `help:"Code of a carrier, such as AA."`
	Label   string `help:"What the key is for; an officer's name, which stands on every decision; an auditor's."`
}

// Help shows one key of each role.
func (keyIssueCmd) Help() string {
	return `Examples:
  limen key issue --role point --port BGR --point GATE-2
  limen key issue --role carrier --carrier AA --label "AA departure control"
  limen key issue --role officer --label "A. Officer"
  limen key issue --role auditor --label "Inspector General"

A key works at once, and a revoked one fails at once, beside a running server too.`
}

// Run issues a key.
func (c *keyIssueCmd) Run(ctx context.Context, io *streams) error {
	return withKeys(ctx, c.siteFlags, func(a *app.Admin) error {
		secret, err := a.IssueKey(ctx, app.NewKey{Role: authz.Role(c.Role), Port: travel.Port(strings.ToUpper(c.Port)), Point: travel.PointID(c.Point), Carrier: strings.ToUpper(c.Carrier), Label: c.Label})
		if err != nil {
			return err
		}
		fmt.Fprintln(io.Err, "This key is shown once; only its hash is kept:")
		fmt.Fprintln(io.Out, secret)
		return nil
	})
}

type keyListCmd struct{ siteFlags }

// Run lists keys.
func (c *keyListCmd) Run(ctx context.Context, io *streams) error {
	return withKeys(ctx, c.siteFlags, func(a *app.Admin) error {
		keys, err := a.Keys(ctx)
		if err != nil {
			return err
		}
		if len(keys) == 0 {
			fmt.Fprintln(io.Out, "No keys yet. Make one: limen key issue --help")
			return nil
		}
		w := tabwriter.NewWriter(io.Out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tROLE\tFOR\tLABEL\tISSUED\tSTATE")
		for _, k := range keys {
			state := "valid"
			if !k.Revoked.IsZero() {
				state = "revoked " + k.Revoked.Format(time.DateOnly)
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", k.ID, k.Role, string(k.Port)+" "+string(k.Point)+k.Carrier, k.Label, k.Created.Format(time.DateOnly), state)
		}
		return w.Flush()
	})
}

type keyRevokeCmd struct {
	siteFlags
	ID string `arg:"" help:"Id of the key, as limen key list shows it."`
}

// Run revokes a key.
func (c *keyRevokeCmd) Run(ctx context.Context, io *streams) error {
	return withKeys(ctx, c.siteFlags, func(a *app.Admin) error { return a.RevokeKey(ctx, c.ID) })
}

func withKeys(ctx context.Context, f siteFlags, do func(*app.Admin) error) error {
	a, err := app.OpenAdmin(ctx, f.Data, f.Store)
	if err != nil {
		return err
	}
	return errors.Join(do(a), a.Close())
}

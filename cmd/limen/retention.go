package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"limen/audit"
	"limen/errs"
	"limen/internal/app"
	"limen/internal/store/sqlite"
	"limen/retention"
	"limen/travel"
)

type retentionCmd struct {
	Plan  retentionPlanCmd  `cmd:"" help:"What would be erased until a day, and why. Erases nothing."`
	Rules retentionRulesCmd `cmd:"" help:"The classes of data: how long each is kept, from when, on whose authority."`
	Hold  holdCmd           `cmd:"" help:"Suspend the erasure of what belongs to a person, voyage or encounter."`
}

type retentionPlanCmd struct {
	siteFlags
	Until string `help:"Last day of the plan, such as 2026-12-31 (default: 30 days from now)." placeholder:"DATE"`
	JSON  bool   `name:"json" help:"Print JSON."`
}

// Help shows how to read a plan.
func (retentionPlanCmd) Help() string {
	return `The worker in limen serve erases what is due every minute. This is the dry run: class by
class what is overdue, what goes within a day, a week and until the end of the plan, what a hold
keeps, and the rule that says so. It works beside a running server.

Examples:
  limen retention plan
  limen retention plan --until 2026-12-31
  limen retention plan --json | jq '.classes[] | select(.overdue > 0)'`
}

// Run prints the plan.
func (c *retentionPlanCmd) Run(ctx context.Context, io *streams) error {
	until := time.Now().AddDate(0, 0, 30)
	if c.Until != "" {
		day, err := parseDay("--until", c.Until)
		if err != nil {
			return err
		}
		until = app.EndOfDay(day)
	}
	return withOffice(ctx, c.siteFlags, func(a *app.Admin) error {
		p, err := a.Plan(ctx, until)
		if errs.CodeOf(err) == "plan-window" {
			return fmt.Errorf("--until: a plan ends on a day to come, and %s is past", c.Until)
		}
		if err != nil {
			return err
		}
		if !c.JSON {
			return p.WriteText(io.Out)
		}
		e := json.NewEncoder(io.Out)
		e.SetIndent("", "  ")
		return e.Encode(p)
	})
}

type retentionRulesCmd struct{}

// Run prints the rules.
func (retentionRulesCmd) Run(io *streams) error { return retention.WriteRules(io.Out) }

type holdCmd struct {
	Place holdPlaceCmd `cmd:"" help:"Place a hold: what it keeps is not erased before its end."`
	Lift  holdLiftCmd  `cmd:"" help:"End a hold now: what it kept past its time is erased within a minute."`
	List  holdListCmd  `cmd:"" help:"List the holds."`
}

type holdPlaceCmd struct {
	siteFlags
	ID      string `arg:"" help:"Name of the hold, such as docket-26-cv-101: letters, digits, hyphens, dots, underscores."`
	Kind    string `arg:"" help:"traveler, passenger, voyage or encounter." enum:"traveler,passenger,voyage,encounter"`
	Subject string `arg:"" help:"Its id."`
	Owner   string `required:"" help:"The office or officer who answers for the hold."`
	Reason  string `required:"" help:"Why. It is printed in plans and lists: no personal data."`
	Until   string `required:"" help:"Last day of the hold, such as 2027-12-31." placeholder:"DATE"`
	By      string `required:"" help:"Name of who places it, for the audit log."`
}

// Help shows a hold.
func (holdPlaceCmd) Help() string {
	return `A hold keeps the records of what it names and of what belongs to that, images of aliens and the
log of who looked at them included. It never keeps an image that is or may be a citizen's.

Examples:
  limen retention hold place docket-26-cv-101 voyage ZZ101-2026-11-23-BGR \
    --owner "Office of Chief Counsel" --reason "Docket 1:26-cv-101" --until 2027-12-31 --by "A. Officer"
  limen retention plan     shows what it keeps`
}

// Run places a hold.
func (c *holdPlaceCmd) Run(ctx context.Context, io *streams) error {
	last, err := parseDay("--until", c.Until)
	if err != nil {
		return err
	}
	return withOffice(ctx, c.siteFlags, func(a *app.Admin) error {
		r, err := a.PlaceHold(ctx, operator(c.By), retention.Hold{ID: c.ID, Owner: c.Owner, Reason: c.Reason, Until: app.EndOfDay(last),
			Subject: retention.Subject{Kind: retention.SubjectKind(c.Kind), ID: c.Subject}})
		if err != nil {
			return err
		}
		fmt.Fprintf(io.Out, "Hold %s on %s is in force until %s UTC.\nOf what is on record now it keeps %d: see limen retention plan.\n",
			r.Hold.ID, r.Hold.Subject, r.Hold.Until.Format("2006-01-02 15:04"), r.Keeps)
		fmt.Fprintln(io.Out, "It has no effect on:")
		for _, n := range r.Never {
			fmt.Fprintf(io.Out, "  %s (%d here): %s\n", n.Class, n.Items, n.Why)
		}
		return nil
	})
}

type holdLiftCmd struct {
	siteFlags
	ID     string `arg:"" help:"Name of the hold."`
	Reason string `required:"" help:"Why it is lifted, for the audit log."`
	By     string `required:"" help:"Name of who lifts it."`
}

// Help shows how a hold is lifted.
func (holdLiftCmd) Help() string {
	return `Examples:
  limen retention hold lift docket-26-cv-101 --reason "case closed" --by "A. Officer"`
}

// Run lifts a hold.
func (c *holdLiftCmd) Run(ctx context.Context, io *streams) error {
	purpose, err := audit.ParsePurpose(c.Reason)
	if err != nil {
		return fmt.Errorf("--reason has 1 to %d bytes", audit.MaxPurpose)
	}
	return withOffice(ctx, c.siteFlags, func(a *app.Admin) error {
		h, err := a.LiftHold(ctx, operator(c.By), c.ID, purpose)
		if err != nil {
			return err
		}
		fmt.Fprintf(io.Out, "Hold %s on %s is lifted, by %s at %s UTC.\nWhat it kept past its time is erased within a minute of a running server.\n",
			h.ID, h.Subject, h.LiftedBy, h.Lifted.Format("2006-01-02 15:04"))
		return nil
	})
}

type holdListCmd struct {
	siteFlags
	JSON bool `name:"json" help:"Print JSON."`
}

// Run lists the holds.
func (c *holdListCmd) Run(ctx context.Context, io *streams) error {
	return withOffice(ctx, c.siteFlags, func(a *app.Admin) error {
		holds, err := a.Holds(ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			e := json.NewEncoder(io.Out)
			e.SetIndent("", "  ")
			return e.Encode(append([]retention.Hold{}, holds...))
		}
		if len(holds) == 0 {
			fmt.Fprintln(io.Out, "No holds. Place one: limen retention hold place --help")
			return nil
		}
		w := tabwriter.NewWriter(io.Out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tON\tSTATE\tPLACED\tUNTIL\tOWNER\tREASON")
		for _, h := range holds {
			state := app.HoldState(h, time.Now())
			if state == "lifted" {
				state += " " + h.Lifted.Format(time.DateOnly) + " by " + h.LiftedBy
			}
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", h.ID, h.Subject, state, h.Placed.Format(time.DateOnly), h.Until.Format("2006-01-02 15:04"), h.Owner, h.Reason)
		}
		return w.Flush()
	})
}

// withOffice opens the record that is there; it makes none.
func withOffice(ctx context.Context, f siteFlags, do func(*app.Admin) error) error {
	if f.Store == "" {
		if _, err := os.Stat(filepath.Join(f.Data, sqlite.File)); err != nil {
			return fmt.Errorf("there is no record in %s: is --data the right folder?", f.Data)
		}
	}
	return withKeys(ctx, f, do)
}

// operator is who works at the machine itself, and gives a name.
func operator(name string) app.Actor {
	return app.Actor{Key: "operator", Name: strings.TrimSpace(name)}
}

func parseDay(flag, s string) (travel.Day, error) {
	d, err := travel.ParseDay(s)
	if err != nil {
		return d, fmt.Errorf("%s: %q is not a day such as 2026-12-31", flag, s)
	}
	if last, _ := travel.ParseDay("9998-12-31"); d.After(last) {
		return d, fmt.Errorf("%s: the last day there is for limen is %s", flag, last)
	}
	return d, nil
}

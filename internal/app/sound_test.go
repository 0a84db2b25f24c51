package app_test

import (
	"context"
	"time"

	"limen/internal/app"
	"limen/internal/check"
	"limen/internal/store"
)

// The package that checks the record needs package app: its tests can only be
// handed the check from outside.
func init() {
	app.CheckRecord = func(ctx context.Context, st *store.Store, now time.Time) (out []string, err error) {
		r, err := check.Run(ctx, st, check.Options{Now: now})
		for _, v := range r.Violations {
			switch v.Rule {
			case "late-items", "late-key", "encounter-due", "traveler-due": // retention: no worker erases here while the clock leaps
				continue
			}
			out = append(out, v.Rule+" "+v.ID+": "+v.Says)
		}
		return out, err
	}
}

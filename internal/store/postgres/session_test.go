package postgres

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"limen/errs"
	"limen/internal/store/pgtest"
)

func TestOneServerADatabase(t *testing.T) {
	s := pgtest.Start(t)
	url := s.Database(t)
	first := mustOpen1(t, url, true)
	if _, err := open1(t.Context(), url, true); errs.KindOf(err) != errs.Unavailable || errs.CodeOf(err) != "data-locked" {
		t.Errorf("a second server: %v", err)
	}
	mustOpen1(t, url, false)          // an administrator's command
	mustOpen1(t, s.Database(t), true) // another database
	close1(t, first)
	mustOpen1(t, url, true)
}

// The lock ends with the session, and the next server waits for that.
func TestLockOfAKilledServer(t *testing.T) {
	url := pgtest.Start(t).Database(t)
	first, err := open1(t.Context(), url, true)
	if err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(200*time.Millisecond, func() {
		_ = first.PgConn().Conn().Close() // as the kernel does for a process that is killed
	})
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer close1(t, c)
	if err := lock(t.Context(), c, lockPatience); err != nil {
		t.Error(err)
	}
}

func TestWaitingForTheLockEndsWithItsCaller(t *testing.T) {
	url := pgtest.Start(t).Database(t)
	mustOpen1(t, url, true)
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer close1(t, c)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	began := time.Now()
	if err := lock(ctx, c, time.Minute); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > 10*time.Second {
		t.Errorf("after %v: %v", time.Since(began), err)
	}
}

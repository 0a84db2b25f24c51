//go:build !(linux && amd64)

package crash

import (
	"errors"
	"testing"
)

func trap() (int, error) { return 0, errors.New("only Linux on amd64 does") }

type supervisor struct {
	done  chan struct{}
	calls []call
}

func supervise(t *testing.T, p *process, _ string, _ func(int) fault) *supervisor {
	p.kill()
	t.Skip("no faults here: only Linux on amd64 traps calls")
	return nil
}

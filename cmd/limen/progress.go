package main

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"
)

// progress shows how far a step of a long work is. total is 0 where it is not
// known. It may be called from several goroutines.
type progress func(step string, done, total int64)

// of is the progress of one step.
func (p progress) of(step string) func(done, total int64) {
	return func(done, total int64) { p(step, done, total) }
}

// progressBar shows progress on a terminal, one line that done wipes; elsewhere
// nothing.
func progressBar(s *streams) (show progress, done func()) {
	f, ok := s.Err.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return func(string, int64, int64) {}, func() {}
	}
	var mu sync.Mutex
	var last time.Time
	show = func(step string, done, total int64) {
		mu.Lock()
		defer mu.Unlock()
		if time.Since(last) >= 100*time.Millisecond {
			last = time.Now()
			fmt.Fprint(f, "\r\x1b[K"+progressLine(step, done, total))
		}
	}
	return show, func() { fmt.Fprint(f, "\r\x1b[K") }
}

func progressLine(step string, done, total int64) string {
	const width = 30
	if total <= 0 || done > total { // how much there is in all is not known
		return fmt.Sprintf("%-16s %d", step, done)
	}
	full := int(width * done / total)
	return fmt.Sprintf("%-16s [%s%s] %3d %%", step, strings.Repeat("#", full), strings.Repeat(".", width-full), 100*done/total)
}

package main

import (
	"fmt"
	"io"
	"os"
	"sync"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

	"limen/internal/sim"
)

// demoView shows the day: bars that move on a terminal, one line a stage
// elsewhere.
type demoView struct {
	out  io.Writer
	bars *mpb.Progress // nil off a terminal

	mu  sync.Mutex
	now map[*sim.Voyage]*stageView
}

type stageView struct {
	name  string
	steps int
	done  int
	notes map[string]int
	bar   *mpb.Bar
}

func newDemoView(out io.Writer) *demoView {
	v := &demoView{out: out, now: map[*sim.Voyage]*stageView{}}
	if f, ok := out.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		v.bars = mpb.New(mpb.WithOutput(out))
	}
	return v
}

// Stage implements demo.View.
func (d *demoView) Stage(v *sim.Voyage, name string, steps int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s := &stageView{name: name, steps: steps, notes: map[string]int{}}
	d.now[v] = s
	if d.bars == nil {
		return
	}
	label := fmt.Sprintf("%-12s %-5s %-8s", route(v), v.Direction, name)
	s.bar = d.bars.AddBar(int64(steps), mpb.BarWidth(24),
		mpb.PrependDecorators(decor.Name(label), decor.CountersNoUnit(" %3d/%3d ")),
		mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { d.mu.Lock(); defer d.mu.Unlock(); return " " + s.sum() })))
}

// Step implements demo.View.
func (d *demoView) Step(v *sim.Voyage, note string) {
	d.mu.Lock()
	s := d.now[v]
	s.done++
	if note != "" {
		s.notes[note]++
	}
	bar, finished := s.bar, s.done == s.steps
	if bar == nil && finished {
		fmt.Fprintf(d.out, "%-12s %-5s %-8s %3d  %s\n", route(v), v.Direction, s.name, s.steps, s.sum())
	}
	d.mu.Unlock()
	if bar != nil {
		bar.Increment()
	}
}

// sum says how many steps had which outcome, the usual ones first.
func (s *stageView) sum() (out string) {
	seen := 0
	for _, note := range []string{"ready", "confirmed", "officer", "declined", "none on file"} {
		if n := s.notes[note]; n > 0 {
			out += fmt.Sprintf("%d %s  ", n, note)
			seen += n
		}
	}
	rest := 0
	for _, n := range s.notes {
		rest += n
	}
	if rest -= seen; rest > 0 {
		out += fmt.Sprintf("%d unusable", rest)
	}
	return out
}

func (d *demoView) end() {
	if d.bars != nil {
		d.bars.Wait()
	}
}

func route(v *sim.Voyage) string {
	out := string(v.Legs[0].From)
	for _, l := range v.Legs {
		out += "-" + string(l.To)
	}
	return out
}

package bench

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"limen/errs"
)

const (
	firstRuns = 5
	// firstGrace is how long a program may take to end when asked to, before
	// it is killed.
	firstGrace = 5 * time.Second
	maxLine    = 1 << 20
)

// First is how long a program took from its start to its first answer.
type First struct {
	Median time.Duration `json:"median_ns"`
	Worst  time.Duration `json:"worst_ns"`
	// PeakBytes is the most memory that any run had resident up to its
	// answer, 0 if unknown. Processes that the program starts do not count.
	PeakBytes int64 `json:"peak_bytes"`
	Runs      int   `json:"runs"`
}

// FirstAnswer starts the program argv[0] with arguments argv[1:] five times
// anew, one after the other, and measures the time from before each start
// until a line with marker in it comes out of its standard output or error.
// It then asks the program to end (SIGTERM), and kills it after 5 seconds.
// The first run finds colder caches than the rest; Worst is most often its.
//
// It returns an Invalid error with code "bench-program" if argv or marker is
// empty or the program cannot be started, a Broken error with code
// "bench-no-answer" if the program ends without the marker, and ctx's error
// when it ends, the program killed: give it a deadline. Lines may have up to
// 1 MiB.
func FirstAnswer(ctx context.Context, argv []string, marker string) (First, error) {
	if len(argv) == 0 || marker == "" {
		return First{}, errs.New(errs.Invalid, "bench-program", "needs a program and the marker that it prints")
	}
	first := First{Runs: firstRuns}
	var times []float64
	for range firstRuns {
		took, peak, err := firstAnswer(ctx, argv, marker)
		if err != nil {
			return First{}, err
		}
		times = append(times, float64(took))
		first.Worst = max(first.Worst, took)
		first.PeakBytes = max(first.PeakBytes, peak)
	}
	first.Median = time.Duration(quantile(times, 0.5))
	return first, nil
}

func firstAnswer(ctx context.Context, argv []string, marker string) (took time.Duration, peak int64, err error) {
	r, w, err := os.Pipe()
	if err != nil {
		return 0, 0, err
	}
	defer r.Close()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Stdout, cmd.Stderr = w, w
	start := time.Now()
	err = cmd.Start()
	w.Close()
	if err != nil {
		return 0, 0, errs.New(errs.Invalid, "bench-program", "the program does not start: %w", err)
	}
	defer end(cmd, r)
	// A program that a killed one had started may hold the pipe open; the
	// deadline of ctx must still be kept.
	stop := context.AfterFunc(ctx, func() { r.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		if strings.Contains(lines.Text(), marker) {
			return time.Since(start), PeakMemory(cmd.Process.Pid), nil
		}
	}
	if ctx.Err() != nil {
		return 0, 0, ctx.Err()
	}
	return 0, 0, errs.New(errs.Broken, "bench-no-answer", "the program ended without printing the marker, or printed too long a line")
}

// end stops the program and reads on until then, or it might block on writing
// its farewell.
func end(cmd *exec.Cmd, r *os.File) {
	_ = cmd.Process.Signal(syscall.SIGTERM)
	kill := time.AfterFunc(firstGrace, func() { _ = cmd.Process.Kill() })
	defer kill.Stop()
	_ = r.SetReadDeadline(time.Now().Add(firstGrace))
	_, _ = io.Copy(io.Discard, r)
	_ = cmd.Wait()
}

package linkagesim

import (
	"context"
	"iter"
	"math"
	"slices"
	"syscall"
	"time"
)

// Growth is how the cost of one departure, and of one person in the index,
// grows from the smallest file to another.
type Growth struct {
	Arrivals   int     `json:"arrivals"`
	Candidates float64 `json:"candidates_per_departure"`
	// Matching and Making are the ratios of the processor time of one departure,
	// and of filing one person, to those on the smallest file: medians, of the
	// former with quartiles.
	Matching [3]float64 `json:"matching"`
	Making   float64    `json:"making"`
	// Together is the ratio of both: of one person from arrival to departure.
	Together float64 `json:"together"`
	// Allowed is what n log n allows: the ratio of the logarithms.
	Allowed float64 `json:"allowed"`
	// MatchingTime is the median processor time of one departure, MakingTime that
	// of filing one person.
	MatchingTime time.Duration `json:"matching_ns"`
	MakingTime   time.Duration `json:"making_ns"`
}

const (
	growthRounds = 30
	growthStep   = 2000 // departures a round
	growthMakes  = 5
)

// MeasureGrowth matches departures of all files by turns, some thousands each,
// so that a busy machine is as busy for all. It counts processor time, the
// collector's included: what others take of the machine is not in it, but for
// what they take of its caches. files are by size, the smallest
// first.
func MeasureGrowth(ctx context.Context, files []*File, progress func(done, total int64)) ([]Growth, error) {
	times := make([][]float64, len(files))
	out := make([]Growth, len(files))
	var courses []*course
	for _, f := range files {
		c := newCourse(f)
		defer func() { c.stop() }()
		courses = append(courses, c)
	}
	for round := range growthRounds + 1 { // the first warms up
		for i, c := range courses {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if t := c.run(growthStep); round > 0 {
				times[i] = append(times[i], t)
			}
		}
		progress(int64(round), growthRounds)
	}
	for i, f := range files {
		g := &out[i]
		g.Arrivals = len(f.World.Arrivals)
		g.Allowed = math.Log(float64(g.Arrivals)) / math.Log(float64(len(files[0].World.Arrivals)))
		g.Candidates = float64(courses[i].m.candidates) / float64(courses[i].matched)
		var ratios []float64
		for r := range times[i] {
			ratios = append(ratios, times[i][r]/times[0][r])
		}
		slices.Sort(ratios)
		slices.Sort(times[i])
		n := len(ratios)
		g.Matching = [3]float64{ratios[n/2], ratios[n/4], ratios[3*n/4]}
		g.MatchingTime = time.Duration(times[i][n/2])
	}
	measureMaking(files, out)
	return out, nil
}

// measureMaking makes the smaller files anew, for one making of each says
// little on a busy machine.
func measureMaking(files []*File, out []Growth) {
	each := make([]float64, len(files))
	for i, f := range files {
		all := []float64{float64(f.Making)}
		for range growthMakes {
			if i == len(files)-1 && len(files) > 1 {
				break // the largest is made once
			}
			f.make()
			all = append(all, float64(f.Making))
		}
		slices.Sort(all)
		each[i] = all[len(all)/2] / float64(len(f.World.Arrivals))
		out[i].Making, out[i].MakingTime = each[i]/each[0], time.Duration(each[i])
		out[i].Together = float64(out[i].MakingTime+out[i].MatchingTime) / float64(out[0].MakingTime+out[0].MatchingTime)
	}
}

// course goes through the departures of a file, from the start again at the
// end.
type course struct {
	m       *matcher
	next    func() (Departure, bool)
	stop    func()
	matched int
}

func newCourse(f *File) *course {
	c := &course{m: f.matcher()}
	c.next, c.stop = iter.Pull(f.World.Departures())
	return c
}

// run matches n departures and returns nanoseconds of one, without the making
// of the departures.
func (c *course) run(n int) float64 {
	batch := make([]Departure, 0, n)
	for len(batch) < n {
		d, ok := c.next()
		if !ok {
			c.stop()
			c.next, c.stop = iter.Pull(c.m.file.World.Departures())
			continue
		}
		batch = append(batch, d)
	}
	start := processorTime()
	for _, d := range batch {
		c.m.match(d)
	}
	c.matched += n
	return float64(processorTime()-start) / float64(n)
}

// processorTime is what this process has used so far.
func processorTime() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

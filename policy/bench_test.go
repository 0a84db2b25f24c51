package policy

import (
	"runtime"
	"strings"
	"syscall"
	"testing"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"

	"limen/travel"
)

// known is a question of whom all is known that a rule asks for.
var known = Question{Day: travel.Day{Year: 2026, Month: 3, Date: 1}, Direction: travel.Exit, Port: "JFK", Mode: Air, PresentsAs: "GBR",
	Birth: travel.Day{Year: 1980, Month: 5, Date: 5}, Class: "B-2", PilotPort: Yes, Resident: No}

// The common path allocates nothing: all known, or what is unknown does not
// matter.
func TestDecideAllocatesNothing(t *testing.T) {
	book := Default()
	countries := []travel.Country{"GBR", "CAN"}
	for name, q := range map[string]Question{"all known": known, "of a citizen nothing else": {Day: known.Day, Direction: travel.Exit, PresentsAs: "USA"},
		"several citizenships": {Day: known.Day, Direction: travel.Exit, Citizenships: countries, PresentsAs: "CAN", Birth: known.Birth, Class: "A-1"},
		"an officer must ask":  {Day: known.Day, Direction: travel.Exit}} {
		var sink Decisions
		if n := testing.AllocsPerRun(100, func() {
			var err error
			if sink, err = book.Decide(US, q); err != nil {
				t.Fatal(err)
			}
		}); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
		if sink.Photo.Result == "" {
			t.Errorf("%s: no answer", name)
		}
	}
}

// perCore measures by the time that this thread had a core, for others may
// share the machine. A person is answered on both duties.
func perCore(b *testing.B) (stop func(persons int)) {
	runtime.LockOSThread()
	had := func() float64 {
		var u syscall.Rusage
		if err := syscall.Getrusage(1 /* RUSAGE_THREAD */, &u); err != nil {
			b.Fatal(err)
		}
		return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
	}
	start := had()
	return func(persons int) {
		b.ReportMetric(float64(persons)/(had()-start), "persons/core-s")
		runtime.UnlockOSThread()
	}
}

func BenchmarkDecide(b *testing.B) {
	for _, id := range []string{"us-2004", "us-2025", "eu-ees"} {
		s, err := Default().Set(id)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(id, func(b *testing.B) {
			b.ReportAllocs()
			stop := perCore(b)
			for b.Loop() {
				if _, err := s.Decide(known); err != nil {
					b.Fatal(err)
				}
			}
			stop(b.N)
		})
	}
}

// BenchmarkCEL is the same walk along the rules of us-2025 with cel-go's own
// evaluator, for the ratio to BenchmarkDecide/us-2025.
func BenchmarkCEL(b *testing.B) {
	s, err := Default().Set("us-2025")
	if err != nil {
		b.Fatal(err)
	}
	env, _ := language()
	programs := map[string]cel.Program{}
	for _, u := range s.Rules {
		checked, _ := env.Compile(u.When)
		if programs[u.ID], err = env.Program(checked, cel.EvalOptions(cel.OptOptimize)); err != nil {
			b.Fatal(err)
		}
	}
	full := known
	full.Attendant, full.TaiwanOfficial, full.VisaRequired, full.I94Issued = No, No, No, Yes
	b.ReportAllocs()
	stop := perCore(b)
	for b.Loop() {
		f := full.facts(s)
		vars, unknown := f.vars()
		if len(unknown) > 1 { // of the document nothing is said
			b.Fatal(unknown)
		}
		for _, steps := range [][]step{s.photo[1], s.other[1]} {
			held := ""
			for i := range steps {
				v, _, err := programs[steps[i].answer.Rule].Eval(vars)
				if err != nil {
					b.Fatal(err)
				}
				if v == types.True {
					held = steps[i].answer.Rule
					break
				}
			}
			if !strings.Contains("every-alien alien-not-exempt", held) {
				b.Fatal(held)
			}
		}
	}
	stop(b.N)
}

package policy

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
)

// samples are values that the conditions of the test and of the rules tell
// apart, by input of type string.
var samples = [InAge][]string{
	InCitizenship: {"USA", "CAN", "GBR"}, InClass: {"A-1", "B-2", "C-3", "E-1", "LPR"}, InMode: {"air", "sea"},
	InPort: {"JFK", "BGR"}, InDirection: {"entry", "exit"}, InDocument: {"passport", "id_card"},
}

// anyFacts are facts of any values, each unknown one time in three.
func anyFacts(r *rand.Rand) (f facts) {
	for _, i := range Vocabulary() {
		f.set(i, r)
	}
	return f
}

// set gives an input a new value, or none.
func (f *facts) set(i Input, r *rand.Rand) {
	bit := Inputs(1) << i
	f.known, f.yes = f.known&^bit, f.yes&^bit
	if r.IntN(3) == 0 {
		return
	}
	f.known |= bit
	switch {
	case i < InAge:
		f.text[i] = samples[i][r.IntN(len(samples[i]))]
	case i == InAge:
		f.age = []int{0, 11, 12, 13, 14, 40, 79, 80}[r.IntN(8)]
	case r.IntN(2) == 0:
		f.yes |= bit
	}
}

// anyCondition writes a condition of at most that depth.
func anyCondition(r *rand.Rand, depth int) string {
	if depth > 0 {
		a, b := anyCondition(r, depth-1), anyCondition(r, depth-1)
		switch r.IntN(4) {
		case 0:
			return "(" + a + " && " + b + ")"
		case 1:
			return "(" + a + " || " + b + ")"
		case 2:
			return "!(" + a + ")"
		}
	}
	i := Input(1 + r.IntN(int(inputsEnd)-1))
	pick := func() string { return fmt.Sprintf("%q", samples[i][r.IntN(len(samples[i]))]) }
	switch {
	case i < InAge && r.IntN(2) == 0:
		return fmt.Sprintf("%s in [%s, %s]", i, pick(), pick())
	case i < InAge:
		return []string{fmt.Sprintf("%s == %s", i, pick()), fmt.Sprintf("%s != %s", pick(), i)}[r.IntN(2)]
	case i == InAge:
		ops := []string{"==", "!=", "<", "<=", ">", ">="}
		if r.IntN(2) == 0 {
			return fmt.Sprintf("%d %s age", 10+r.IntN(5), ops[r.IntN(6)])
		}
		return fmt.Sprintf("age %s %d", ops[r.IntN(6)], []int{12, 14, 79}[r.IntN(3)])
	}
	return []string{i.String(), "!" + i.String(), i.String() + " == true", i.String() + " != true", "true", "false"}[r.IntN(6)]
}

// reference evaluates a condition with cel-go's partial evaluation.
func reference(t testing.TB, text string) func(*facts) Fact {
	env, err := language()
	if err != nil {
		t.Fatal(err)
	}
	checked, issues := env.Compile(text)
	if issues.Err() != nil {
		t.Fatal(text, issues.Err())
	}
	program, err := env.Program(checked, cel.EvalOptions(cel.OptPartialEval))
	if err != nil {
		t.Fatal(err)
	}
	return func(f *facts) Fact {
		known, unknown := f.vars()
		vars, err := cel.PartialVars(known, unknown...)
		if err != nil {
			t.Fatal(err)
		}
		v, _, err := program.Eval(vars)
		switch {
		case err != nil:
			t.Fatal(text, err)
		case types.IsUnknown(v):
			return Unknown
		}
		return fact(v.Value().(bool))
	}
}

// vars are the facts as cel-go takes them, and the patterns of what is unknown.
func (f *facts) vars() (map[string]any, []*cel.AttributePatternType) {
	vars, unknown := map[string]any{}, []*cel.AttributePatternType{}
	for _, i := range Vocabulary() {
		switch {
		case !f.known.has(i):
			unknown = append(unknown, cel.AttributePattern(i.String()))
		case i < InAge:
			vars[i.String()] = f.text[i]
		case i == InAge:
			vars[i.String()] = f.age
		default:
			vars[i.String()] = f.yes.has(i)
		}
	}
	return vars, unknown
}

// Conditions mean what CEL says they mean: every condition of the embedded rule
// sets, and random ones, on random facts with random unknowns.
func TestEvaluatesAsCEL(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	conditions := map[string]int{}
	for _, s := range Default().Sets() {
		for _, u := range s.Rules {
			conditions[u.When] = 400
		}
	}
	own := len(conditions)
	for range 400 {
		conditions[anyCondition(r, 3)] = 25
	}
	seen := map[Fact]int{}
	for text, times := range conditions {
		n, bad := compile(text)
		if bad != nil {
			t.Fatalf("%s: %s", text, bad.why)
		}
		ask := reference(t, text)
		for range times {
			f := anyFacts(r)
			got, _ := n.eval(&f)
			if want := ask(&f); got != want {
				t.Fatalf("%s of %+v is %d, and %d by cel-go", text, f, got, want)
			}
			seen[got]++
		}
	}
	if own < 12 || len(conditions) < 300 || len(seen) != 3 {
		t.Errorf("%d conditions, %d of them ours, with %v", len(conditions), own, seen)
	}
	t.Logf("%d conditions, %v", len(conditions), seen)
}

// An answer follows from the inputs it names: whatever the others are, known or
// not, it asks the same of the person.
func TestInputs(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	looked, free := 0, 0
	for _, s := range Default().Sets() {
		for _, steps := range [][]step{s.photo[0], s.photo[1], s.other[0], s.other[1]} {
			for range 1000 {
				f := anyFacts(r)
				d := decide(steps, &f)
				g := f
				for _, i := range Vocabulary() {
					if !d.Inputs.has(i) {
						g.set(i, r)
						free++
					}
				}
				if e := decide(steps, &g); !e.Result.same(d.Result) && (e.Result != d.Result || e.Rule != d.Rule) {
					t.Fatalf("%s by %v of %+v, but %s of %+v", d.Result, d.Inputs.List(), f, e.Result, g)
				}
				looked++
			}
		}
	}
	if looked < 16000 || free < looked {
		t.Errorf("%d answers looked at, %d inputs changed", looked, free)
	}
}

package sim

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"limen/travel"
)

// handWorked is a day small enough to count on one's fingers. Seven passengers
// of one voyage, a stranger and a picture:
//
//	ann     alien, plain            confirmed as herself at the second capture
//	bob     alien, plain            confirmed as ann: a false match
//	cy      alien, spoilt once      good second capture, never confirmed: a false non-match
//	dee     alien, portrait missing good capture, manual: nobody's error
//	eve     citizen, opts out
//	flo     alien, out of frame     not in view: not in the capture rate
//	gus     alien, no-show
//	hal     alien, spoilt always    in view, no acceptable capture
//	ida     lends her picture, stays away
//	stranger                        confirmed as bob: the other false match
//	picture                         confirmed as ida: an attack, no false match
func handWorked() (*Plan, Answers) {
	person := func(id string, country travel.Country, fate Fate) *Passenger {
		return &Passenger{Member: &Member{Face: &Face{ID: id}, Person: travel.Person{Nationality: country}}, OnFile: Usable, Fate: fate}
	}
	ann, bob, cy := person("ann", "CAN", Plain), person("bob", "FRA", Plain), person("cy", "D", SpoiltOnce)
	dee, eve, flo := person("dee", "JPN", Plain), person("eve", "USA", OptsOut), person("flo", "BRA", SpoiltAlways)
	gus, hal, ida := person("gus", "IND", NoShow), person("hal", "MEX", SpoiltAlways), person("ida", "NGA", LendsPicture)
	dee.OnFile = Missing
	visit := func(p *Passenger, spoils ...Spoil) *Visit {
		v := &Visit{TruePerson: p.Face, Passenger: p, Fate: p.Fate}
		for _, s := range spoils {
			v.Frames = append(v.Frames, Shot{Spoil: s})
		}
		return v
	}
	stranger := &Visit{TruePerson: &Face{ID: "x"}, Fate: StrangerComes, Frames: []Shot{{}}}
	picture := &Visit{TruePerson: &Face{ID: "y"}, Fate: HoldsPicture, Frames: []Shot{{PrintOf: ida.Face}}}
	v := &Voyage{Passengers: []*Passenger{ann, bob, cy, dee, eve, flo, gus, hal, ida}}
	v.Visits = []*Visit{visit(ann, "", ""), visit(bob, ""), visit(cy, TooDark, ""), visit(dee, ""), visit(eve), visit(flo, OutOfFrame), visit(hal, TooDark), stranger, picture}
	ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
	good := func(frame, latency int) Capture {
		return Capture{Frame: frame, Acceptable: true, Latency: ms(latency), Stages: map[string]time.Duration{"detect": ms(latency / 10)}}
	}
	again := func(frame, latency int) Capture { return Capture{Frame: frame, Again: true, Latency: ms(latency)} }
	return &Plan{Faces: &Faces{Generated: true}, Voyages: []*Voyage{v}}, Answers{Elapsed: 4 * time.Second, Encounters: []Encounter{
		{Visit: v.Visits[0], Captures: []Capture{again(0, 10), good(1, 20)}, Confirmed: ann},
		{Visit: v.Visits[1], Captures: []Capture{good(0, 30)}, Confirmed: ann},
		{Visit: v.Visits[2], Captures: []Capture{again(0, 40), good(1, 50)}, Manual: []string{"no-match"}},
		{Visit: v.Visits[3], Captures: []Capture{good(0, 60)}, Manual: []string{"no-match"}},
		{Visit: v.Visits[4], OptedOut: true, Manual: []string{"opted-out"}},
		{Visit: v.Visits[5], Captures: []Capture{again(0, 70)}, Manual: []string{"no-capture"}},
		{Visit: v.Visits[6], Captures: []Capture{again(0, 80)}, Manual: []string{"no-capture", "too-dark"}},
		{Visit: v.Visits[7], Captures: []Capture{good(0, 90)}, Confirmed: bob},
		{Visit: v.Visits[8], Captures: []Capture{good(0, 100)}, Confirmed: ida},
	}}
}

func TestSummarizeByHand(t *testing.T) {
	s := Summarize(handWorked())
	// In scope, came and in view: ann, bob, cy, dee, hal. All but hal captured.
	if s.CaptureRate != 0.8 {
		t.Errorf("capture rate %v, want 4 of 5", s.CaptureRate)
	}
	for _, c := range []struct {
		name      string
		got, want int
	}{
		{"voyages", s.Voyages, 1}, {"passengers", s.Passengers, 9}, {"citizens", s.Citizens, 1}, {"in scope", s.InScope, 8},
		{"showed up", s.ShowedUp, 7}, {"no-shows", s.NoShows, 2}, {"opt-outs", s.OptOuts, 1},
		{"captures", s.Captures, 10}, {"capture again", s.CaptureAgain, 4}, {"confirmed", s.Confirmed, 4}, {"manual", s.Manual, 5},
		{"false matches", s.FalseMatches, 2}, {"false non-matches", s.FalseNonMatches, 1},
		{"strangers", s.Strangers, 1}, {"attacks", s.Attacks, 1}, {"attacks confirmed", s.AttacksConfirmed, 1},
	} {
		if c.got != c.want {
			t.Errorf("%s: %d, want %d", c.name, c.got, c.want)
		}
	}
	if want := (map[string]int{"no-match": 2, "opted-out": 1, "no-capture": 2, "too-dark": 1}); !maps.Equal(s.ManualReasons, want) {
		t.Errorf("reasons %v, want %v", s.ManualReasons, want)
	}
	// Ten latencies, 10 to 100: rank 5 and rank 10. Of "detect" six: 2, 3, 5, 6, 9, 10.
	if s.Latency.Percentiles != (Percentiles{50, 100}) || s.Latency.Stages["detect"] != (Percentiles{5, 10}) {
		t.Errorf("latency %+v", s.Latency)
	}
	if s.CapturesPerSecond != 2.5 {
		t.Errorf("%v captures a second, want 10 in 4 s", s.CapturesPerSecond)
	}
}

// Somebody in view of whom the driver brought no answer is not captured.
func TestSummarizeMissingAnswer(t *testing.T) {
	plan, answers := handWorked()
	answers.Encounters = answers.Encounters[1:]
	if s := Summarize(plan, answers); s.CaptureRate != 0.6 {
		t.Errorf("capture rate %v, want 3 of 5", s.CaptureRate)
	}
	s := Summarize(&Plan{Faces: &Faces{}}, Answers{})
	if s.CaptureRate != 0 || s.CapturesPerSecond != 0 || s.Latency.P99 != 0 {
		t.Errorf("of nothing: %+v", s)
	}
}

// Programs read these names.
func TestSummaryJSON(t *testing.T) {
	data, err := json.Marshal(Summarize(handWorked()))
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	names := strings.Fields("voyages passengers in_scope showed_up captures capture_rate confirmed capture_again manual opt_outs citizens false_matches false_non_matches latency_ms captures_per_second")
	for _, n := range names {
		if _, ok := m[n]; !ok {
			t.Errorf("no %s in %s", n, data)
		}
	}
	latency := m["latency_ms"].(map[string]any)
	if latency["p50"] != 50.0 || latency["p99"] != 100.0 {
		t.Errorf("latency_ms is %v", latency)
	}
}

func TestSummaryText(t *testing.T) {
	var out strings.Builder
	s := Summarize(handWorked())
	if err := s.WriteText(&out); err != nil {
		t.Fatal(err)
	}
	t.Log(out.String())
	for line := range strings.Lines(out.String()) {
		if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > 80 {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	for _, want := range []string{"generated people", "say nothing about real", "80.0 %", fmt.Sprintf("false matches %13d", 2)} {
		text := out.String() + strings.Join(strings.Fields(out.String()), " ") // as printed, and without line ends
		if !strings.Contains(text, want) {
			t.Errorf("no %q in the text", want)
		}
	}
	s.Generated, s.Statement = false, statement(false)
	out.Reset()
	if err := s.WriteText(&out); err != nil || strings.Contains(out.String(), "generated") {
		t.Errorf("own photographs are called generated: %v", err)
	}
}

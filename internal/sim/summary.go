package sim

import (
	"slices"
	"time"
)

// Answers are what the system made of a day, as whoever drove it saw them.
type Answers struct {
	Encounters []Encounter
	// Elapsed is how long the gates were open, for the captures a second.
	Elapsed time.Duration
}

// Encounter is what the system made of one visit.
type Encounter struct {
	Visit *Visit
	// Captures are in the order in which they were posted.
	Captures []Capture
	// OptedOut is set where the system took down that the person declined.
	OptedOut bool
	// Confirmed is the passenger as whom the system confirmed the person, or
	// nil.
	Confirmed *Passenger
	// Manual are the reasons, as stable slugs, for which the encounter ended
	// with an officer; empty if it did not.
	Manual []string
}

// Capture is what the system made of one frame.
type Capture struct {
	// Frame is which of the visit's frames was posted, from 0.
	Frame int
	// Acceptable says that the image was good enough to be compared.
	Acceptable bool
	// Again says that the recommendation was to capture again.
	Again bool
	// Latency is from the first byte sent to the recommendation received.
	Latency time.Duration
	// Stages is the system's own account of where the time went.
	Stages map[string]time.Duration
}

// Summary compares the answers of a day with its truth. All rates are parts
// of 1. The field names are an interface for programs.
type Summary struct {
	Voyages    int `json:"voyages"`
	Passengers int `json:"passengers"`
	Citizens   int `json:"citizens"`
	// InScope is how many passengers the rule in force asks for a photograph.
	InScope int `json:"in_scope"`
	// ShowedUp is how many passengers came to their gate.
	ShowedUp int `json:"showed_up"`
	NoShows  int `json:"no_shows"`
	// OptOuts is how many encounters the system took down as declined.
	OptOuts  int `json:"opt_outs"`
	Captures int `json:"captures"`
	// CaptureRate is the share, of passengers in scope who came and had their
	// face in view, of whom an acceptable capture was obtained.
	CaptureRate float64 `json:"capture_rate"`
	// Confirmed is how many encounters ended with a confirmation, right or wrong.
	Confirmed int `json:"confirmed"`
	// CaptureAgain is how many captures the system wanted to be repeated.
	CaptureAgain int `json:"capture_again"`
	// Manual is how many encounters ended with an officer.
	Manual        int            `json:"manual"`
	ManualReasons map[string]int `json:"manual_reasons"`
	// FalseMatches is how many people, themselves before the camera, were
	// confirmed as a passenger they are not. A picture held up is an attack and
	// counted as one.
	FalseMatches int `json:"false_matches"`
	// FalseNonMatches is how many passengers with a usable portrait on file, of
	// whom a capture was posted that the plan had not spoilt, were never
	// confirmed.
	FalseNonMatches int `json:"false_non_matches"`
	// Strangers is how many people came who are not on the voyage.
	Strangers int `json:"strangers"`
	// Attacks is how many held up a picture; AttacksConfirmed how many of them
	// were confirmed as somebody.
	Attacks          int     `json:"attacks"`
	AttacksConfirmed int     `json:"attacks_confirmed"`
	Latency          Latency `json:"latency_ms"`
	// CapturesPerSecond counts all gates together.
	CapturesPerSecond float64 `json:"captures_per_second"`
	// Generated says that the people do not exist; Statement says what follows.
	Generated bool   `json:"generated_people"`
	Statement string `json:"statement"`
}

// Summarize compares the answers with the truth of the plan.
func Summarize(plan *Plan, a Answers) Summary {
	s := Summary{Voyages: len(plan.Voyages), ManualReasons: map[string]int{}, Generated: plan.Faces.Generated}
	s.Statement = statement(s.Generated)
	for _, v := range plan.Voyages {
		for _, p := range v.Passengers {
			s.addPassenger(p)
		}
		for _, visit := range v.Visits {
			s.addVisit(visit)
		}
	}
	var rate rate
	for _, e := range a.Encounters {
		s.addEncounter(e)
		rate.add(e)
	}
	// Somebody in view whom no answer speaks of is somebody not captured.
	s.CaptureRate = rate.of(plan)
	s.latencies(a)
	return s
}

func statement(generated bool) string {
	if generated {
		return "These are generated people. The error rates are theirs and say nothing about real ones."
	}
	return "These are the photographs of one folder. Error rates of so few people are no measure of accuracy."
}

func (s *Summary) addPassenger(p *Passenger) {
	s.Passengers++
	if p.Citizen() {
		s.Citizens++
	}
	if p.InScope() {
		s.InScope++
	}
	if p.Fate == NoShow || p.Fate == LendsPicture {
		s.NoShows++
	} else {
		s.ShowedUp++
	}
}

func (s *Summary) addVisit(v *Visit) {
	switch v.Fate {
	case StrangerComes:
		s.Strangers++
	case HoldsPicture:
		s.Attacks++
	}
}

func (s *Summary) addEncounter(e Encounter) {
	s.Captures += len(e.Captures)
	for _, c := range e.Captures {
		if c.Again {
			s.CaptureAgain++
		}
	}
	if e.OptedOut {
		s.OptOuts++
	}
	if len(e.Manual) > 0 {
		s.Manual++
	}
	for _, reason := range e.Manual {
		s.ManualReasons[reason]++
	}
	if e.Confirmed != nil {
		s.Confirmed++
	}
	switch {
	case e.Confirmed != nil && e.Visit.Fate == HoldsPicture:
		s.AttacksConfirmed++
	case e.Confirmed != nil && e.Confirmed.Face != e.Visit.TruePerson:
		s.FalseMatches++
	case e.Confirmed == nil && e.shouldMatch():
		s.FalseNonMatches++
	}
}

// shouldMatch reports whether the system had all it needed to confirm.
func (e Encounter) shouldMatch() bool {
	p := e.Visit.Passenger
	if p == nil || p.OnFile != Usable || e.OptedOut {
		return false
	}
	return slices.ContainsFunc(e.Captures, func(c Capture) bool { return e.Visit.Frames[c.Frame].Spoil == "" })
}

// rate collects the visits of which an acceptable capture was obtained.
type rate map[*Visit]bool

func (r *rate) add(e Encounter) {
	if *r == nil {
		*r = rate{}
	}
	if slices.ContainsFunc(e.Captures, func(c Capture) bool { return c.Acceptable }) {
		(*r)[e.Visit] = true
	}
}

// of divides by all who should have been captured. With nobody to capture it
// is 0.
func (r rate) of(plan *Plan) float64 {
	captured, due := 0, 0
	for _, v := range plan.Voyages {
		for _, visit := range v.Visits {
			if visit.Passenger == nil || !visit.Passenger.InScope() || !visit.FaceInView() {
				continue
			}
			due++
			if r[visit] {
				captured++
			}
		}
	}
	return ratio(captured, due)
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

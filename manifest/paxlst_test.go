package manifest_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"limen/errs"
	"limen/manifest"
	"limen/travel"
)

func parse(t *testing.T, input string) manifest.Parsed {
	t.Helper()
	p, err := manifest.ParsePAXLST(strings.NewReader(input))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSample(t *testing.T) {
	p := parse(t, sample)
	if len(p.Messages) != 1 || len(p.Diagnostics) != 0 {
		t.Fatalf("%d messages, %+v", len(p.Messages), p.Diagnostics)
	}
	m := p.Messages[0]
	if len(m.Diagnostics) != 0 {
		t.Fatalf("%+v", m.Diagnostics)
	}
	if m.Sender != "XQAIR" || m.Interchange != "0000000042" || m.Transaction != "XQ00042" {
		t.Errorf("message %+v", m)
	}
	if len(m.Legs) != 2 || m.Legs[0].Number != "12" || m.Legs[1].To != "BOS" {
		t.Errorf("legs %+v", m.Legs)
	}
	rose, nils, mae := m.Passengers[0], m.Passengers[1], m.Passengers[2]
	if rose.GivenNames != "ROSE ANN" || len(rose.Documents) != 2 || rose.Documents[1] != (travel.Document{Type: "V", Number: "V7654321", Issuer: "USA", Expiry: mustDay("2027-11-30")}) {
		t.Errorf("first passenger %+v", rose)
	}
	if nils.BirthDate != mustDay("1919-12-24") || nils.Nationality != "ISL" {
		t.Errorf("second passenger %+v", nils)
	}
	if mae.Surname != "O'CONNOR" || !mae.Transit || mae.Sex != travel.SexX || mae.BirthDate != mustDay("2025-01-01") {
		t.Errorf("third passenger %+v", mae)
	}
}

// A line of 69 characters, as teletype networks cut them, is no end of a
// segment; neither is a missing one.
func TestLinesCutAnywhere(t *testing.T) {
	want := fmt.Sprintf("%+v", parse(t, sample).Messages[0].Passengers)
	joined := strings.ReplaceAll(sample, "\n", "")
	var cut strings.Builder
	for i := 0; i < len(joined); i += 69 {
		cut.WriteString(joined[i:min(i+69, len(joined))] + "\r\n")
	}
	for name, input := range map[string]string{"joined": joined, "cut": cut.String(), "blanks": " " + strings.ReplaceAll(sample, "\n", "\r\n ")} {
		m := parse(t, input).Messages[0]
		if got := fmt.Sprintf("%+v", m.Passengers); got != want || len(m.Diagnostics) != 0 {
			t.Errorf("%s: %s\n%+v", name, got, m.Diagnostics)
		}
	}
}

func TestServiceCharacters(t *testing.T) {
	want := fmt.Sprintf("%+v", parse(t, sample).Messages[0].Passengers)
	other := strings.NewReplacer("UNA:+.? '", "UNA|^,\\ ~", ":", "|", "+", "^", "?'", "'", "'", "~").Replace(sample)
	if got := fmt.Sprintf("%+v", parse(t, other).Messages[0].Passengers); got != want {
		t.Errorf("own characters: %s", got)
	}
	none := strings.Replace(sample, "UNA:+.? '\n", "", 1)
	if got := fmt.Sprintf("%+v", parse(t, none).Messages[0].Passengers); got != want {
		t.Errorf("no advice: %s", got)
	}
	if p := parse(t, strings.Replace(sample, "UNA:+.? '", "UNA::.? '", 1)); !hasCode(p.Diagnostics, manifest.CodeAdviceInvalid) || len(p.Messages[0].Passengers) != 3 {
		t.Errorf("advice that cannot work: %+v", p.Diagnostics)
	}
}

func TestFunctions(t *testing.T) {
	for bgm, want := range map[string]manifest.Message{
		"BGM+745":       {Function: manifest.Original},
		"BGM+745+CP":    {Function: manifest.Update},
		"BGM+745+RP":    {Function: manifest.Reduction},
		"BGM+745+XR":    {Function: manifest.Reduction},
		"BGM+745+X77+3": {Function: manifest.Reduction},
		"BGM+250":       {Function: manifest.Original, Crew: true},
		"BGM+250+CC":    {Function: manifest.Update, Crew: true},
		"BGM+266+CL":    {Function: manifest.CloseOut},
		"BGM+266+CLOB":  {Function: manifest.CloseOut},
		"BGM+266+CLNB":  {Function: manifest.CloseOut, NotBoarded: true},
		"BGM+266+XF":    {Function: manifest.Cancel},
	} {
		m := parse(t, strings.Replace(sample, "BGM+745", bgm, 1)).Messages[0]
		if m.Function != want.Function || m.Crew != want.Crew || m.NotBoarded != want.NotBoarded || hasCode(m.Diagnostics, manifest.CodeFunction) {
			t.Errorf("%s: %s, crew %t, not boarded %t, %+v", bgm, m.Function, m.Crew, m.NotBoarded, m.Diagnostics)
		}
	}
}

func TestSeveralMessages(t *testing.T) {
	body := sample[strings.Index(sample, "UNH"):strings.Index(sample, "UNE")]
	second := strings.ReplaceAll(body, "PAX042", "PAX043")
	p := parse(t, strings.Replace(sample, "UNE+1", second+"UNE+2", 1))
	if len(p.Messages) != 2 || p.Messages[1].Reference != "PAX043" || len(p.Diagnostics) != 0 {
		t.Fatalf("%d messages, %+v", len(p.Messages), p.Diagnostics)
	}
	for _, m := range p.Messages {
		if len(m.Passengers) != 3 || len(m.Diagnostics) != 0 {
			t.Errorf("%s: %d passengers, %+v", m.Reference, len(m.Passengers), m.Diagnostics)
		}
	}
	if p := parse(t, sample+sample); len(p.Messages) != 2 || len(p.Diagnostics) != 0 {
		t.Errorf("two interchanges: %d messages, %+v", len(p.Messages), p.Diagnostics)
	}
	answer := strings.Replace(sample, "UNH", "UNH+9+CUSRES:D:05B:UN:IATA'\nBGM+132'\nUNT+3+9'\nUNH", 1)
	if p := parse(t, answer); len(p.Messages) != 1 || !hasCode(p.Diagnostics, manifest.CodeMessageSkipped) {
		t.Errorf("another type: %d messages, %+v", len(p.Messages), p.Diagnostics)
	}
}

// Cut at every byte, the message says so and keeps whom it has read.
func TestCutAnywhere(t *testing.T) {
	whole := parse(t, sample).Messages[0]
	begin, end := strings.Index(sample, "UNH"), strings.Index(sample, "'\nUNE")
	for n := begin + len("UNH+PAX042+PAXLST:D:05B:UN:IATA+XQ12/260302+01:F'"); n < end-len("UNT+54+PAX042"); n++ {
		p := parse(t, sample[:n])
		if len(p.Messages) != 1 {
			t.Fatalf("cut at %d: %d messages", n, len(p.Messages))
		}
		m := p.Messages[0]
		last := m.Diagnostics[len(m.Diagnostics)-1]
		if last.Severity != manifest.Fatal || last.Code != manifest.CodeCut || last.Offset > int64(n) {
			t.Fatalf("cut at %d: %+v", n, m.Diagnostics)
		}
		for i, got := range m.Passengers[:max(0, len(m.Passengers)-1)] {
			if fmt.Sprint(got) != fmt.Sprint(whole.Passengers[i]) {
				t.Fatalf("cut at %d: passenger %d is %+v", n, i+1, got)
			}
		}
	}
}

func TestNothingRead(t *testing.T) {
	for _, input := range []string{"", " \n", "UNA:+.? '", "hello", "UNB+UNOA:4+A+B+260301:0915+1'UNZ+0+1'"} {
		p := parse(t, input)
		if len(p.Messages) != 0 || !hasCode(p.Diagnostics, manifest.CodeNothingRead) {
			t.Errorf("%q: %+v", input, p)
		}
	}
}

func TestErrors(t *testing.T) {
	broken := errors.New("line down")
	p, err := manifest.ParsePAXLST(io.MultiReader(strings.NewReader(sample[:900]), iotest.ErrReader(broken)))
	if !errors.Is(err, broken) || len(p.Messages) != 1 || !hasCode(p.Messages[0].Diagnostics, manifest.CodeCut) {
		t.Errorf("source: %v, %+v", err, p)
	}
	_, err = manifest.ParsePAXLST(strings.NewReader(strings.Repeat("A", 20_000)))
	if errs.KindOf(err) != errs.TooLarge {
		t.Errorf("long segment: %v", err)
	}
	many := strings.Repeat("NAD+FL+++A:B'NAD+FL+++C:D'", manifest.MaxPassengers/2+1)
	p, err = manifest.ParsePAXLST(strings.NewReader("UNH+1+PAXLST'BGM+745'" + many))
	if errs.CodeOf(err) != "passengers-too-many" || len(p.Messages[0].Passengers) != manifest.MaxPassengers {
		t.Errorf("many passengers: %v", err)
	}
	p = parse(t, "UNH+1+PAXLST'BGM+745'"+strings.Repeat("XX1'XX2'", manifest.MaxDiagnostics))
	if n := len(p.Messages[0].Diagnostics); n > manifest.MaxDiagnostics+3 || !hasCode(p.Messages[0].Diagnostics, manifest.CodeTooMany) {
		t.Errorf("%d diagnostics", n)
	}
}

// Two people of one name, sent by name only, are two where CNT counts two.
func TestTwins(t *testing.T) {
	two := "UNH+1+PAXLST'BGM+745'NAD+FL+++LEE:KIM'NAD+FL+++LEE:KIM'CNT+42:%d'UNT+6+1'"
	for n := 1; n <= 2; n++ {
		if m := parse(t, fmt.Sprintf(two, n)).Messages[0]; len(m.Passengers) != n || hasCode(m.Diagnostics, manifest.CodeCount) {
			t.Errorf("counted %d: %d passengers, %+v", n, len(m.Passengers), m.Diagnostics)
		}
	}
}

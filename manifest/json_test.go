package manifest_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"limen/errs"
	"limen/manifest"
)

func parseJSON(t *testing.T, input string) manifest.Parsed {
	t.Helper()
	p, err := manifest.Parse(strings.NewReader(input))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Both forms of the same facts give the same.
func TestJSONSaysTheSame(t *testing.T) {
	fromEDIFACT := parse(t, sample)
	b, err := json.Marshal(fromEDIFACT)
	if err != nil {
		t.Fatal(err)
	}
	if got := parseJSON(t, string(b)); !reflect.DeepEqual(got, fromEDIFACT) {
		t.Errorf("got  %+v\nwant %+v", got, fromEDIFACT)
	}
	b, _ = json.Marshal(fromEDIFACT.Messages[0])
	if got := parseJSON(t, "\xef\xbb\xbf \n"+string(b)); !reflect.DeepEqual(got.Messages, fromEDIFACT.Messages) {
		t.Errorf("one message: %+v", got)
	}
}

func TestJSONSample(t *testing.T) {
	p := parseJSON(t, sampleJSON)
	if len(p.Messages) != 1 || len(p.Diagnostics) != 0 || len(p.Messages[0].Diagnostics) != 0 {
		t.Fatalf("%+v", p)
	}
	m := p.Messages[0]
	if m.Legs[0].Number != "12" || m.Passengers[0].Documents[0].Expiry != mustDay("2030-12-31") {
		t.Errorf("%+v", m)
	}
}

// Each odd value costs its own fact, and is told with passenger and place.
func TestJSONDiagnostics(t *testing.T) {
	for _, c := range []struct{ old, new, code string }{
		{`"surname"`, `"surename"`, manifest.CodeUnknownField},
		{`"carrier"`, `"Airline"`, manifest.CodeUnknownField},
		{`"sex":"F"`, `"sex":"W"`, manifest.CodeSex},
		{`"sex":"F"`, `"sex":1`, manifest.CodeFieldType},
		{`"sex":"F"`, `"sex":{"a":[1,{}]}`, manifest.CodeFieldType},
		{`"sex":"F"`, `"sex":"F","sex":"M"`, manifest.CodeRepeated},
		{`1980-02-29`, `1981-02-29`, manifest.CodeDate},
		{`1980-02-29`, `2026-03-03`, manifest.CodeDate},
		{`"nationality":"GBR"`, `"nationality":"Britain"`, manifest.CodeCountry},
		{`"embark":"LHR"`, `"embark":"London"`, manifest.CodePort},
		{`"original"`, `"fresh"`, manifest.CodeFunction},
		{`"function":"original",`, ``, manifest.CodeFunction},
		{`"number":"AB1234567"`, `"number":""`, manifest.CodeDocumentMissing},
		{`"ADAMS"`, `""`, manifest.CodeNameMissing},
		{`"ADAMS"`, `"AD4MS"`, manifest.CodeNameForm},
		{`"reference":"PAX042",`, ``, manifest.CodeValueMissing},
		{`"to":"KEF"`, `"to":null`, manifest.CodeLegIncomplete},
		{`"documents":[`, `"documents":7,"x":[`, manifest.CodeFieldType},
		{`"locator":"QWERTY"}]}`, `"locator":"QWERTY"]}`, manifest.CodeUnreadable},
		{`"locator":"QWERTY"}]}]}`, `"locator":"QWE`, manifest.CodeCut},
	} {
		p := parseJSON(t, strings.Replace(sampleJSON, c.old, c.new, 1))
		if len(p.Messages) != 1 || !hasCode(p.Messages[0].Diagnostics, c.code) || len(p.Messages[0].Passengers) != 1 {
			t.Errorf("%s for %s: %+v", c.new, c.old, p)
			continue
		}
		for _, d := range p.Messages[0].Diagnostics {
			if d.Offset <= 0 || d.Offset > int64(len(sampleJSON)+20) {
				t.Errorf("%s: offset of %+v", c.new, d)
			}
			for _, secret := range []string{"ADAMS", "AD4MS", "AB1234567", "QWERTY", "1981"} {
				if strings.Contains(d.Detail, secret) {
					t.Errorf("%s: the diagnostic quotes a value: %+v", c.new, d)
				}
			}
		}
	}
}

func TestJSONSaysWhere(t *testing.T) {
	m := parseJSON(t, strings.Replace(sampleJSON, `"issuer"`, `"isuer"`, 1)).Messages[0]
	d := m.Diagnostics[0]
	if want := "messages.passengers.documents.isuer"; !strings.Contains(d.Detail, want) || d.Passenger != 1 {
		t.Errorf("%+v does not name %s", d, want)
	}
	if at := sampleJSON[d.Offset:]; !strings.HasPrefix(at, `"issuer"`) {
		t.Errorf("offset %d is not of the field", d.Offset)
	}
}

func TestJSONNothingRead(t *testing.T) {
	for _, input := range []string{"{}", `{"messages":[]}`, `{"messages":null}`, `{"foo":1}`, `{`, `{"messages":[`} {
		p := parseJSON(t, input)
		if len(p.Messages) != 0 || len(p.Diagnostics) == 0 || p.Diagnostics[len(p.Diagnostics)-1].Severity != manifest.Fatal {
			t.Errorf("%s: %+v", input, p)
		}
	}
	p := parseJSON(t, sampleJSON+"{}")
	if len(p.Messages) != 1 || !hasCode(p.Diagnostics, manifest.CodeUnreadable) {
		t.Errorf("something behind: %+v", p.Diagnostics)
	}
	if p, err := manifest.ParseJSON(strings.NewReader("[]")); err != nil || len(p.Messages) != 0 || !hasCode(p.Diagnostics, manifest.CodeNothingRead) {
		t.Errorf("an array: %+v, %v", p, err)
	}
}

func TestJSONLimits(t *testing.T) {
	many := `{"passengers":[` + strings.Repeat(`{},`, manifest.MaxPassengers) + `{}]}`
	if _, err := manifest.ParseJSON(strings.NewReader(many)); errs.CodeOf(err) != "passengers-too-many" {
		t.Errorf("passengers: %v", err)
	}
	full := `{"passengers":[` + strings.Repeat(`{},`, manifest.MaxPassengers-1) + `{}]},`
	many = `{"messages":[` + strings.Repeat(full, manifest.MaxPassengersInAll/manifest.MaxPassengers) + `{"passengers":[{}]}]}`
	if _, err := manifest.ParseJSON(strings.NewReader(many)); errs.CodeOf(err) != "passengers-too-many" {
		t.Errorf("passengers in all: %v", err)
	}
	many = `{"messages":[` + strings.Repeat(`{},`, manifest.MaxMessages) + `{}]}`
	if _, err := manifest.ParseJSON(strings.NewReader(many)); errs.CodeOf(err) != "messages-too-many" {
		t.Errorf("messages: %v", err)
	}
}

package manifest_test

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"limen/errs"
	"limen/manifest"
)

func TestCorporaAreThere(t *testing.T) {
	for _, name := range []string{"FuzzParsePAXLST", "FuzzParseJSON"} {
		files, err := os.ReadDir("testdata/fuzz/" + name)
		if err != nil || len(files) < 3 {
			t.Errorf("%s has %d inputs (%v): the fuzz corpus is committed with the tests", name, len(files), err)
		}
	}
}

// FuzzParsePAXLST holds the reader to what checkParsed says, and to this: a
// message that can be written reads back as the same persons.
func FuzzParsePAXLST(f *testing.F) {
	f.Add([]byte(sample))
	f.Fuzz(func(t *testing.T, input []byte) {
		p, err := manifest.ParsePAXLST(bytes.NewReader(input))
		checkParsed(t, input, p, err)
		for _, m := range p.Messages {
			checkRewritten(t, m)
		}
	})
}

// FuzzParseJSON holds the JSON reader to what checkParsed says, and to this:
// what it read it reads again from its own output.
func FuzzParseJSON(f *testing.F) {
	f.Add([]byte(sampleJSON))
	f.Fuzz(func(t *testing.T, input []byte) {
		p, err := manifest.ParseJSON(bytes.NewReader(input))
		checkParsed(t, input, p, err)
		for _, m := range p.Messages {
			b, err := json.Marshal(m)
			if err != nil {
				t.Fatal(err)
			}
			again, err := manifest.ParseJSON(bytes.NewReader(b))
			if err != nil || len(again.Messages) != 1 {
				t.Fatalf("%d messages from %s: %v", len(again.Messages), b, err)
			}
			g := again.Messages[0]
			g.Diagnostics = m.Diagnostics
			if !reflect.DeepEqual(g, m) {
				t.Fatalf("read %+v\nthen %+v", m, g)
			}
			checkRewritten(t, m)
		}
	})
}

// checkParsed holds every result to this: limits are the only errors; offsets
// lie inside the input; passengers, diagnostics and text are bounded by it;
// each diagnostic is complete and in valid UTF-8; lists are never nil; nothing
// is passed over in silence.
func checkParsed(t *testing.T, input []byte, p manifest.Parsed, err error) {
	t.Helper()
	if err != nil && errs.KindOf(err) != errs.TooLarge {
		t.Fatal(err)
	}
	if p.Messages == nil || p.Diagnostics == nil {
		t.Fatal("a list is nil")
	}
	if len(p.Messages) == 0 && len(p.Diagnostics) == 0 {
		t.Fatal("nothing was read, and nothing said")
	}
	checkDiagnostics(t, input, p.Diagnostics, 0)
	text := 0
	for _, m := range p.Messages {
		if m.Legs == nil || m.Passengers == nil || m.Diagnostics == nil || m.Function == "" {
			t.Fatalf("a part is missing: %+v", m)
		}
		checkDiagnostics(t, input, m.Diagnostics, len(m.Passengers))
		for _, x := range m.Passengers {
			if x.Documents == nil || len(x.Documents) > manifest.MaxDocuments {
				t.Fatalf("documents: %+v", x)
			}
			text += 1 + len(x.Surname) + len(x.GivenNames) + len(x.Locator) + len(x.Reference)
			if !utf8.ValidString(x.Surname + x.GivenNames) {
				t.Fatalf("name is not UTF-8: %q", x.Surname+x.GivenNames)
			}
		}
	}
	// ISO 8859-1 and broken UTF-8 can grow threefold.
	if text > 3*len(input) {
		t.Fatalf("%d bytes of text from %d of input", text, len(input))
	}
}

func checkDiagnostics(t *testing.T, input []byte, list []manifest.Diagnostic, passengers int) {
	t.Helper()
	if len(list) > manifest.MaxDiagnostics+10 {
		t.Fatalf("%d diagnostics", len(list))
	}
	for _, d := range list {
		if d.Severity == "" || d.Code == "" || !strings.HasSuffix(d.Detail, ".") || !utf8.ValidString(d.Detail) || strings.Contains(d.Detail, "%!") {
			t.Fatalf("incomplete: %+v", d)
		}
		if d.Offset < 0 || d.Offset > int64(len(input)) || d.Passenger < 0 || d.Passenger > passengers+1 {
			t.Fatalf("out of place: %+v in %d bytes with %d passengers", d, len(input), passengers)
		}
	}
}

func checkRewritten(t *testing.T, m manifest.Message) {
	t.Helper()
	var b bytes.Buffer
	if manifest.WritePAXLST(&b, m) != nil {
		return
	}
	again, err := manifest.ParsePAXLST(bytes.NewReader(b.Bytes()))
	if err != nil || len(again.Messages) != 1 {
		t.Fatalf("%d messages, %v, from\n%s", len(again.Messages), err, b.Bytes())
	}
	g := again.Messages[0]
	if len(g.Passengers) != len(m.Passengers) || !reflect.DeepEqual(g.Legs, m.Legs) || g.Function != m.Function {
		t.Fatalf("%d passengers and legs %+v were written, %d and %+v read, from\n%s", len(m.Passengers), m.Legs, len(g.Passengers), g.Legs, b.Bytes())
	}
	for i, p := range m.Passengers {
		if !reflect.DeepEqual(p.Documents, g.Passengers[i].Documents) {
			t.Fatalf("documents %+v read as %+v", p.Documents, g.Passengers[i].Documents)
		}
	}
}

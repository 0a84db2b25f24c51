package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"limen/errs"
)

const manifestSample = `UNB+UNOA:4+XQAIR+LIMEN+260301:0915+42++APIS'
UNH+PAX042+PAXLST:D:05B:UN:IATA'
BGM+745'
TDT+20+XQ012+++XQ'
LOC+125+LHR'
DTM+189:2603020930:201'
LOC+87+BOS'
DTM+232:2603021230:201'
NAD+FL+++ADAMS:ROSE'
ATT+2++W'
DTM+329:800229'
DOC+P:110:111+AB1234567'
DTM+36:301231'
LOC+91+GBR'
NAD+FL+++BERG:NILS'
ATT+2++M'
CNT+42:2'
UNT+16+PAX042'
UNZ+1+42'
`

// parseFile runs limen manifest parse on the text.
func parseFile(t *testing.T, text string, asJSON bool) (string, error) {
	t.Helper()
	name := filepath.Join(t.TempDir(), "flight.edi")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, log bytes.Buffer
	err := (&manifestParseCmd{File: name, JSON: asJSON}).Run(&streams{Out: &out, Err: &log})
	return out.String(), err
}

func TestManifestParse(t *testing.T) {
	got, err := parseFile(t, manifestSample, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Message PAX042 from XQAIR: original, 2 passengers", "LHR–BOS (XQ12)", "2026-03-02 09:30",
		"ADAMS", "1980-02-29", "P GBR AB1234567 until 2030-12-31", "BERG",
		"error sex-unknown (line 10, segment 9 ATT, byte ", ", passenger 1)",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
}

func TestManifestParseJSON(t *testing.T) {
	got, err := parseFile(t, manifestSample, true)
	if err != nil {
		t.Fatal(err)
	}
	var out struct {
		Messages []struct {
			Legs        []map[string]string
			Passengers  []map[string]any
			Diagnostics []map[string]any
		}
		Diagnostics []any
	}
	if err := json.Unmarshal([]byte(got), &out); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(got, "null") || out.Diagnostics == nil {
		t.Errorf("an empty list is null:\n%s", got)
	}
	m := out.Messages[0]
	for _, key := range []string{"carrier", "number", "from", "to", "departure", "arrival"} {
		if m.Legs[0][key] == "" {
			t.Errorf("the leg has no %s:\n%s", key, got)
		}
	}
	for _, key := range []string{"surname", "given_names", "birth_date", "sex", "nationality", "embark", "debark", "documents"} {
		if _, ok := m.Passengers[1][key]; !ok {
			t.Errorf("the passenger has no %s:\n%s", key, got)
		}
	}
	d := m.Passengers[0]["documents"].([]any)[0].(map[string]any)
	if d["type"] != "P" || d["number"] != "AB1234567" || d["issuer"] != "GBR" || d["expiry"] != "2030-12-31" {
		t.Errorf("document %v", d)
	}
	if m.Diagnostics[0]["code"] != "sex-unknown" {
		t.Errorf("diagnostics %v", m.Diagnostics)
	}
}

func TestManifestParseFails(t *testing.T) {
	for code, text := range map[string]string{
		"manifest-empty":      "not a manifest",
		"manifest-incomplete": manifestSample[:300],
		"segment-too-long":    strings.Repeat("X", 1<<16),
	} {
		if got, err := parseFile(t, text, false); errs.CodeOf(err) != code {
			t.Errorf("%s: error %v, printed:\n%s", code, err, got)
		}
	}
	err := (&manifestParseCmd{File: filepath.Join(t.TempDir(), "none")}).Run(&streams{})
	if errs.CodeOf(err) != "manifest-file" {
		t.Errorf("no file: %v", err)
	}
}

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// limen runs a command line of limen policy and returns what it prints.
func limen(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var c struct {
		Policy policyCmd `cmd:""`
	}
	var out bytes.Buffer
	p, err := kong.New(&c, kong.Bind(&streams{Out: &out, Err: &out}), kong.Vars{})
	if err != nil {
		t.Fatal(err)
	}
	k, err := p.Parse(append([]string{"policy"}, args...))
	if err != nil {
		return "", err
	}
	err = k.Run()
	return out.String(), err
}

func TestPolicyExplain(t *testing.T) {
	line := strings.Fields("explain --on 2026-01-10 --citizenship GBR --birth 1950-02-01 --class B-2 --mode air --direction exit")
	out, err := limen(t, append(line, "--rule", "us-2025", "--json")...)
	var e explanation
	if err != nil || json.Unmarshal([]byte(out), &e) != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for duty, x := range map[string]explained{"photo": e.Photo, "other": e.OtherBiometrics} {
		if x.Result != "required" || x.Clause != "8 CFR 215.8(a)(1)" || x.Citation != "90 FR 48604 (2025-10-27)" || x.RuleSet != "us-2025" || x.Inputs["citizenship"] != "GBR" {
			t.Errorf("%s: %+v", duty, x)
		}
	}
	if e.OtherBiometrics.Inputs["age"] != 75.0 || !e.InForce {
		t.Errorf("%+v", e)
	}
	for name, c := range map[string]struct {
		args string
		want []string
	}{
		"a sentence":                   {strings.Join(line, " "), []string{"Departure by air on 2026-01-10, under us-2025", "Under 8 CFR 215.8(a)(1) (90 FR 48604 (2025-10-27)) the traveler is required to be photographed.", "age: 75"}},
		"the law of another day":       {"explain --rule us-2004 --on 2026-01-10 --citizenship GBR --birth 2015-02-01 --direction entry", []string{"It was not in force on that day.", "On us-2004:\n  [check] the first day", "is exempt, and not required to be photographed"}},
		"never in force":               {"explain --rule us-2020-nprm --on 2026-01-10 --citizenship GBR --direction entry", []string{"proposed on 2020-11-19 and was never in force"}},
		"the rule of that day":         {"explain --on 2025-12-25 --citizenship USA --direction entry", []string{"under us-2004", "is not in scope"}},
		"another jurisdiction":         {"explain --jurisdiction EU --on 2026-01-10 --citizenship USA --direction entry", []string{"under eu-ees", "Is the traveler a lawful resident"}},
		"what is not settled":          {"explain --on 2026-01-10 --citizenship GBR --class A-1 --direction entry", []string{"Not settled: [check]"}},
		"two citizenships":             {"explain --on 2026-01-10 --citizenship GBR --citizenship USA --presents-as USA --direction entry", []string{"A citizen of the United States is never in scope"}},
		"a question, where it depends": {"explain --on 2026-01-10 --citizenship GBR --class C-3 --birth 1980-01-01 --direction entry", []string{"An officer asks:\n    Is the traveler an attendant"}},
		"a refusal is never automatic": {"explain --on 2026-01-10 --citizenship GBR --refused yes --direction entry", []string{"an officer decides. An alien in scope who refuses"}},
	} {
		out, err := limen(t, strings.Fields(c.args)...)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, w := range c.want {
			if !strings.Contains(out, w) {
				t.Errorf("%s: %q is not in\n%s", name, w, out)
			}
		}
	}
	for args, want := range map[string]string{
		"explain --direction in":                                         "--direction: this is one of entry, exit",
		"explain --direction exit --citizenship Britain":                 "--citizenship: this is a country",
		"explain --direction exit --class 2B":                            "--class",
		"explain --direction exit --rule us-2030":                        `no rule set "us-2030"`,
		"explain --direction exit --on 2003-01-01":                       "no rule set of US is in force on 2003-01-01",
		"explain --direction exit --on 2026-01-01 --birth 2026-01-02":    "birth date is after",
		"explain --direction exit --on soon":                             "--on",
		"explain --citizenship GBR":                                      "--direction",
		"explain --direction exit --citizenship GBR --attendant perhaps": "yes, no or unknown",
	} {
		if out, err := limen(t, strings.Fields(args)...); err == nil || !strings.Contains(message(err), want) {
			t.Errorf("%s: %v\n%s", args, err, out)
		}
	}
}

func TestPolicyListAndCases(t *testing.T) {
	out, err := limen(t, "list", "--on", "2025-12-25")
	if err != nil || !strings.Contains(out, "2004-01-05 to 2025-12-25     yes") || !strings.Contains(out, "never (proposed 2020-11-19)  no") || !strings.Contains(out, "[check]") {
		t.Errorf("%v\n%s", err, out)
	}
	out, err = limen(t, "cases", "--kind", "scope")
	if err != nil || !strings.Contains(out, " scope\n") || !strings.Contains(out, "0 failed") {
		t.Errorf("%v\n%s", err, out)
	}
	if _, err := limen(t, "cases", "--kind", "poem"); err == nil {
		t.Error("a kind that is none")
	}
	mine := filepath.Join(t.TempDir(), "scope-mine.txtar")
	write(t, mine, "-- a citizen --\non 2026-01-01\ncitizenship USA\ndirection exit\n=> photo required\n")
	out, err = limen(t, "cases", mine)
	if err == nil || !strings.Contains(out, "scope-mine.txtar:5: a citizen") || !strings.Contains(out, "photo not_in_scope") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestPolicyCheck(t *testing.T) {
	dir := t.TempDir()
	ours := "../../policy/rules/us-2025.yaml"
	if out, err := limen(t, "check", ours); err != nil || !strings.Contains(out, "us-2025 is right") {
		t.Errorf("%v\n%s", err, out)
	}
	data, err := os.ReadFile(ours)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		old, new string
		want     []string
	}{
		"changed.yaml":  {"age > 79", "age > 80", []string{"changed.yaml:3:5: the rule set us-2025 is in us-2025.yaml already", "a new rule is a new file"}},
		"overlap.yaml":  {"id: us-2025", "id: us-2026", []string{"overlap.yaml:7:9: from 2025-12-26 the effective dates overlap those of us-2025"}},
		"mistaken.yaml": {"age < 14", "ago < 14", []string{"mistaken.yaml:53:11: there is no input \"ago\"\n      when: ago < 14 || age > 79\n            ^\n  did you mean age?"}},
	} {
		file := filepath.Join(dir, name)
		write(t, file, strings.Replace(string(data), c.old, c.new, 1))
		out, err := limen(t, "check", file)
		if err == nil || !strings.Contains(message(err), "1 mistake (") {
			t.Errorf("%s: %v", name, err)
		}
		for _, w := range c.want {
			if !strings.Contains(out, w) {
				t.Errorf("%s: %q is not in\n%s", name, w, out)
			}
		}
	}
	if _, err := limen(t, "list", "--policy", dir); err == nil || !strings.Contains(err.Error(), "mistaken.yaml:53:11") {
		t.Errorf("a folder with mistakes: %v", err)
	}
	for _, args := range []string{"check", "cases"} { // read whole, it takes all memory
		if _, err := limen(t, args, "/dev/zero"); err == nil || !strings.Contains(err.Error(), "at most 1048576 bytes") {
			t.Errorf("%s of a file without an end: %v", args, err)
		}
	}
	next := t.TempDir()
	write(t, filepath.Join(next, "us-2027.yaml"), strings.NewReplacer("id: us-2025", "id: us-2027", "from: 2025-12-26", "from: 2027-01-01").Replace(string(data)))
	out, err := limen(t, "list", "--policy", next, "--on", "2027-01-01")
	if err != nil || !strings.Contains(out, "from 2027-01-01              yes") || !strings.Contains(out, "2025-12-26 to 2026-12-31     no") {
		t.Errorf("%v\n%s", err, out)
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

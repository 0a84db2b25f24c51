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

// diffed runs a diff in a folder of its own and returns what it printed.
func diffed(t *testing.T, c policyDiffCmd) (out, said string, err error) {
	t.Helper()
	t.Chdir(t.TempDir())
	if c.Sim.Year == 0 {
		c.Sim = simFlags{Persons: 3000, Year: 2026, Seed: 1}
	}
	var o, e bytes.Buffer
	err = c.Run(t.Context(), &streams{Out: &o, Err: &e})
	return o.String(), e.String(), err
}

func TestPolicyDiffCommand(t *testing.T) {
	out, said, err := diffed(t, policyDiffCmd{From: "us-2004", To: "us-2025", Traffic: "sim"})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"of 3,000 persons (", "would newly give a photograph", "nobody would be newly free of it.", "The persons do not exist (seed 1)",
		"PHOTOGRAPH", "canadian-visitor", "by class of admission", "by nationality", "as if it were the law"} {
		if !strings.Contains(out, want) {
			t.Errorf("the table does not say %q:\n%s", want, out)
		}
	}
	page, err := os.ReadFile("policy-diff.html")
	if err != nil || !strings.Contains(said, "policy-diff.html") {
		t.Errorf("said %q, %v", said, err)
	}
	for _, want := range []string{"limen policy diff us-2004 us-2025 --traffic sim --persons 3000 --year 2026 --seed 1", "CBP, On a Typical Day", "All shares", "air 30.49"} {
		if !strings.Contains(string(page), want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if left, _ := filepath.Glob(".policy-diff-*"); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestPolicyDiffForms(t *testing.T) {
	out, said, err := diffed(t, policyDiffCmd{From: "us-2020-nprm", To: "us-2025", Traffic: "sim", JSON: true})
	var d struct {
		Traffic struct{ Persons int }
		Duties  []struct{ Duty string }
	}
	if jsonErr := json.Unmarshal([]byte(out), &d); err != nil || jsonErr != nil || d.Traffic.Persons != 3000 || len(d.Duties) != 2 || said != "" {
		t.Errorf("JSON: %v %v, %+v, said %q", err, jsonErr, d, said)
	}
	if _, err := os.Stat("policy-diff.html"); err == nil {
		t.Error("--json wrote a page unasked")
	}
	out, said, err = diffed(t, policyDiffCmd{From: "us-2004", To: "us-2025", Traffic: "sim", CSV: true, HTML: "p.html"})
	if err != nil || !strings.HasPrefix(out, "duty,dimension,value,from,to,persons,percent_of_value\nphoto,all,") || !strings.Contains(said, "p.html") {
		t.Errorf("CSV: %v, said %q: %.200s", err, said, out)
	}
}

// TestPolicyDiffDraft compares a rule that is only a file yet, on a file.
func TestPolicyDiffDraft(t *testing.T) {
	dir := t.TempDir()
	rule, err := os.ReadFile(filepath.Join("..", "..", "policy", "rules", "us-2025.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	draft := strings.NewReplacer("id: us-2025", "id: us-next", "from: 2025-12-26", "from: 2027-01-01", "age < 14 || age > 79", "age < 12").Replace(string(rule))
	ruleFile, trafficFile := filepath.Join(dir, "us-next.yaml"), filepath.Join(dir, "t.csv")
	for name, data := range map[string]string{ruleFile: draft, trafficFile: "on,direction,citizenship,birth,class\n2026-06-01,entry,GBR,2013-01-01,WT\n2026-06-01,entry,GBR,1940-01-01,WT\n2026-06-01,entry,GBR,2016-01-01,WT\n"} {
		if err := os.WriteFile(name, []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, _, err := diffed(t, policyDiffCmd{From: "us-2025", To: ruleFile, Traffic: trafficFile})
	if err != nil || !strings.Contains(out, "Under us-next, 2 of 3 persons (66.7 %) would newly give other biometrics (fingerprints); nobody") || !strings.Contains(out, "Under us-next, nobody would newly give a photograph;") {
		t.Errorf("%v:\n%s", err, out)
	}
}

func TestPolicyDiffRefuses(t *testing.T) {
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad.csv")
	if err := os.WriteFile(bad, []byte("on,direction,class\n2026-01-10,exit,B-2\n2026-01-10,exit,no class\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		cmd  policyDiffCmd
		code string
		says string
	}{
		{"no such rule set", policyDiffCmd{From: "us-2004", To: "us-2099", Traffic: "sim"}, "policy-set", "us-2099"},
		{"no such rule file", policyDiffCmd{From: "us-2004", To: filepath.Join(dir, "none.yaml"), Traffic: "sim"}, "policy-file", "cannot be read"},
		{"two jurisdictions", policyDiffCmd{From: "us-2004", To: "eu-ees", Traffic: "sim"}, "policy-diff", "one border"},
		{"no such traffic", policyDiffCmd{From: "us-2004", To: "us-2025", Traffic: filepath.Join(dir, "none.csv")}, "traffic-file", "cannot be opened"},
		{"a bad row", policyDiffCmd{From: "us-2004", To: "us-2025", Traffic: bad}, "traffic-cell", "bad.csv: line 3, column class"},
		{"no such year", policyDiffCmd{From: "us-2004", To: "us-2025", Traffic: "sim", Sim: simFlags{Persons: 1, Year: 1}}, "traffic-year", "1900"},
		{"no such assumptions", policyDiffCmd{From: "us-2004", To: "us-2025", Traffic: "sim", Sim: simFlags{Year: 2026, Assumptions: filepath.Join(dir, "none.csv")}}, "assumptions-file", "cannot be opened"},
		{"no such folder", policyDiffCmd{From: "us-2004", To: "us-2025", Traffic: "sim", HTML: filepath.Join(dir, "none", "p.html")}, "policy-diff-html", "cannot be written"},
	} {
		out, _, err := diffed(t, c.cmd)
		if errs.CodeOf(err) != c.code || !strings.Contains(message(err), c.says) {
			t.Errorf("%s: %v, want %s: …%s…", c.name, err, c.code, c.says)
		}
		if left, _ := filepath.Glob("*"); c.name != "no such folder" && (out != "" || len(left) > 0) {
			t.Errorf("%s: printed %q, left %v", c.name, out, left)
		}
	}
}

func TestPolicyTrafficCommands(t *testing.T) {
	var sim, columns, shares bytes.Buffer
	cmd := trafficSimCmd{simFlags{Persons: 500, Year: 2026, Seed: 3}}
	if err := cmd.Run(&streams{Out: &sim, Err: &bytes.Buffer{}}); err != nil || strings.Count(sim.String(), "\n") != 501 {
		t.Errorf("%v, %d lines", err, strings.Count(sim.String(), "\n"))
	}
	if err := (trafficColumnsCmd{}).Run(&streams{Out: &columns}); err != nil {
		t.Fatal(err)
	}
	header, _, _ := strings.Cut(sim.String(), "\n")
	for _, c := range strings.Split(header, ",") {
		if !strings.Contains(columns.String(), "\n"+c+" ") {
			t.Errorf("limen policy traffic columns does not explain %s", c)
		}
	}
	if err := (trafficAssumptionsCmd{}).Run(&streams{Out: &shares}); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ours.csv")
	if err := os.WriteFile(file, shares.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	cmd.Assumptions = file
	if err := cmd.Run(&streams{Out: &again, Err: &bytes.Buffer{}}); err != nil || again.String() != sim.String() {
		t.Errorf("the written assumptions draw other persons: %v", err)
	}
	// The file that was written is traffic.
	name := filepath.Join(t.TempDir(), "sim.csv")
	if err := os.WriteFile(name, sim.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, _, err := diffed(t, policyDiffCmd{From: "us-2004", To: "us-2025", Traffic: name, NoHTML: true}); err != nil || !strings.Contains(out, "of 500 persons") {
		t.Errorf("%v: %.200s", err, out)
	}
}

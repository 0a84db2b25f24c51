package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"limen/errs"
	"limen/policy"
)

type policyCmd struct {
	Explain policyExplainCmd `cmd:"" help:"Who must give what: one person, one port, one day, with the clause it rests on."`
	List    policyListCmd    `cmd:"" help:"The rule sets: dates, citation, hash, which is in force."`
	Cases   policyCasesCmd   `cmd:"" help:"Run the executable cases of the law."`
	Check   policyCheckCmd   `cmd:"" help:"For authors of rule files: every mistake at its line and column."`
	Diff    policyDiffCmd    `cmd:"" help:"What a new rule set changes, before it is switched on: who moves in and out of scope."`
	Traffic policyTrafficCmd `cmd:"" help:"Traffic to try rule sets on: simulate a year, explain the form."`
}

// ruleFlags say which rule sets there are.
type ruleFlags struct {
	Policy string `help:"Folder of rule files (*.yaml) to load beside those of the program." placeholder:"DIR" env:"LIMEN_POLICY"`
}

// book loads the rule sets of the program and those of the folder.
func (f ruleFlags) book() (*policy.Book, error) {
	if f.Policy == "" {
		return policy.Default(), nil
	}
	paths, err := filepath.Glob(filepath.Join(f.Policy, "*.y*ml"))
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("--policy: there is no rule file (*.yaml) in the folder")
	}
	slices.Sort(paths)
	files, err := ruleFiles(paths)
	if err != nil {
		return nil, err
	}
	return policy.Default().With(files...)
}

// ruleFiles reads files of rules or of cases, none longer than a rule file may be.
func ruleFiles(paths []string) ([]policy.File, error) {
	var files []policy.File
	for _, p := range paths {
		data, err := readFile(p)
		if err != nil {
			return nil, err
		}
		files = append(files, policy.File{Name: p, Data: data})
	}
	return files, nil
}

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, policy.MaxFile+1))
	if err == nil && len(data) > policy.MaxFile {
		err = errs.New(errs.Invalid, "policy-size", "%s: a file has at most %d bytes", path, policy.MaxFile)
	}
	return data, err
}

type policyListCmd struct {
	ruleFlags
	On   string `help:"The day to look at (default: today)." placeholder:"DATE"`
	JSON bool   `name:"json" help:"Print JSON."`
}

// Help shows the list.
func (policyListCmd) Help() string {
	return `A rule set is a file with its dates, its citation and its rules. Once published it is never
changed: its hash is in the audit log of every system that has started with it, and a system refuses
to start if a rule set has another. A new rule is a new file, with a later first day.

Examples:
  limen policy list
  limen policy list --on 2025-12-25
  limen policy list --policy /etc/limen/rules --json | jq '.[] | select(.in_force)'`
}

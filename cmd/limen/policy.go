package main

type policyCmd struct {
	Diff    policyDiffCmd    `cmd:"" help:"What a new rule set changes, before it is switched on: who moves in and out of scope."`
	Traffic policyTrafficCmd `cmd:"" help:"Traffic to try rule sets on: simulate a year, explain the form."`
}

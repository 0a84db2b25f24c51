package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"limen/errs"
	"limen/internal/seal"
)

// site makes a data folder with 64 data keys and no passphrase.
func site(t *testing.T) siteFlags {
	t.Helper()
	s := siteFlags{Data: t.TempDir()}
	k, err := seal.OpenKeys(t.Context(), sealConfig(s, kekFlags{}))
	if err != nil {
		t.Fatal(err)
	}
	defer k.Close()
	if _, _, err := k.Mint(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// said runs a command and returns what it printed.
func said(t *testing.T, run func(context.Context, *streams) error) (string, error) {
	t.Helper()
	var out, log bytes.Buffer
	err := run(t.Context(), &streams{Out: &out, Err: &log})
	return out.String() + log.String(), err
}

func TestKEKCommands(t *testing.T) {
	t.Setenv(seal.PassphraseEnv, "")
	s := site(t)
	steps := []struct {
		name   string
		run    func(context.Context, *streams) error
		wanted []string
	}{
		{"status at first", (&kekStatusCmd{siteFlags: s}).Run, []string{"NOT encrypted", "limen kek passphrase", " 64 ", "in use since 2"}},
		{"rotate", (&kekRotateCmd{siteFlags: s}).Run, []string{"64 data keys", "Replace the copies"}},
		{"passphrase", (&kekPassphraseCmd{siteFlags: s, NewFile: secret(t, "correct horse\n")}).Run, []string{"new passphrase", "Rotate now"}},
	}
	for _, step := range steps {
		got, err := said(t, step.run)
		if err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		for _, w := range step.wanted {
			if !strings.Contains(got, w) {
				t.Errorf("%s does not say %q:\n%s", step.name, w, got)
			}
		}
	}
	if _, err := said(t, (&kekStatusCmd{siteFlags: s}).Run); errs.CodeOf(err) != "kek-passphrase" {
		t.Errorf("status without the passphrase: %v", err)
	}
	file := kekFlags{PassphraseFile: secret(t, "correct horse")}
	if got, err := said(t, (&kekStatusCmd{siteFlags: s, kekFlags: file}).Run); err != nil || !strings.Contains(got, "encrypted under a passphrase") {
		t.Errorf("%s, %v", got, err)
	}
	t.Setenv(seal.PassphraseEnv, "correct horse")
	if _, err := said(t, (&kekRotateCmd{siteFlags: s}).Run); err != nil {
		t.Errorf("with the passphrase of the environment: %v", err)
	}
}

// Who has set the variable before the first passphrase is not sent in circles.
func TestFirstPassphraseWithTheVariableSet(t *testing.T) {
	s := site(t)
	t.Setenv(seal.PassphraseEnv, "correct horse")
	if _, err := said(t, (&kekStatusCmd{siteFlags: s}).Run); errs.CodeOf(err) != "kek-unlocked" {
		t.Errorf("status: %v", err)
	}
	if _, err := said(t, (&kekPassphraseCmd{siteFlags: s, NewFile: secret(t, "correct horse")}).Run); err != nil {
		t.Fatal(err)
	}
	if _, err := said(t, (&kekStatusCmd{siteFlags: s}).Run); err != nil {
		t.Errorf("status: %v", err)
	}
}

func TestKEKCommandsMakeNothing(t *testing.T) {
	s := siteFlags{Data: t.TempDir()}
	for _, run := range []func(context.Context, *streams) error{
		(&kekStatusCmd{siteFlags: s}).Run, (&kekRotateCmd{siteFlags: s}).Run, (&kekPassphraseCmd{siteFlags: s}).Run,
	} {
		if _, err := said(t, run); errs.CodeOf(err) != "keys-none" {
			t.Errorf("%v", err)
		}
	}
	if left, _ := os.ReadDir(s.Data); len(left) != 0 {
		t.Errorf("made: %v", left)
	}
}

func secret(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "passphrase")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"text/tabwriter"

	"golang.org/x/term"

	"limen/errs"
	"limen/internal/app"
	"limen/internal/seal"
	"limen/internal/store/sqlite"
)

type kekCmd struct {
	Status     kekStatusCmd     `cmd:"" help:"How the keyset is locked, and how many data keys each of its keys wraps."`
	Rotate     kekRotateCmd     `cmd:"" help:"Replace the key-encryption key, beside a running server."`
	Passphrase kekPassphraseCmd `cmd:"" help:"Encrypt the keyset under another passphrase, or its first."`
}

// Help says what the key-encryption key is and what to do with it.
func (kekCmd) Help() string {
	return `What names or shows a person is sealed under data keys (keys.db in the data folder), and
these are wrapped by the key-encryption key: a Tink keyset in a file. With the data folder,
the keyset and its passphrase, everything not yet erased can be read; without the keyset,
nothing ever again. So keep a copy of the keyset apart from every copy of the data.

Examples:
  limen kek status
  LIMEN_KEK_PASSPHRASE=… limen kek rotate
  limen kek passphrase --new-file /run/secrets/limen-kek

The passphrase comes from --kek-passphrase-file or the variable LIMEN_KEK_PASSPHRASE. A key
service takes the place of a passphrase when a data folder is first opened with its URI:
  VAULT_TOKEN=… limen serve --kek hcvault://vault.example:8200/transit/keys/limen …`
}

// kekFlags are what opens the keyset, beside siteFlags.
type kekFlags struct {
	PassphraseFile string `name:"kek-passphrase-file" help:"File of the keyset's passphrase; else the variable LIMEN_KEK_PASSPHRASE." type:"path" env:"LIMEN_KEK_PASSPHRASE_FILE"`
}

// sealConfig says where an installation has its data keys and what opens them.
func sealConfig(s siteFlags, k kekFlags) seal.Config {
	return seal.Config{Dir: s.Data, KEK: s.KEK, Passphrase: seal.PassphraseFrom(k.PassphraseFile)}
}

// noteKEK writes a change of the keyset to the audit log, where there is one.
func noteKEK(ctx context.Context, s siteFlags, action string) error {
	if _, err := os.Stat(filepath.Join(s.Data, sqlite.File)); s.Store == "" && err != nil {
		return nil
	}
	a, err := app.OpenAdmin(ctx, s.Data, s.Store)
	if err != nil {
		return err
	}
	return errors.Join(a.Note(ctx, action, "kek"), a.Close())
}

func withDataKeys(ctx context.Context, c seal.Config, do func(*seal.FileKeys) error) error {
	c.Existing = true
	k, err := seal.OpenKeys(ctx, c)
	if err != nil {
		return err
	}
	return errors.Join(do(k), k.Close())
}

type kekStatusCmd struct {
	siteFlags
	kekFlags
}

// Run shows the keyset.
func (c *kekStatusCmd) Run(ctx context.Context, io *streams) error {
	return withDataKeys(ctx, sealConfig(c.siteFlags, c.kekFlags), func(k *seal.FileKeys) error {
		s, err := k.Status()
		if err != nil {
			return err
		}
		fmt.Fprintln(io.Out, lockedHow[s.Locked])
		w := tabwriter.NewWriter(io.Out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "KEY\tDATA KEYS\tSTATE")
		for _, key := range s.Keys {
			state := "being replaced: limen kek rotate finishes it"
			if key.Primary {
				state = "in use since " + s.Since.Format("2006-01-02 15:04 MST")
			}
			fmt.Fprintf(w, "%d\t%d\t%s\n", key.ID, key.DataKeys, state)
		}
		return w.Flush()
	})
}

var lockedHow = map[string]string{
	seal.LockedNot:        "The keyset is NOT encrypted: whoever reads its file has the key. Set a passphrase: limen kek passphrase",
	seal.LockedPassphrase: "The keyset is encrypted under a passphrase.",
	seal.LockedKMS:        "The keyset is encrypted by a key service.",
}

type kekRotateCmd struct {
	siteFlags
	kekFlags
}

// Help says what rotation does and what it does not.
func (kekRotateCmd) Help() string {
	return `A new key is put into the keyset, every data key is wrapped anew, and the old key is taken
out. The server may run on; it needs the keyset file and its passphrase once more. If it is
interrupted, everything still opens; run it again to finish.

Old copies of keyset and keys.db still open each other: replace them after rotating.

Examples:
  limen kek rotate
  limen kek rotate --data /srv/limen --kek-passphrase-file /run/secrets/limen-kek`
}

// Run rotates the key-encryption key.
func (c *kekRotateCmd) Run(ctx context.Context, io *streams) error {
	return withDataKeys(ctx, sealConfig(c.siteFlags, c.kekFlags), func(k *seal.FileKeys) error {
		n, err := k.Rotate(ctx, nil)
		if err != nil {
			fmt.Fprintf(io.Err, "The rotation is not finished: %d data keys are wrapped anew. Run it again.\n", n)
			return err
		}
		fmt.Fprintf(io.Out, "Rotated: %d data keys are wrapped by the new key, and the old one is out of the keyset.\nReplace the copies of keyset and keys.db you keep elsewhere.\n", n)
		return noteKEK(ctx, c.siteFlags, "kek-rotated")
	})
}

type kekPassphraseCmd struct {
	siteFlags
	kekFlags
	NewFile string `help:"File of the new passphrase (default: asked for at the terminal)." type:"path"`
}

// Help says what else has to know the new passphrase.
func (kekPassphraseCmd) Help() string {
	return `The keyset stays the same; only its file is encrypted anew. A running server goes on, but
needs the new passphrase at the next rotation and the next start: change its passphrase file
first, or start it again. After the first passphrase, rotate: the keyset that was not
encrypted may still be read from the disk.

Examples:
  limen kek passphrase
  limen kek passphrase --kek-passphrase-file old.txt --new-file new.txt`
}

// Run sets the passphrase.
func (c *kekPassphraseCmd) Run(ctx context.Context, io *streams) error {
	conf := sealConfig(c.siteFlags, c.kekFlags)
	set := func(k *seal.FileKeys) error {
		p, err := c.newPassphrase(io)
		if err != nil {
			return err
		}
		before := k.Locked()
		if err := k.SetPassphrase(p); err != nil {
			return err
		}
		fmt.Fprintln(io.Out, "The keyset is encrypted under the new passphrase.")
		if err := noteKEK(ctx, c.siteFlags, "kek-passphrase"); err != nil {
			return err
		}
		if before == seal.LockedNot {
			fmt.Fprintln(io.Out, "Rotate now: it was not encrypted before, and may still be read from the disk.")
		}
		return nil
	}
	err := withDataKeys(ctx, conf, set)
	if errs.CodeOf(err) == "kek-unlocked" { // a first passphrase, which the environment has already
		conf.Passphrase = nil
		err = withDataKeys(ctx, conf, set)
	}
	return err
}

func (c *kekPassphraseCmd) newPassphrase(io *streams) ([]byte, error) {
	if c.NewFile != "" {
		return seal.PassphraseFrom(c.NewFile)()
	}
	in := int(os.Stdin.Fd())
	if !term.IsTerminal(in) {
		return nil, errors.New("there is no terminal to ask for the new passphrase: give --new-file")
	}
	var typed [2][]byte
	for i, ask := range []string{"New passphrase: ", "Once more: "} {
		fmt.Fprint(io.Err, ask)
		p, err := term.ReadPassword(in)
		fmt.Fprintln(io.Err)
		if err != nil {
			return nil, err
		}
		typed[i] = p
	}
	if !bytes.Equal(typed[0], typed[1]) {
		return nil, errors.New("the two are not the same")
	}
	return typed[0], nil
}

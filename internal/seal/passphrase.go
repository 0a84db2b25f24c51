package seal

import (
	"bytes"
	"errors"
	"os"
)

// PassphraseEnv is the environment variable of the passphrase.
const PassphraseEnv = "LIMEN_KEK_PASSPHRASE"

// PassphraseFrom returns where Config takes the passphrase from: the file, if
// one is named, without the line end after it; else the environment variable,
// if it is set.
func PassphraseFrom(file string) func() ([]byte, error) {
	return func() ([]byte, error) {
		if file == "" {
			if p := os.Getenv(PassphraseEnv); p != "" {
				return []byte(p), nil
			}
			return nil, nil
		}
		p, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		p = bytes.TrimSuffix(bytes.TrimSuffix(p, []byte("\n")), []byte("\r"))
		if len(p) == 0 {
			return nil, errors.New("the passphrase file is empty")
		}
		return p, nil
	}
}

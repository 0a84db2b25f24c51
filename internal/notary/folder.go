package notary

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// folder is a witness on another disk: the file checkpoint is the latest, the
// folder history has earlier ones, named by size.
type folder struct{ dir string }

func openFolder(dir string) (Witness, error) {
	abs, err := filepath.Abs(dir)
	return folder{abs}, err
}

func (f folder) ID() string { return f.dir }

func (f folder) Latest(context.Context) ([]byte, error) {
	b, err := f.read(latestName)
	if !errors.Is(err, fs.ErrNotExist) {
		return b, err
	}
	if _, err := os.Stat(f.dir); err != nil {
		return nil, away(err) // its disk is not mounted, perhaps
	}
	return nil, nil
}

func (f folder) read(name string) ([]byte, error) {
	file, err := os.Open(filepath.Join(f.dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err != nil {
		return nil, away(err)
	}
	defer file.Close()
	b, err := readNote(file)
	if err != nil {
		return nil, away(err)
	}
	return b, nil
}

func (f folder) Held(ctx context.Context, history string) (held [][]byte, err error) {
	names, err := filepath.Glob(filepath.Join(f.dir, history, "[0-9]*"))
	if err != nil {
		return nil, err
	}
	for _, path := range names {
		b, err := f.read(filepath.Join(history, filepath.Base(path)))
		if err != nil {
			return nil, err
		}
		held = append(held, b)
	}
	latest, err := f.Latest(ctx)
	if latest != nil {
		held = append(held, latest)
	}
	return held, err
}

func (f folder) Put(_ context.Context, name string, note []byte) error {
	if _, err := os.Stat(f.dir); err != nil { // never made here: it may be a disk that is not mounted
		return away(err)
	}
	path := filepath.Join(f.dir, filepath.FromSlash(name))
	if parent := filepath.Dir(path); parent != f.dir {
		if err := os.Mkdir(parent, 0o700); err == nil {
			err = syncDir(f.dir)
			if err != nil {
				return away(err)
			}
		} else if !errors.Is(err, fs.ErrExist) {
			return away(err)
		}
	}
	if err := writeDurably(path, note); err != nil {
		return away(err)
	}
	return nil
}

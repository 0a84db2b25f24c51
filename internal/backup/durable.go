package backup

import (
	"context"
	"errors"
	"io"
	"os"
	"syscall"

	"limen/errs"
)

// writeSynced makes a file that is not there yet, and syncs it. A crash leaves
// none, or a part of it: it is only called for temporary names, or in a folder
// that has one.
func writeSynced(path string, b []byte) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// syncDir makes the names in a folder durable.
func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// copyCounted copies until the end, or until ctx ends.
func copyCounted(ctx context.Context, to io.Writer, from io.Reader, progress func(done int64)) (n int64, err error) {
	buffer := make([]byte, 1<<20)
	for ctx.Err() == nil {
		read, err := from.Read(buffer)
		if _, werr := to.Write(buffer[:read]); werr != nil {
			return n, werr
		}
		n += int64(read)
		progress(n)
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
	return n, ctx.Err()
}

// lock takes a file lock that ends with the process, or an Unavailable error.
func lock(path, code, says string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, unwritten(err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, errs.New(errs.Unavailable, code, "%s", says)
	}
	return func() { f.Close() }, nil
}

func unwritten(err error) error {
	return errs.New(errs.Broken, "backup-write", "the disk failed, or is full; nothing half-written has a final name: %w", err)
}

func unwrittenOrNil(err error) error {
	if err == nil {
		return nil
	}
	return unwritten(err)
}

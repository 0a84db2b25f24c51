package seal_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"limen/errs"
	"limen/internal/seal"
)

// TestCrashingProcess is not a test: it is the process that the tests below
// start, and that kills itself after its n-th step.
func TestCrashingProcess(t *testing.T) {
	act, dir := os.Getenv("SEAL_CRASH_ACT"), os.Getenv("SEAL_CRASH_DIR")
	if act == "" {
		t.Skip("started by others")
	}
	after, _ := strconv.Atoi(os.Getenv("SEAL_CRASH_AFTER"))
	steps := 0
	c := seal.Config{Dir: dir, Passphrase: seal.PassphraseFrom("")}.WithStep(func(name string) {
		if steps++; steps == after {
			fmt.Println("killed after " + name)
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	})
	k, err := seal.OpenKeys(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	switch act {
	case "open":
	case "rotate":
		_, err = k.Rotate(t.Context(), nil)
	case "passphrase":
		err = k.SetPassphrase([]byte("another one"))
	case "destroy":
		err = k.Destroy(t.Context(), strings.Fields(os.Getenv("SEAL_CRASH_IDS"))...)
	case "no-space":
		noSpace(t, k, dir)
	case "copy":
		err = k.CopyTo(t.Context(), filepath.Join(dir, "copy.db"))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// killAtEveryStep runs act on copies of dir, killed after step 1, 2, …, until
// it ends unharmed, and has each of them checked.
func killAtEveryStep(t *testing.T, act, dir string, check func(t *testing.T, dir string), env ...string) {
	t.Helper()
	for n := 1; ; n++ {
		at := t.TempDir()
		if err := os.CopyFS(at, os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(filepath.Join(at, "kek"), 0o600); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		cmd := exec.Command(os.Args[0], "-test.run=^TestCrashingProcess$")
		cmd.Env = append(append(os.Environ(), env...), "SEAL_CRASH_ACT="+act, "SEAL_CRASH_DIR="+at, "SEAL_CRASH_AFTER="+strconv.Itoa(n))
		out, err := cmd.CombinedOutput()
		killed := bytes.Contains(out, []byte("killed after"))
		if !killed && err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		name, _, _ := strings.Cut(string(out), "\n")
		t.Run(fmt.Sprintf("%s-%d", act, n), func(t *testing.T) {
			t.Log(name)
			check(t, at)
		})
		if !killed {
			if n == 1 {
				t.Fatal("nothing was killed")
			}
			return
		}
	}
}

// whole opens what a crash left and checks that it has all keys of want, mints,
// and leaves nothing temporary.
func whole(t *testing.T, c seal.Config, want map[string][]byte, index []byte) *seal.FileKeys {
	t.Helper()
	k := open(t, c)
	same(t, k, want)
	if index != nil && !bytes.Equal(k.Index("a"), index) {
		t.Error("another index key")
	}
	mintSealOpen(t, k)
	if left, _ := filepath.Glob(filepath.Join(c.Dir, ".*")); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	return k
}

func TestCrashInFirstOpening(t *testing.T) {
	killAtEveryStep(t, "open", t.TempDir(), func(t *testing.T, dir string) {
		whole(t, seal.Config{Dir: dir}, nil, nil)
	})
}

func TestCrashInRotation(t *testing.T) {
	dir := t.TempDir()
	k := openKeys(t, dir, "")
	want, index := mintMany(t, k, 64), k.Index("a")
	old := status(t, k).Keys[0].ID
	k.Close()
	killAtEveryStep(t, "rotate", dir, func(t *testing.T, dir string) {
		k := whole(t, seal.Config{Dir: dir}, want, index)
		rotate(t, k)
		s := status(t, k).Keys
		if len(s) != 1 || s[0].ID == old || s[0].DataKeys != 128 {
			t.Errorf("after the next rotation: %+v", s)
		}
		k.Close()
		whole(t, seal.Config{Dir: dir}, want, index)
	})
}

func TestCrashInPassphrase(t *testing.T) {
	dir := t.TempDir()
	c := seal.Config{Dir: dir, Passphrase: passphrase("the first one")}
	k := open(t, c)
	want, index := mintMany(t, k, 3), k.Index("a")
	k.Close()
	first := 0
	killAtEveryStep(t, "passphrase", dir, func(t *testing.T, dir string) {
		c.Dir = dir
		c.Passphrase = passphrase("another one")
		if _, err := seal.OpenKeys(t.Context(), c); errs.CodeOf(err) == "kek-passphrase" {
			first++
			c.Passphrase = passphrase("the first one")
		}
		whole(t, c, want, index)
	}, seal.PassphraseEnv+"=the first one")
	if first != 2 { // before the renaming: created, written
		t.Errorf("the first passphrase opened %d of them", first)
	}
}

// Whatever was destroyed before the crash, or not, the rest opens, and calling
// Destroy again finishes.
func TestCrashInDestroy(t *testing.T) {
	dir := t.TempDir()
	k := openKeys(t, dir, "")
	want := mintMany(t, k, 64)
	var gone []string
	for id := range want {
		if len(gone) < 20 {
			gone = append(gone, id)
		}
	}
	wrapped := wrappedOf(t, dir)
	k.Close()
	for _, id := range gone {
		delete(want, id)
	}
	killAtEveryStep(t, "destroy", dir, func(t *testing.T, dir string) {
		k := whole(t, seal.Config{Dir: dir}, want, nil)
		if err := k.Destroy(t.Context(), gone...); err != nil {
			t.Fatal(err)
		}
		for _, id := range gone {
			if in := append(onDisk(t, dir, wrapped[id]), onDisk(t, dir, []byte(id))...); len(in) != 0 {
				t.Fatalf("destroyed key %s is in %v", id, in)
			}
		}
	}, "SEAL_CRASH_IDS="+strings.Join(gone, " "))
}

func TestCrashInCopy(t *testing.T) {
	dir := t.TempDir()
	k := openKeys(t, dir, "")
	want := mintMany(t, k, 3)
	if err := k.CopyTo(t.Context(), filepath.Join(dir, "copy.db")); err != nil {
		t.Fatal(err)
	}
	k.Close()
	killAtEveryStep(t, "copy", dir, func(t *testing.T, dir string) {
		at := t.TempDir() // the copy is the one from before, or the new one: whole
		for from, to := range map[string]string{"copy.db": "keys.db", "kek": "kek"} {
			b, err := os.ReadFile(filepath.Join(dir, from))
			if err == nil {
				err = os.WriteFile(filepath.Join(at, to), b, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		whole(t, seal.Config{Dir: at}, want, nil)
	})
}

// A keyset file that a crash cut cannot be: but a disk may do anything.
func TestEveryByteOfTheKeysetFileCounts(t *testing.T) {
	for _, pass := range []string{"", "a passphrase"} {
		c := seal.Config{Dir: t.TempDir(), Passphrase: passphrase(pass)}
		open(t, c).Close()
		path := filepath.Join(c.Dir, "kek")
		good, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !json.Valid(good) {
			t.Fatal("not JSON")
		}
		for i := 0; i < len(good); i += 7 {
			bad := bytes.Clone(good)
			bad[i] ^= 1
			if _, err := seal.OpenKeysetFile(bad); errs.KindOf(err) != errs.Broken || errs.CodeOf(err) != "kek-damaged" {
				t.Errorf("byte %d changed: %v", i, err)
			}
			if _, err := seal.OpenKeysetFile(good[:i]); errs.CodeOf(err) != "kek-damaged" {
				t.Errorf("cut at %d: %v", i, err)
			}
		}
	}
}

// noSpace fills the disk, as far as this process can tell, and mints.
func noSpace(t *testing.T, k *seal.FileKeys, dir string) {
	mintMany(t, k, 64)
	signal.Ignore(syscall.SIGXFSZ)
	info, err := os.Stat(filepath.Join(dir, "keys.db-wal"))
	if err != nil {
		t.Fatal(err)
	}
	limit := syscall.Rlimit{Cur: uint64(info.Size()), Max: uint64(info.Size())}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
	_, _, first := k.Mint(t.Context())
	_, _, second := k.Mint(t.Context())
	destroying := k.Destroy(t.Context(), "any")
	fmt.Printf("%s %s %s\n", errs.CodeOf(first), errs.CodeOf(second), errs.CodeOf(destroying))
	select {
	case <-k.Stopped():
		fmt.Println("stopped")
	default:
	}
	os.Exit(0) // without a word to the files
}

// After a commit that failed, nothing is written any more: the process is to
// exit, and the next one finds everything that was acknowledged.
func TestStopsAfterAFailedCommit(t *testing.T) {
	dir := t.TempDir()
	k := openKeys(t, dir, "")
	want := mintMany(t, k, 64)
	k.Close()
	cmd := exec.Command(os.Args[0], "-test.run=^TestCrashingProcess$")
	cmd.Env = append(os.Environ(), "SEAL_CRASH_ACT=no-space", "SEAL_CRASH_DIR="+dir)
	out, err := cmd.Output()
	if string(out) != "keys-commit keys-stopped keys-stopped\nstopped\n" || err != nil {
		t.Errorf("%s, %v", out, err)
	}
	k = whole(t, seal.Config{Dir: dir}, want, nil)
	if s := status(t, k).Keys[0].DataKeys; s != 3*64 { // before, in the process, now
		t.Errorf("%d data keys", s)
	}
}

// Package scripts holds the tests of the shell scripts beside it.
package scripts

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// checkout is a folder as assets.sh finds it, with a lock file of small
// packages and an npm of the test's own.
type checkout struct {
	root, bin string
	tarball   []byte
}

const fakePackage = "fake-models"

func newCheckout(t *testing.T) checkout {
	t.Helper()
	c := checkout{t.TempDir(), t.TempDir(), packTarball(t, map[string]string{"model/one.onnx": "one", "LICENSE": "MIT"})}
	script, err := os.ReadFile("assets.sh")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha512.Sum512(c.tarball)
	lock := fmt.Sprintf("package %s 1.2.3 1 %s\nfile model/one.onnx\nfile LICENSE fake-LICENSE\n", fakePackage, hex.EncodeToString(sum[:]))
	for name, data := range map[string][]byte{"scripts/assets.sh": script, "scripts/assets.lock": []byte(lock), "served.tgz": c.tarball} {
		c.write(t, name, data)
	}
	c.npm(t, `cp "$SERVED" fake-models-1.2.3.tgz; echo fake-models-1.2.3.tgz`)
	return c
}

func (c checkout) write(t *testing.T, name string, data []byte) {
	t.Helper()
	path := filepath.Join(c.root, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// npm puts a stand-in first on the PATH; it checks how it is called, counts
// its calls and runs body.
func (c checkout) npm(t *testing.T, body string) {
	t.Helper()
	script := "#!/bin/sh\nset -e\necho called >>\"$CALLS\"\n" +
		"case \"$*\" in 'pack --ignore-scripts '*fake-models@1.2.3) ;; *) echo \"npm $*\" >&2; exit 9 ;; esac\n" + body + "\n"
	if err := os.WriteFile(filepath.Join(c.bin, "npm"), []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
}

func (c checkout) command() *exec.Cmd {
	cmd := exec.Command("sh", filepath.Join(c.root, "scripts", "assets.sh"))
	cmd.Env = append(os.Environ(), "CI=true", "PATH="+c.bin+":"+os.Getenv("PATH"),
		"CALLS="+filepath.Join(c.bin, "calls"), "SERVED="+filepath.Join(c.root, "served.tgz"))
	return cmd
}

func (c checkout) run() (string, error) {
	out, err := c.command().CombinedOutput()
	return string(out), err
}

func (c checkout) calls() int {
	data, _ := os.ReadFile(filepath.Join(c.bin, "calls"))
	return bytes.Count(data, []byte("\n"))
}

// nothingHalfMade fails if there is an assets folder or a working folder.
func (c checkout) nothingHalfMade(t *testing.T) {
	t.Helper()
	left, err := filepath.Glob(filepath.Join(c.root, ".assets*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func (c checkout) wholeSet(t *testing.T) {
	t.Helper()
	for name, want := range map[string]string{"one.onnx": "one", "fake-LICENSE": "MIT"} {
		if got, err := os.ReadFile(filepath.Join(c.root, ".assets", name)); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(c.root, ".assets.partial-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func packTarball(t *testing.T, files map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for name, body := range files {
		if err := w.WriteHeader(&tar.Header{Name: "package/" + name, Mode: 0o644, Size: int64(len(body))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAssetsAreFetchedOnce(t *testing.T) {
	c := newCheckout(t)
	out, err := c.run()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	c.wholeSet(t)
	if !strings.Contains(out, "fetching fake-models 1.2.3 (1 MB)") {
		t.Errorf("it does not say what it fetches:\n%s", out)
	}
	if out, err = c.run(); err != nil || out != "" || c.calls() != 1 {
		t.Errorf("the second run: %v, %d calls of npm, said %q", err, c.calls(), out)
	}
	if err := os.Remove(filepath.Join(c.root, ".assets", "one.onnx")); err != nil {
		t.Fatal(err)
	}
	if out, err = c.run(); err != nil || c.calls() != 2 {
		t.Errorf("after a file was lost: %v, %d calls of npm\n%s", err, c.calls(), out)
	}
	c.wholeSet(t)
}

func TestChangedLockIsFetchedAnew(t *testing.T) {
	c := newCheckout(t)
	if out, err := c.run(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	lock, err := os.ReadFile(filepath.Join(c.root, "scripts", "assets.lock"))
	if err != nil {
		t.Fatal(err)
	}
	c.write(t, "scripts/assets.lock", append([]byte("# another pin\n"), lock...))
	if out, err := c.run(); err != nil || c.calls() != 2 {
		t.Errorf("%v, %d calls of npm\n%s", err, c.calls(), out)
	}
	c.wholeSet(t)
}

func TestCorruptedTarballIsRefused(t *testing.T) {
	c := newCheckout(t)
	bad := bytes.Clone(c.tarball)
	bad[len(bad)/2] ^= 1
	c.write(t, "served.tgz", bad)
	want, got := sha512.Sum512(c.tarball), sha512.Sum512(bad)
	out, err := c.run()
	if err == nil || !strings.Contains(out, "expected sha512 "+hex.EncodeToString(want[:])) || !strings.Contains(out, "got      sha512 "+hex.EncodeToString(got[:])) {
		t.Errorf("%v\n%s", err, out)
	}
	c.nothingHalfMade(t)
}

func TestFailingDownload(t *testing.T) {
	c := newCheckout(t)
	c.npm(t, `printf half >fake-models-1.2.3.tgz; echo "npm error network" >&2; exit 1`)
	out, err := c.run()
	if err == nil || !strings.Contains(out, "npm error network") || !strings.Contains(out, "npm could not fetch fake-models@1.2.3") {
		t.Errorf("%v\n%s", err, out)
	}
	c.nothingHalfMade(t)
}

func TestInterruptedDownload(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP} {
		c := newCheckout(t)
		started := filepath.Join(c.bin, "started")
		c.npm(t, `printf half >fake-models-1.2.3.tgz; : >"`+started+`"; exec sleep 60`)
		cmd := c.command()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
			if _, err := os.Stat(started); err == nil {
				break
			}
			if time.Now().After(deadline) {
				t.Fatal("npm was not started")
			}
		}
		if err := cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		if err := cmd.Wait(); err == nil || time.Since(begun) > 10*time.Second {
			t.Errorf("%v: ended with %v after %v", signal, err, time.Since(begun))
		}
		c.nothingHalfMade(t)
	}
}

func TestTwoRunsAtOnce(t *testing.T) {
	c := newCheckout(t)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if out, err := c.run(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	wg.Wait()
	c.wholeSet(t)
}

func TestMissingToolsAreNamed(t *testing.T) {
	c := newCheckout(t)
	cmd := c.command()
	// Only what the script cannot do without; no go, compiler, make or npm.
	bare := t.TempDir()
	for _, tool := range []string{"sh", "uname", "dirname", "sed", "cat", "sha512sum"} {
		path, err := exec.LookPath(tool)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(path, filepath.Join(bare, tool)); err != nil {
			t.Fatal(err)
		}
	}
	cmd.Env = []string{"PATH=" + bare}
	out, err := cmd.CombinedOutput()
	if err == nil {
		t.Error("it went on")
	}
	for _, want := range []string{"missing: go ", "missing: a C compiler", "missing: make", "missing: npm", "apt-get install npm", "apt-get install gcc libc6-dev"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("not said: %s\n%s", want, out)
		}
	}
	c.nothingHalfMade(t)
}

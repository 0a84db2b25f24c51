package pgtest_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"limen/internal/store/pgtest"
)

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close(context.Background()) })
	return c
}

func show(t *testing.T, c *pgx.Conn, setting string) (v string) {
	t.Helper()
	if err := c.QueryRow(t.Context(), "SELECT current_setting($1)", setting).Scan(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func exec1(t *testing.T, c *pgx.Conn, statement string) {
	t.Helper()
	if _, err := c.Exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func TestServerIsDurable(t *testing.T) {
	c := connect(t, pgtest.Start(t).Database(t))
	for setting, want := range map[string]string{"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on",
		"server_encoding": "UTF8", "lc_collate": "C", "listen_addresses": "127.0.0.1"} {
		if got := show(t, c, setting); got != want {
			t.Errorf("%s is %s, want %s", setting, got, want)
		}
	}
}

func TestDatabasesAreApart(t *testing.T) {
	s := pgtest.Start(t)
	if s != pgtest.Start(t) {
		t.Error("a second server for the same binary")
	}
	a, b := connect(t, s.Database(t)), connect(t, s.Database(t))
	exec1(t, a, "CREATE TABLE x (n INT)")
	exec1(t, b, "CREATE TABLE x (n INT)")
}

func TestTCPAsksForThePassword(t *testing.T) {
	s := pgtest.Start(t)
	connect(t, s.TCP("postgres"))
	c, err := pgx.Connect(t.Context(), strings.Replace(s.TCP("postgres"), "password=", "password=x", 1))
	if err == nil {
		_ = c.Close(t.Context())
		t.Error("a wrong password passed")
	}
}

// A kill ends every process of the server, the one of our connection too;
// after it what was committed is there and what was not is gone.
func TestKillAndRestart(t *testing.T) {
	s := pgtest.StartOwn(t, pgtest.Options{Settings: map[string]string{"log_min_messages": "warning", "max_connections": "17"}})
	url := s.Database(t)
	for round := range 3 {
		c := connect(t, url)
		if got := show(t, c, "max_connections"); got != "17" {
			t.Errorf("max_connections is %s", got)
		}
		exec1(t, c, "CREATE TABLE IF NOT EXISTS x (n INT)")
		exec1(t, c, fmt.Sprintf("INSERT INTO x VALUES (%d)", round))
		exec1(t, c, "BEGIN")
		exec1(t, c, "INSERT INTO x VALUES (99)")
		if err := s.Kill(); err != nil {
			t.Fatal(err)
		}
		if _, err := c.Exec(t.Context(), "COMMIT"); err == nil {
			t.Error("a killed server commits")
		}
		if left := processesIn(t, s.DataDir()); len(left) != 0 {
			t.Errorf("processes left: %v", left)
		}
		if err := s.Restart(t.Context()); err != nil {
			t.Fatal(err)
		}
		var sum, n int
		if err := connect(t, url).QueryRow(t.Context(), "SELECT sum(n), count(*) FROM x").Scan(&sum, &n); err != nil {
			t.Fatal(err)
		}
		if want := round * (round + 1) / 2; sum != want || n != round+1 {
			t.Errorf("after kill %d: %d rows, sum %d", round+1, n, sum)
		}
	}
	if err := s.Restart(t.Context()); err != nil { // of one that runs
		t.Fatal(err)
	}
	connect(t, url)
}

// processesIn returns the processes whose working folder is dir: all of a
// server's, whoever their parent is.
func processesIn(t *testing.T, dir string) (pids []string) {
	t.Helper()
	links, err := filepath.Glob("/proc/[0-9]*/cwd")
	if err != nil {
		t.Fatal(err)
	}
	for _, link := range links {
		if to, err := os.Readlink(link); err == nil && strings.HasPrefix(to, dir) {
			pids = append(pids, filepath.Base(filepath.Dir(link)))
		}
	}
	return pids
}

// TestMain lets the binary play the process that has a server and is killed.
func TestMain(m *testing.M) {
	if os.Getenv("PGTEST_CHILD") == "" {
		os.Exit(m.Run())
	}
	s, err := pgtest.New(context.Background(), pgtest.Options{})
	if err != nil {
		fmt.Println("failed", err)
		os.Exit(1)
	}
	fmt.Println(s.DataDir())
	fmt.Println(s.URL("postgres"))
	select {}
}

// child starts a process with a server of its own, as a user and with a
// temporary folder, and returns what it says.
func child(t *testing.T, as *user.User, tmp string) (p *exec.Cmd, data, url string) {
	t.Helper()
	self, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Skip(err)
	}
	dir, err := os.MkdirTemp("/tmp", "pgtest-") // one that any user can reach
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	program := filepath.Join(dir, "pgtest.test")
	if err := errors.Join(os.Chmod(dir, 0o755), os.WriteFile(program, self, 0o755)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program)
	cmd.Dir, cmd.Env = "/", append(os.Environ(), "PGTEST_CHILD=1", "TMPDIR="+tmp)
	if as != nil {
		uid, _ := strconv.Atoi(as.Uid)
		gid, _ := strconv.Atoi(as.Gid)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	lines := bufio.NewScanner(out)
	for _, line := range []*string{&data, &url} {
		if !lines.Scan() {
			t.Fatal("the child ended early")
		}
		*line = lines.Text()
		if strings.HasPrefix(*line, "failed") {
			t.Fatal(*line)
		}
	}
	return cmd, data, url
}

// checkGone kills the child and waits until its server and files are gone.
func checkGone(t *testing.T, p *exec.Cmd, data string) {
	t.Helper()
	if len(processesIn(t, data)) == 0 {
		t.Error("no server found in the first place")
	}
	if err := p.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		_, err := os.Stat(filepath.Dir(data))
		if errors.Is(err, fs.ErrNotExist) && len(processesIn(t, filepath.Dir(data))) == 0 {
			return
		}
	}
	t.Errorf("left behind: %s, processes %v", data, processesIn(t, data))
}

func TestKilledOwnerLeavesNothing(t *testing.T) {
	pgtest.Start(t)
	p, data, url := child(t, nil, os.TempDir())
	connect(t, url)
	checkGone(t, p, data)
}

func TestOrdinaryUserInALongFolder(t *testing.T) {
	pgtest.Start(t)
	long := filepath.Join(t.TempDir(), strings.Repeat("long/", 30))
	if err := os.MkdirAll(long, 0o777); err != nil {
		t.Fatal(err)
	}
	var as *user.User
	if os.Getuid() == 0 {
		u, err := user.Lookup("nobody")
		if err != nil {
			t.Skip(err)
		}
		as = u
		openTo(t, long)
	}
	p, data, url := child(t, as, long)
	if !strings.HasPrefix(data, long) {
		t.Errorf("the data is in %s", data)
	}
	if as == nil || os.Getuid() == 0 {
		connect(t, url)
	}
	checkGone(t, p, data)
}

// openTo lets every user reach and write a folder below the temporary one.
func openTo(t *testing.T, dir string) {
	t.Helper()
	for ; dir != filepath.Clean(os.TempDir()); dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o777); err != nil {
			t.Fatal(err)
		}
	}
}

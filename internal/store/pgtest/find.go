package pgtest

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// ErrMissing says that there is no PostgreSQL server on this machine, and how
// to get one.
var ErrMissing = errors.New("no PostgreSQL server on this machine: install the Debian package postgresql (apt-get install postgresql), or put initdb and postgres on the PATH")

// programs are the two that a server needs, of one installation.
type programs struct{ initdb, postgres string }

// findPrograms looks on the PATH, then where pg_config points, then where
// Debian's and Red Hat's packages go, the newest version first.
func findPrograms() (programs, error) {
	var dirs []string
	if path, err := exec.LookPath("initdb"); err == nil {
		dirs = append(dirs, filepath.Dir(path))
	}
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		dirs = append(dirs, strings.TrimSpace(string(out)))
	}
	for _, pattern := range []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin"} {
		found, _ := filepath.Glob(pattern) // the patterns are well formed
		slices.SortFunc(found, func(a, b string) int { return versionIn(b) - versionIn(a) })
		dirs = append(dirs, found...)
	}
	for _, dir := range dirs {
		p := programs{initdb: filepath.Join(dir, "initdb"), postgres: filepath.Join(dir, "postgres")}
		if executable(p.initdb) && executable(p.postgres) {
			return p, nil
		}
	}
	return programs{}, ErrMissing
}

// versionIn returns the number in a path such as /usr/lib/postgresql/15/bin,
// 0 if there is none.
func versionIn(path string) int {
	digits := strings.TrimFunc(path, func(r rune) bool { return r < '0' || r > '9' })
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o111 != 0
}

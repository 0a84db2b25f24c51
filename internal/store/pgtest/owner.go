package pgtest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// owner is the user that the server runs as. PostgreSQL refuses root, so root
// hands over to the user postgres, or else nobody; anyone else is the owner.
type owner struct {
	other    bool
	uid, gid int
}

func findOwner() (*owner, error) {
	if os.Getuid() != 0 {
		return &owner{uid: os.Getuid(), gid: os.Getgid()}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.Atoi(u.Uid)
		gid, errGID := strconv.Atoi(u.Gid)
		if errUID == nil && errGID == nil {
			return &owner{other: true, uid: uid, gid: gid}, nil
		}
	}
	return nil, errors.New("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as")
}

// run prepares cmd to run as the owner in dir, with an environment of its own
// and out of reach of the terminal's signals.
func (o *owner) run(cmd *exec.Cmd, dir string) {
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if o.other {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(o.uid), Gid: uint32(o.gid)}
	}
}

// own gives a file to the owner.
func (o *owner) own(path string) error {
	if !o.other {
		return nil
	}
	return os.Chown(path, o.uid, o.gid)
}

// makeDir makes a folder of the owner's in the first of parents that the owner
// can reach; "" is passed over.
func (o *owner) makeDir(parents ...string) (string, error) {
	var failed error
	for _, parent := range parents {
		if parent == "" {
			continue
		}
		dir, err := os.MkdirTemp(parent, "limen-pg-")
		if err == nil {
			probe := exec.Command("true")
			o.run(probe, dir)
			err = errors.Join(o.own(dir), probe.Run())
		}
		if err == nil {
			return dir, nil
		}
		if dir != "" {
			err = errors.Join(err, os.Remove(dir))
		}
		failed = err
	}
	return "", fmt.Errorf("no folder that PostgreSQL's user can reach: %w", failed)
}

package pgtest

import (
	"fmt"
	"io"
	"os/exec"
	"syscall"
)

// guardian is a shell that outlives this process by a moment: when its input
// ends, because this process stopped the server or is gone, it shuts down the
// server whose process id it was told last, and removes the folders.
type guardian struct {
	cmd  *exec.Cmd
	tell io.WriteCloser
}

// The postmaster ends at once on SIGQUIT, takes its children along and removes
// its lock file; SIGCONT is for one that Kill had only stopped. A process that
// nobody has waited for would still seem to run, so both are looked at. Sixty
// seconds, then SIGKILL.
const guard = `server=
while read -r pid; do server=$pid; done
if [ -n "$server" ]; then
	kill -QUIT "$server"; kill -CONT "$server"; n=0
	while [ -e "$1/data/postmaster.pid" ] && kill -0 "$server" && [ $n -lt 600 ]; do sleep 0.1; n=$((n + 1)); done
	kill -KILL "$server"
fi
rm -rf -- "$@"`

func newGuardian(dirs ...string) (*guardian, error) {
	cmd := exec.Command("sh", append([]string{"-c", guard, "guardian"}, dirs...)...)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // the terminal's Ctrl-C is not for it
	tell, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &guardian{cmd: cmd, tell: tell}, nil
}

// watch says which process the server is; 0 is none.
func (g *guardian) watch(pid int) error {
	line := "\n"
	if pid != 0 {
		line = fmt.Sprintln(pid)
	}
	_, err := io.WriteString(g.tell, line)
	return err
}

// dismiss ends the guardian and waits until the folders are gone.
func (g *guardian) dismiss() error {
	if err := g.tell.Close(); err != nil {
		return err
	}
	return g.cmd.Wait()
}

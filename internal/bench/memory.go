package bench

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
)

// PeakMemory returns the most memory, in bytes, that a process has had
// resident so far, by its id, 0 being this process: VmHWM of its
// /proc/<id>/status. It returns 0 where that cannot be read, as on systems
// other than Linux.
//
// The usual way, ru_maxrss after the process has ended, will not do: between
// fork and exec a child counts as using its parent's memory, and Linux keeps
// that figure.
func PeakMemory(pid int) int64 {
	name := "/proc/self/status"
	if pid != 0 {
		name = fmt.Sprintf("/proc/%d/status", pid)
	}
	status, err := os.ReadFile(name)
	if err != nil {
		return 0
	}
	_, rest, _ := bytes.Cut(status, []byte("VmHWM:"))
	line, _, _ := bytes.Cut(rest, []byte("kB"))
	kilobytes, _ := strconv.ParseInt(string(bytes.TrimSpace(line)), 10, 64)
	return kilobytes << 10
}

// resetPeak makes PeakMemory of this process start anew from what is resident
// now, where the system allows it.
func resetPeak() {
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
}

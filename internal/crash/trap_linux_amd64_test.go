package crash

import (
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// trapped are the calls that the parent sees first, by their numbers.
var trapped = map[int32]string{
	unix.SYS_OPEN: "open", unix.SYS_OPENAT: "open", unix.SYS_WRITE: "write", unix.SYS_PWRITE64: "write", unix.SYS_WRITEV: "write", unix.SYS_PWRITEV: "write",
	unix.SYS_FSYNC: "fsync", unix.SYS_FDATASYNC: "fsync", unix.SYS_FTRUNCATE: "truncate",
	unix.SYS_RENAME: "rename", unix.SYS_RENAMEAT: "rename", unix.SYS_RENAMEAT2: "rename",
	unix.SYS_MKDIR: "mkdir", unix.SYS_MKDIRAT: "mkdir",
	unix.SYS_UNLINK: "remove", unix.SYS_UNLINKAT: "remove",
}

// trap asks the kernel to hold every trapped call of this process, on all its
// threads, until the holder of the returned descriptor has said what becomes of
// it. Writes to standard output and error are let through: the parent learns
// the descriptor from one.
//
// Source: seccomp(2), seccomp_unotify(2).
func trap() (fd int, err error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return 0, err
	}
	filter := filter()
	prog := unix.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	r, _, errno := unix.Syscall(unix.SYS_SECCOMP, unix.SECCOMP_SET_MODE_FILTER,
		unix.SECCOMP_FILTER_FLAG_NEW_LISTENER|unix.SECCOMP_FILTER_FLAG_TSYNC|unix.SECCOMP_FILTER_FLAG_TSYNC_ESRCH|unix.SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
		uintptr(unsafe.Pointer(&prog)))
	if errno != 0 {
		return 0, errno
	}
	return int(r), nil
}

// filter is the program that the kernel runs at every call: number 4 bytes at
// 0, architecture at 4, first argument at 16.
func filter() (p []unix.SockFilter) {
	const load, equal, greater, ret = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS, unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K, unix.BPF_JMP | unix.BPF_JGT | unix.BPF_K, unix.BPF_RET | unix.BPF_K
	p = append(p,
		unix.SockFilter{Code: load, K: 4},
		unix.SockFilter{Code: equal, K: unix.AUDIT_ARCH_X86_64, Jt: 1},
		unix.SockFilter{Code: ret, K: unix.SECCOMP_RET_ALLOW},
		unix.SockFilter{Code: load, K: 0},
		unix.SockFilter{Code: equal, K: unix.SYS_WRITE, Jf: 4},
		unix.SockFilter{Code: load, K: 16},
		unix.SockFilter{Code: greater, K: 2, Jf: 1},
		unix.SockFilter{Code: ret, K: unix.SECCOMP_RET_USER_NOTIF},
		unix.SockFilter{Code: ret, K: unix.SECCOMP_RET_ALLOW})
	for nr := range trapped {
		p = append(p, unix.SockFilter{Code: equal, K: uint32(nr), Jf: 1}, unix.SockFilter{Code: ret, K: unix.SECCOMP_RET_USER_NOTIF})
	}
	return append(p, unix.SockFilter{Code: ret, K: unix.SECCOMP_RET_ALLOW})
}

package beneath

import (
	"io"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// readOnly does not wait for the writer of a named pipe.
const readOnly = unix.O_RDONLY | unix.O_NONBLOCK

// how far a path may lead: openat2(2).
const within = unix.RESOLVE_BENEATH | unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_NO_MAGICLINKS

// openat2 opens a path in one system call. It reports false if this system cannot: it is
// older than Linux 5.6, or a sandbox forbids the call.
func (d *Dir) openat2(name string, flags int, mode fs.FileMode) (fd int, err error, can bool) {
	how := unix.OpenHow{Flags: uint64(flags | unix.O_CLOEXEC | unix.O_NOFOLLOW), Resolve: within}
	if flags&os.O_CREATE != 0 {
		how.Mode = uint64(mode.Perm())
	}
	const tries = 100 // a path that is being renamed may have to be walked again
	for range tries {
		fd, err = unix.Openat2(d.fd, name, &how)
		if err != unix.EINTR && err != unix.EAGAIN {
			break
		}
	}
	switch err {
	case nil:
		return fd, nil, true
	case unix.ENOSYS, unix.EPERM, unix.EAGAIN, unix.EINTR:
		return -1, err, false
	case unix.ELOOP:
		err = ErrNotRegular // a symbolic link, or behind one
	}
	return -1, &fs.PathError{Op: "open", Path: name, Err: err}, true
}

func (d *Dir) open(name string, flags int, mode fs.FileMode) (file, error) {
	fd, err, can := d.openat2(name, flags, mode)
	if !can {
		return d.openSlowly(name, flags, mode)
	}
	if err != nil {
		return nil, err
	}
	return descriptor(fd), nil
}

func (d *Dir) openFolder(name string) (*os.File, error) {
	fd, err, can := d.openat2(name, unix.O_RDONLY|unix.O_DIRECTORY, 0)
	if !can {
		return d.root.Open(name)
	}
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), name), nil
}

// descriptor is an open regular file, without what os.File does for pipes and sockets.
type descriptor int

func (f descriptor) Read(p []byte) (int, error) {
	for {
		n, err := unix.Read(int(f), p)
		switch {
		case err == unix.EINTR:
		case err != nil:
			return 0, err
		case n == 0 && len(p) > 0:
			return 0, io.EOF
		default:
			return n, nil
		}
	}
}

func (f descriptor) Write(p []byte) (written int, err error) {
	for written < len(p) {
		n, err := unix.Write(int(f), p[written:])
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return written, err
		}
		written += n
	}
	return written, nil
}

func (f descriptor) size() (int64, error) {
	var info unix.Stat_t
	if err := unix.Fstat(int(f), &info); err != nil {
		return 0, err
	}
	if info.Mode&unix.S_IFMT != unix.S_IFREG {
		return 0, ErrNotRegular
	}
	return info.Size, nil
}

func (f descriptor) Close() error { return unix.Close(int(f)) }

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// An addressFile is the file of --addr-file. The mock creates it where there is no file, replaces
// the address file of an earlier mock that has ended, and removes at the end the file that it has
// written. Every other file belongs to the user or to another mock, and is refused. The methods do
// nothing without --addr-file.
type addressFile struct {
	path    string
	stale   string // what check found: the address of a mock that is gone
	written string
}

// maxAddress is longer than any address that a mock writes.
const maxAddress = 1 << 10

// aliveTimeout is how long the mock of an earlier address file may take to answer. One that takes
// longer may be alive on a busy machine.
const aliveTimeout = time.Second

// check refuses a path that cannot be an address file, and the address file of a mock that still
// runs. It changes nothing, so serve calls it first.
func (a *addressFile) check(ctx context.Context) error {
	if a.path == "" {
		return nil
	}
	text, err := a.read()
	if err != nil {
		return err
	}
	address, ours := parseAddress(text)
	if !ours { // No file, or text of the user, which claim refuses once the mock listens.
		return nil
	}
	asking, cancel := context.WithTimeout(ctx, aliveTimeout)
	defer cancel()
	response, err := get(asking, address+healthPath)
	switch {
	case err == nil:
		defer response.Body.Close()
		if isMock(response) {
			return fmt.Errorf("--addr-file: %s is the address file of a mock that is running at %s; stop that one, or name another file", a.path, address)
		}
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("--addr-file: %s is the address file of a mock at %s, which has not said within %s whether it still runs; "+
			"stop that one, remove the file, or name another file", a.path, address, aliveTimeout)
	}
	a.stale = string(text) // Nothing answers at the address, or another program: its mock is gone.
	return nil
}

// claim prepares the path once the mock listens. It refuses a file that is not an address file, and
// removes the one that check found, so that no program takes its address for that of this mock. A
// file with another address was written after check by a mock that was started at the same time,
// and is refused.
func (a *addressFile) claim() error {
	if a.path == "" {
		return nil
	}
	text, err := a.read()
	if err != nil || text == nil {
		return err
	}
	if _, ours := parseAddress(text); !ours {
		return usageError{fmt.Errorf("--addr-file: %s exists and was not written by a mock, since it is not the address of one; remove it, or name another file", a.path)}
	}
	if string(text) != a.stale {
		return a.taken()
	}
	if err := os.Remove(a.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("--addr-file: %w", err)
	}
	return nil
}

// taken is the error for a file that another program has written since this mock was started.
func (a *addressFile) taken() error {
	return fmt.Errorf("--addr-file: another program has written %s since this mock was started; name another file", a.path)
}

// write puts the address into the file in one step, so that no reader sees half of it. A file that
// was put there after claim, by a user or by a mock that was started at the same time, stays.
func (a *addressFile) write(address string) (err error) {
	if a.path == "" {
		return nil
	}
	text := address + "\n"
	temporary, err := a.temporary(text)
	if err != nil {
		return fmt.Errorf("--addr-file: %w", err)
	}
	defer func() { _ = os.Remove(temporary) }()
	err = os.Link(temporary, a.path) // which fails where there is a file, while renaming would replace it
	_, missing := os.Lstat(a.path)
	switch {
	case err == nil:
	case !errors.Is(missing, fs.ErrNotExist):
		return a.taken()
	default: // A file system without hard links.
		if err := os.Rename(temporary, a.path); err != nil {
			return fmt.Errorf("--addr-file: %w", err)
		}
	}
	a.written = text
	return nil
}

// temporary writes a file in the folder of the real one.
func (a *addressFile) temporary(text string) (name string, err error) {
	file, err := os.CreateTemp(filepath.Dir(a.path), "."+filepath.Base(a.path)+".*")
	if err != nil {
		return "", err
	}
	_, err = file.WriteString(text)
	if err := errors.Join(err, file.Chmod(0o644), file.Close()); err != nil {
		return "", errors.Join(err, os.Remove(file.Name()))
	}
	return file.Name(), nil
}

// remove removes the file if it still holds what was written. Another mock may have replaced it.
func (a *addressFile) remove(logger *slog.Logger) {
	if a.written == "" {
		return
	}
	if text, err := a.read(); err != nil || string(text) != a.written {
		return
	}
	if err := os.Remove(a.path); err != nil {
		logger.Warn("cannot remove the address file", "error", err)
	}
}

// read returns the beginning of the file, or nil when there is no file. What is not a regular file
// is refused: opening a pipe or a device can block or change something, and replacing a link would
// destroy the link.
func (a *addressFile) read() ([]byte, error) {
	info, err := os.Lstat(a.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("--addr-file: %w", err)
	case !info.Mode().IsRegular():
		return nil, usageError{fmt.Errorf("--addr-file: %s is %s, and needs to be a new file, or the address file of an earlier run", a.path, kind(info.Mode()))}
	}
	file, err := os.Open(a.path)
	if err != nil {
		return nil, fmt.Errorf("--addr-file: %w", err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxAddress))
	if err != nil {
		return nil, fmt.Errorf("--addr-file: %w", err)
	}
	return text, nil
}

// kind says what a path is that is not a regular file.
func kind(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a directory"
	case mode&fs.ModeSymlink != 0:
		return "a symbolic link"
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	default:
		return "not a regular file"
	}
}

// parseAddress tells whether a text is what a mock writes: http://IP:PORT on one line, and nothing
// else. A mock never writes a host name, so a file with one, such as the address of a proxy,
// belongs to the user.
func parseAddress(text []byte) (address string, ours bool) {
	address = strings.TrimSuffix(string(text), "\n")
	at, found := strings.CutPrefix(address, "http://")
	if _, err := netip.ParseAddrPort(at); !found || err != nil {
		return "", false
	}
	return address, true
}

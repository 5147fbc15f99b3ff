package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// An addressFile is the file of --addr-file. Only three things are ever done to a path: what does not exist is made,
// the address that an earlier mock has left is replaced, and what this mock has written is removed at the end.
// Everything else belongs to the user, and is refused. The methods do nothing when no file was asked for.
type addressFile struct {
	path    string
	written string
}

// maxAddress is longer than any address that a mock writes.
const maxAddress = 1 << 10

// aliveTimeout is how long the mock of an earlier address file may take to answer.
const aliveTimeout = time.Second

// check refuses a path that can never be an address file, and the address file of a mock that still runs. It changes
// nothing, so that it can come before everything else.
func (a *addressFile) check(ctx context.Context) error {
	if a.path == "" {
		return nil
	}
	text, err := a.read()
	if err != nil {
		return err
	}
	address, ours := parseAddress(text)
	if !ours { // Nothing there, or text of the user, which claim refuses once listening has worked.
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, aliveTimeout)
	defer cancel()
	response, err := get(ctx, address+healthPath)
	if err != nil { // Nothing answers at the address, so its mock is gone.
		return nil
	}
	defer response.Body.Close()
	if !isMock(response) {
		return nil
	}
	return fmt.Errorf("--addr-file: %s is the address file of a mock that is running at %s; stop that one, or name another file", a.path, address)
}

// claim makes sure that the path can be written to once the mock listens: a file that holds anything but an address is
// refused, and an address of an earlier mock is removed, so that no program takes it for the one that is to come.
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
	if err := os.Remove(a.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("--addr-file: %w", err)
	}
	return nil
}

// write puts the address into the file in one step, so that no reader sees half of it.
func (a *addressFile) write(address string) (err error) {
	if a.path == "" {
		return nil
	}
	defer func() {
		if err != nil {
			err = fmt.Errorf("--addr-file: %w", err)
		}
	}()
	text := address + "\n"
	file, err := os.CreateTemp(filepath.Dir(a.path), "."+filepath.Base(a.path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(file.Name()))
		}
	}()
	_, err = file.WriteString(text)
	if err := errors.Join(err, file.Chmod(0o644), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), a.path); err != nil {
		return err
	}
	a.written = text
	return nil
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

// read returns the beginning of the file, or nil when there is no file. What is not a regular file is refused: opening
// a pipe or a device can block or change something, and replacing a link would destroy the link.
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

// parseAddress tells whether a text is one that a mock writes: http://HOST:PORT on a line of its own, and nothing else.
func parseAddress(text []byte) (address string, ours bool) {
	address = strings.TrimSuffix(string(text), "\n")
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.Port() == "" {
		return "", false
	}
	return address, address == u.Scheme+"://"+u.Host
}

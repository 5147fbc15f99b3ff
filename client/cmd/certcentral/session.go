package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"unicode"

	"golang.org/x/term"

	certcentral "github.com/pkio-tools/certcentral/client"
)

// A session is one run of the command.
type session struct {
	cli            cli
	stdin          *os.File
	stdout, stderr io.Writer
}

// say writes a line to standard error.
func (s *session) say(format string, args ...any) {
	_, _ = fmt.Fprintf(s.stderr, name+": "+format+"\n", args...)
}

// isTerminal reports whether a person reads or types there.
func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// maxKeyFile is longer than any API key.
const maxKeyFile = 64 << 10

// client makes the client of the settings.
func (s *session) client(ctx context.Context) (*certcentral.Client, error) {
	if err := s.checkServer(); err != nil {
		return nil, err
	}
	options := []certcentral.Option{certcentral.WithUserAgent(name + "/" + version() + " " + certcentral.DefaultUserAgent)}
	switch {
	case s.cli.APIKeyFile != "":
		if err := s.checkKeyFile(); err != nil {
			return nil, err
		}
		options = append(options, certcentral.WithAPIKeySource(func(context.Context) (string, error) { return s.readKeyFile() }))
	case s.cli.APIKeyCommand != "":
		key, err := s.runKeyCommand(ctx)
		if err != nil {
			return nil, err
		}
		options = append(options, certcentral.WithAPIKey(key))
	case os.Getenv(certcentral.EnvAPIKey) == "":
		return nil, usagef("no API key: set %s, or use --api-key-file or --api-key-command", certcentral.EnvAPIKey)
	}
	if s.cli.BaseURL != "" {
		options = append(options, certcentral.WithBaseURL(s.cli.BaseURL))
	}
	if s.cli.Region != "" {
		options = append(options, certcentral.WithRegion(certcentral.Region(s.cli.Region)))
	}
	if s.cli.InsecureHTTP {
		options = append(options, certcentral.WithInsecureHTTP())
	}
	options = append(options, certcentral.WithTimeout(s.cli.Timeout), certcentral.WithRetries(s.cli.Retries))
	if s.cli.Verbose {
		options = append(options, certcentral.WithMiddleware(s.report))
	}
	cc, err := certcentral.New(options...)
	if err != nil {
		return nil, usageError{err}
	}
	return cc, nil
}

// checkServer refuses what the client refuses too, in the words of the command line.
func (s *session) checkServer() error {
	base := s.cli.BaseURL
	if base == "" && s.cli.Region == "" {
		base = os.Getenv(certcentral.EnvBaseURL)
	}
	u, err := url.Parse(base)
	if err == nil && u.Scheme == "http" && !isLoopback(u.Hostname()) && !s.cli.InsecureHTTP {
		return usagef("the base URL uses plain HTTP to another machine, so that every machine on the way could read the API key: " +
			"use https, or --insecure-http")
	}
	if s.cli.Retries < 0 {
		return usagef("--retries: must not be negative")
	}
	if s.cli.Timeout <= 0 {
		return usagef("--timeout: must be a positive time, such as 30s")
	}
	return nil
}

// isLocal reports whether the client talks to a server on this machine.
func isLocal(cc *certcentral.Client) bool {
	u, err := url.Parse(cc.BaseURL())
	return err == nil && isLoopback(u.Hostname())
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// checkKeyFile refuses a file without a key before anything is asked or sent, and warns of one that
// other users can read: secrets that a container gets are such files, so that refusing would go too
// far.
func (s *session) checkKeyFile() error {
	if _, err := s.readKeyFile(); err != nil {
		return usageError{err}
	}
	info, err := os.Stat(s.cli.APIKeyFile)
	if err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		s.say("warning: other users can read or change %s, which holds an API key: chmod 600 it", s.cli.APIKeyFile)
	}
	return nil
}

// readKeyFile returns the API key in the file. No error repeats a part of the file.
func (s *session) readKeyFile() (string, error) {
	file, err := os.Open(s.cli.APIKeyFile)
	if err != nil {
		return "", fmt.Errorf("--api-key-file: %w", err)
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxKeyFile))
	if err != nil {
		return "", fmt.Errorf("--api-key-file: %w", err)
	}
	key, err := checkKey(content)
	if err != nil {
		return "", fmt.Errorf("--api-key-file: %s %w", s.cli.APIKeyFile, err)
	}
	return key, nil
}

// runKeyCommand returns what the command prints. The command may ask for a password on the terminal.
func (s *session) runKeyCommand(ctx context.Context) (string, error) {
	shell, flag := "sh", "-c"
	if runtime.GOOS == "windows" {
		shell, flag = "cmd", "/C"
	}
	var output bytes.Buffer
	command := exec.CommandContext(ctx, shell, flag, s.cli.APIKeyCommand) //nolint:gosec // the user asks for it
	command.Stdin, command.Stdout, command.Stderr = s.stdin, &output, s.stderr
	if err := command.Run(); err != nil {
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return "", fmt.Errorf("--api-key-command: %w", err)
	}
	key, err := checkKey(output.Bytes())
	if err != nil {
		return "", usagef("--api-key-command: the command %w", err)
	}
	return key, nil
}

// checkKey returns the API key that a file or a command gives. Its errors continue a sentence.
func checkKey(content []byte) (string, error) {
	key := string(bytes.TrimSpace(content))
	switch {
	case key == "":
		return "", errors.New("gives no API key")
	case strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }):
		return "", errors.New("gives no API key: a key is one line of printable ASCII characters without blanks")
	}
	return key, nil
}

// report is middleware that reports each request on standard error.
func (s *session) report(next certcentral.Doer) certcentral.Doer {
	return certcentral.DoerFunc(func(r *http.Request) (*http.Response, error) {
		response, err := next.Do(r)
		outcome := "no answer"
		if err == nil {
			outcome = response.Status
		}
		call, _ := certcentral.CallFrom(r.Context())
		s.say("%s, attempt %d: %s", call.OperationID, call.Attempt, printable(outcome))
		return response, err
	})
}

// printable replaces what could steer a terminal.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '\uFFFD'
	}, text)
}

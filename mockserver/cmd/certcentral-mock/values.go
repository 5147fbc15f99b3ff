package main

import (
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/pkio-tools/certcentral/mockserver"
)

// valueError says what a flag or a variable needs instead of what it was given.
type valueError string

func (e valueError) Error() string { return "needs " + string(e) }

// decode reads the value of a flag and hands it to set, which tells whether it is a good one.
func decode(c *kong.DecodeContext, want string, set func(string) bool) error {
	token, err := c.Scan.PopValue("value")
	if err != nil {
		return valueError(want)
	}
	value := token.String()
	switch {
	case set(value):
		return nil
	case strings.Contains(value, "@"): // perhaps a URL with a password in it
		return valueError(want)
	default:
		return valueError(fmt.Sprintf("%s, not %q", want, value))
	}
}

// address is a HOST:PORT to listen on.
type address string

func (a *address) Decode(c *kong.DecodeContext) error {
	return decode(c, "HOST:PORT, such as 127.0.0.1:8080 (port 0 takes a free one)", func(s string) bool {
		_, port, err := net.SplitHostPort(s)
		if err != nil {
			return false
		}
		_, err = strconv.ParseUint(port, 10, 16)
		*a = address(s)
		return err == nil
	})
}

// fileName is the name of a file to write.
type fileName string

func (f *fileName) Decode(c *kong.DecodeContext) error {
	return decode(c, "the name of a file", func(s string) bool {
		*f = fileName(s)
		return s != ""
	})
}

// dirName is the name of a directory; empty when it was not given.
type dirName string

func (d *dirName) Decode(c *kong.DecodeContext) error {
	return decode(c, "the name of a directory", func(s string) bool {
		*d = dirName(s)
		return s != ""
	})
}

// amount is a sum of money as a decimal string, below zero for a debt; empty when it was not given.
type amount string

func (a *amount) Decode(c *kong.DecodeContext) error {
	return decode(c, "an amount with at most two decimals, such as 1000.00", func(s string) bool {
		*a = amount(s)
		return isAmount(strings.TrimPrefix(s, "-"))
	})
}

// amountLimit is an amount or the word unlimited; empty when it was not given.
type amountLimit string

func (a *amountLimit) Decode(c *kong.DecodeContext) error {
	return decode(c, "an amount with at most two decimals, such as 1000.00, or unlimited", func(s string) bool {
		*a = amountLimit(s)
		return s == mockserver.Unlimited || isAmount(s)
	})
}

func isAmount(s string) bool {
	return regexp.MustCompile(`^[0-9]{1,12}(\.[0-9]{1,2})?$`).MatchString(s)
}

// count is a whole number from 1; zero when it was not given.
type count int

func (n *count) Decode(c *kong.DecodeContext) error {
	return decode(c, "a whole number from 1 to 1000000000", func(s string) bool {
		value, err := strconv.ParseUint(s, 10, 31)
		*n = count(value)
		return err == nil && value >= 1 && value <= 1_000_000_000
	})
}

// duration is a stretch of time; zero when it was not given.
type duration time.Duration

func (d *duration) Decode(c *kong.DecodeContext) error {
	return decode(c, "a time such as 30s or 2m", func(s string) bool {
		value, err := time.ParseDuration(s)
		*d = duration(value)
		return err == nil && value > 0
	})
}

// onOff is on or off.
type onOff string

func (a *onOff) Decode(c *kong.DecodeContext) error {
	return decode(c, "on or off", func(s string) bool {
		*a = onOff(strings.ToLower(s))
		return *a == "on" || *a == "off"
	})
}

// life is how orders move on.
type life mockserver.Life

func (l *life) Decode(c *kong.DecodeContext) error {
	return decode(c, "auto or manual", func(s string) bool {
		*l = life(strings.ToLower(s))
		return *l == life(mockserver.LifeAuto) || *l == life(mockserver.LifeManual)
	})
}

// toggle is a flag without a value on the command line, and with one in a variable.
type toggle bool

func (t *toggle) IsBool() bool { return true }

func (t *toggle) Decode(c *kong.DecodeContext) error {
	if c.Scan.Peek().Type != kong.FlagValueToken {
		*t = true
		return nil
	}
	return decode(c, "true or false", func(s string) bool {
		value, err := strconv.ParseBool(s)
		*t = toggle(value)
		return err == nil
	})
}

// logLevel is the lowest level that is logged.
type logLevel slog.Level

func (l *logLevel) Decode(c *kong.DecodeContext) error {
	return decode(c, "debug, info, warn or error", func(s string) bool {
		levels := map[string]slog.Level{
			"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError,
		}
		level, ok := levels[strings.ToLower(s)]
		*l = logLevel(level)
		return ok
	})
}

// logFormat is text or json.
type logFormat string

func (f *logFormat) Decode(c *kong.DecodeContext) error {
	return decode(c, "text or json", func(s string) bool {
		*f = logFormat(strings.ToLower(s))
		return *f == "text" || *f == "json"
	})
}

// caPreset is the shape of the CAs; empty when it was not given.
type caPreset mockserver.CAPreset

func (p *caPreset) Decode(c *kong.DecodeContext) error {
	return decode(c, "g3, g4 or ec", func(s string) bool {
		*p = caPreset(strings.ToLower(s))
		return slices.Contains([]mockserver.CAPreset{mockserver.G3, mockserver.G4, mockserver.EC}, mockserver.CAPreset(*p))
	})
}

// keyKind is an algorithm and a size; empty when it was not given.
type keyKind mockserver.KeyKind

func (k *keyKind) Decode(c *kong.DecodeContext) error {
	return decode(c, "rsa2048, rsa3072, rsa4096, p256 or p384", func(s string) bool {
		*k = keyKind(strings.ToLower(s))
		kinds := []mockserver.KeyKind{mockserver.RSA2048, mockserver.RSA3072, mockserver.RSA4096, mockserver.P256, mockserver.P384}
		return slices.Contains(kinds, mockserver.KeyKind(*k))
	})
}

// base is the address of a server, with a path at most; empty when it was not given.
type base string

func (b *base) Decode(c *kong.DecodeContext) error {
	return decode(c, "a URL such as http://mock.example.com:8080", func(s string) bool {
		u, err := url.Parse(s)
		*b = base(s)
		return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil && u.RawQuery == "" && u.Fragment == ""
	})
}

// hostNames are host names without scheme and port; empty when none was given. Each time that the flag is given adds to
// them.
type hostNames []string

func (h *hostNames) Decode(c *kong.DecodeContext) error {
	form := regexp.MustCompile(`^(\*\.)?([A-Za-z0-9_-]{1,63}\.)*[A-Za-z0-9_-]{1,63}\.?$`)
	return decode(c, "host names such as mock.example.com or *.example.com, without scheme, port or path, with commas between them", func(s string) bool {
		for name := range strings.SplitSeq(s, ",") {
			name = strings.TrimSpace(name)
			if !form.MatchString(name) {
				return false
			}
			*h = append(*h, name)
		}
		return true
	})
}

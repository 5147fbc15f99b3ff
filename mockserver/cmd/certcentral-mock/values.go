package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/pkio-tools/certcentral/mockserver"
)

// valueError says what the value of a flag or a variable must be.
type valueError string

func (e valueError) Error() string { return "must be " + string(e) }

// decode reads the value of a flag and hands it to set, which tells whether it is a good one.
func decode(c *kong.DecodeContext, want string, set func(string) bool) error {
	return read(c, want, func(s string) error {
		if !set(s) {
			return valueError(want)
		}
		return nil
	})
}

// judged reads the value of a flag and hands it to the option of the server that it sets, which
// judges it.
func judged(c *kong.DecodeContext, want string, option func(string) mockserver.Option) error {
	return read(c, want, func(s string) error {
		err := mockserver.Validate(option(s))
		if wrong, ok := errors.AsType[*mockserver.OptionError](err); ok {
			return valueError(strings.TrimPrefix(wrong.Err.Error(), "must be "))
		}
		return err
	})
}

// read reads the value of a flag, which must be what want says, and adds the value to the error of
// set.
func read(c *kong.DecodeContext, want string, set func(string) error) error {
	token, err := c.Scan.PopValue("value")
	if err != nil {
		return valueError(want)
	}
	value := token.String()
	err = set(value)
	if wrong, ok := errors.AsType[valueError](err); ok && !strings.Contains(value, "@") { // which may be a URL with a password
		return valueError(fmt.Sprintf("%s, not %q", string(wrong), value))
	}
	return err
}

// choose reads the value of a flag that must be one of a list, in any case.
func choose[T ~string](c *kong.DecodeContext, list []T, to *T) error {
	return decode(c, words(list), func(s string) bool {
		*to = T(strings.ToLower(s))
		return slices.Contains(list, *to)
	})
}

// words is a list as a sentence has it, such as "g3, g4 or ec".
func words[T ~string](list []T) string {
	last := len(list) - 1
	return join(list[:last], ", ") + " or " + string(list[last])
}

// join is a list with a separator, such as "g3|g4|ec".
func join[T ~string](list []T, separator string) string {
	all := make([]string, len(list))
	for i, value := range list {
		all[i] = string(value)
	}
	return strings.Join(all, separator)
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
	return judged(c, "an amount such as 1000.00", func(s string) mockserver.Option {
		*a = amount(s)
		return mockserver.WithBalance(s)
	})
}

// amountLimit is an amount or the word unlimited; empty when it was not given.
type amountLimit string

func (a *amountLimit) Decode(c *kong.DecodeContext) error {
	return judged(c, "an amount such as 1000.00, or "+mockserver.Unlimited, func(s string) mockserver.Option {
		*a = amountLimit(s)
		return mockserver.WithNegativeBalanceLimit(s)
	})
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

// instant is a time; the zero time when it was not given.
type instant time.Time

func (i *instant) Decode(c *kong.DecodeContext) error {
	const want = "a time of RFC 3339 such as 2027-01-01T00:00:00Z, in the years from 1970 to 2199"
	return decode(c, want, func(s string) bool {
		value, err := time.Parse(time.RFC3339, s)
		*i = instant(value)
		return err == nil && mockserver.Validate(mockserver.WithStartTime(value)) == nil
	})
}

// lifetime is that of CRLs or OCSP responses, below zero for stale ones; zero when it was not given.
type lifetime time.Duration

func (l *lifetime) Decode(c *kong.DecodeContext) error {
	const want = "a time such as 1h, or -1h (after an equals sign) for what is stale, of at most 8784h"
	return decode(c, want, func(s string) bool {
		value, err := time.ParseDuration(s)
		*l = lifetime(value)
		return err == nil && mockserver.Validate(mockserver.WithCRLLifetime(value)) == nil
	})
}

// approval says whether orders need an approval.
type approval mockserver.Approval

func (a *approval) Decode(c *kong.DecodeContext) error {
	return choose(c, mockserver.Approvals(), (*mockserver.Approval)(a))
}

// onOff is on or off.
type onOff string

func (o *onOff) Decode(c *kong.DecodeContext) error {
	return choose(c, []onOff{"on", "off"}, o)
}

// controlToken is a secret, which no error repeats.
type controlToken string

func (t *controlToken) Decode(c *kong.DecodeContext) error {
	token, err := c.Scan.PopValue("value")
	if err != nil {
		return valueError("a token of 1 to 256 visible ASCII characters")
	}
	*t = controlToken(token.String())
	if mockserver.Validate(mockserver.WithControlToken(token.String())) != nil {
		return valueError("1 to 256 visible ASCII characters without blanks")
	}
	return nil
}

// life is how orders move on.
type life mockserver.Life

func (l *life) Decode(c *kong.DecodeContext) error {
	return choose(c, mockserver.Lives(), (*mockserver.Life)(l))
}

// validation is what happens to validations.
type validation mockserver.Validation

func (v *validation) Decode(c *kong.DecodeContext) error {
	return choose(c, mockserver.Validations(), (*mockserver.Validation)(v))
}

// rateLimit is a list of limits; nil when nothing is limited. Without a value on the command line it
// is what the vendor documents.
type rateLimit []mockserver.RateLimit

func (r *rateLimit) IsBool() bool { return true }

func (r *rateLimit) Decode(c *kong.DecodeContext) error {
	if c.Scan.Peek().Type != kong.FlagValueToken {
		*r = mockserver.DefaultRateLimits()
		return nil
	}
	const want = "true, false, or limits such as 3/10s,100/5m, each with at most 10000 requests in at most 24h"
	return decode(c, want, func(s string) bool {
		*r = nil
		if on, err := strconv.ParseBool(s); err == nil {
			if on {
				*r = mockserver.DefaultRateLimits()
			}
			return true
		}
		for one := range strings.SplitSeq(s, ",") {
			requests, window, _ := strings.Cut(one, "/")
			n, wrongNumber := strconv.Atoi(requests)
			d, wrongWindow := time.ParseDuration(window)
			if wrongNumber != nil || wrongWindow != nil {
				return false
			}
			*r = append(*r, mockserver.RateLimit{Requests: n, Window: d})
		}
		return mockserver.Validate(mockserver.WithRateLimit(*r...)) == nil
	})
}

// tokenChain is what chains of certificates hold.
type tokenChain mockserver.TokenChain

func (t *tokenChain) Decode(c *kong.DecodeContext) error {
	return choose(c, mockserver.TokenChains(), (*mockserver.TokenChain)(t))
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
	var level string
	if err := choose(c, logLevels(), &level); err != nil {
		return err
	}
	return (*slog.Level)(l).UnmarshalText([]byte(level))
}

func logLevels() []string { return []string{"debug", "info", "warn", "error"} }

// logFormat is the form of the log.
type logFormat string

const (
	logText logFormat = "text"
	logJSON logFormat = "json"
)

func (f *logFormat) Decode(c *kong.DecodeContext) error { return choose(c, logFormats(), f) }

func logFormats() []logFormat { return []logFormat{logText, logJSON} }

// caPreset is the shape of the CAs; empty when it was not given.
type caPreset mockserver.Preset

func (p *caPreset) Decode(c *kong.DecodeContext) error {
	return choose(c, mockserver.Presets(), (*mockserver.Preset)(p))
}

// keyKind is an algorithm and a size; empty when it was not given.
type keyKind mockserver.KeyKind

func (k *keyKind) Decode(c *kong.DecodeContext) error {
	return choose(c, mockserver.KeyKinds(), (*mockserver.KeyKind)(k))
}

// base is the address of a server, with a path at most; empty when it was not given.
type base string

func (b *base) Decode(c *kong.DecodeContext) error {
	return judged(c, "a URL such as http://mock.example.com:8080", func(s string) mockserver.Option {
		*b = base(s)
		return mockserver.WithBaseURL(s)
	})
}

// hostNames are host names without scheme and port; empty when none was given. Each time that the
// flag is given adds to them.
type hostNames []string

func (h *hostNames) Decode(c *kong.DecodeContext) error {
	return judged(c, "host names with commas between them, such as mock.example.com,*.example.com", func(s string) mockserver.Option {
		names := strings.Split(s, ",")
		for i, name := range names {
			names[i] = strings.TrimSpace(name)
		}
		*h = append(*h, names...)
		return mockserver.WithAllowedHosts(names...)
	})
}

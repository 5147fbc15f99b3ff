package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	certcentral "github.com/pkio-tools/certcentral/client"
)

type orderCommand struct {
	File        string        `arg:"" help:"The order, in YAML or JSON, with the vendor's names of members; - is standard input."`
	ID          string        `name:"id" placeholder:"ID" help:"Alternative id of the order, if the file has no alternative_order_id (default: a new one). An order that has this id is found, and not placed again."`
	Resume      bool          `help:"An earlier run may have sent this order: look for it for the whole quiet period before it is placed."`
	QuietPeriod time.Duration `default:"${quiet}" placeholder:"DURATION" help:"How long an order whose answer was lost may still be carried out (default: ${quiet})."`
	PlaceWithin time.Duration `default:"15m" placeholder:"DURATION" help:"Time limit for placing the order and for finding out whether it was placed (default: 15m)."`
	Yes         bool          `short:"y" help:"Do not ask before the order is placed."`
	Output      string        `short:"o" enum:"text,json" default:"text" placeholder:"text|json" help:"What standard output gets: the id of the order, or an object in JSON."`
	Wait        bool          `help:"Wait until the certificate is issued."`
	waitFlags   `embed:""`
}

// placedOutput is the result of an order in JSON.
type placedOutput struct {
	OrderID            int64  `json:"order_id"`
	CertificateID      int64  `json:"certificate_id,omitempty"`
	AlternativeOrderID string `json:"alternative_order_id"`
	NeedsApproval      bool   `json:"needs_approval"`
	Found              bool   `json:"found"`
}

func (c *orderCommand) run(ctx context.Context, s *session) error {
	if c.PlaceWithin <= 0 {
		return usagef("--place-within: must be a positive time, such as 15m")
	}
	if err := c.check(); err != nil {
		return err
	}
	f, err := readOrder(c.File, s.stdin)
	if err != nil {
		return err
	}
	if err := c.identify(&f.request); err != nil {
		return err
	}
	cc, err := s.client(ctx)
	if err != nil {
		return err
	}
	if !c.Yes && !isLocal(cc) {
		if err := s.confirm(ctx, cc, f); err != nil {
			return err
		}
	}
	if len(f.unsent) > 0 {
		s.say("not sent, since the service ignores it: %s", strings.Join(f.unsent, ", "))
	}
	placed, err := c.place(ctx, s, cc, f.request)
	if err != nil {
		return err
	}
	if err := c.print(s, placed, f.request.AlternativeOrderID); err != nil || !c.Wait {
		return err
	}
	return c.wait(ctx, s, cc, placed.OrderID)
}

// identify gives the order its alternative id.
func (c *orderCommand) identify(r *certcentral.PKIoOrganisationPersonRequest) error {
	switch {
	case c.ID != "" && r.AlternativeOrderID != "" && c.ID != r.AlternativeOrderID:
		return usagef("--id: the file has another alternative_order_id: leave one of the two out")
	case c.ID != "":
		r.AlternativeOrderID = c.ID
	case r.AlternativeOrderID == "" && c.Resume:
		return usagef("--resume: needs the id of the order: --id, or alternative_order_id in the file")
	case r.AlternativeOrderID == "":
		r.AlternativeOrderID = certcentral.NewOrderID()
	}
	return nil
}

// place places the order. The alternative id is reported before anything is sent, so that the order
// can be found after any end of this process.
func (c *orderCommand) place(
	ctx context.Context, s *session, cc *certcentral.Client, r certcentral.PKIoOrganisationPersonRequest,
) (certcentral.OnceResult, error) {
	s.say("the alternative id of the order is %s", printable(r.AlternativeOrderID))
	options := []certcentral.OnceOption{certcentral.WithQuietPeriod(c.QuietPeriod)}
	if c.Resume {
		options = append(options, certcentral.WithResume())
	}
	limited, cancel := context.WithTimeout(ctx, c.PlaceWithin)
	defer cancel()
	placed, err := cc.Orders.PlaceOnce(limited, r, options...)
	if errors.Is(err, certcentral.ErrOutcomeUnknown) {
		return placed, fmt.Errorf("%w\nthe order may have been placed; this finds out, and orders only if it was not:\n  %s order %s --id %s --resume",
			err, name, quote(c.File), quote(r.AlternativeOrderID))
	}
	return placed, err
}

func (c *orderCommand) print(s *session, placed certcentral.OnceResult, alternative string) error {
	how := "placed"
	if placed.Found {
		how = "found: it had been placed before"
	}
	if placed.NeedsApproval {
		how += "; it waits for an approval"
	}
	s.say("order %d is %s", placed.OrderID, how)
	if c.Output == "text" {
		_, err := fmt.Fprintln(s.stdout, placed.OrderID)
		return err
	}
	return writeJSON(s.stdout, placedOutput{
		OrderID: placed.OrderID, CertificateID: placed.CertificateID, AlternativeOrderID: alternative,
		NeedsApproval: placed.NeedsApproval, Found: placed.Found,
	})
}

// confirm asks before an order costs money.
func (s *session) confirm(ctx context.Context, cc *certcentral.Client, f *orderFile) error {
	if !isTerminal(s.stdin) {
		return usagef("an order at %s costs money, and there is no terminal to ask: --yes places it without a question", cc.BaseURL())
	}
	s.say("this order costs money:")
	for _, line := range append(f.summary(), "where:        "+cc.BaseURL(), "price:        not known before the order") {
		s.say("  %s", printable(line))
	}
	_, _ = fmt.Fprint(s.stderr, "Place the order? [y/N] ")
	answers := make(chan string, 1)
	go func() { // A read from a terminal has no context.
		line, _ := bufio.NewReader(s.stdin).ReadString('\n')
		answers <- line
	}()
	select {
	case <-ctx.Done():
		_, _ = fmt.Fprintln(s.stderr)
		return ctx.Err()
	case answer := <-answers:
		switch strings.ToLower(strings.TrimSpace(answer)) {
		case "y", "yes":
			return nil
		default:
			return usagef("not ordered, since the answer was not yes")
		}
	}
}

// quote makes an argument fit for a shell.
func quote(argument string) string {
	plain := func(r rune) bool {
		return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || strings.ContainsRune("-_./:@+,", r)
	}
	if argument != "" && strings.IndexFunc(argument, func(r rune) bool { return !plain(r) }) < 0 {
		return argument
	}
	return "'" + strings.ReplaceAll(printable(argument), "'", `'\''`) + "'"
}

// orderID is an id on the command line.
type orderID int64

func (id *orderID) UnmarshalText(text []byte) error {
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil || n <= 0 {
		return errors.New("must be the id of an order, which is a positive number")
	}
	*id = orderID(n)
	return nil
}

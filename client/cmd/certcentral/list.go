package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"time"
	"unicode/utf8"

	certcentral "github.com/pkio-tools/certcentral/client"
)

type listCommand struct {
	Status          []string `placeholder:"STATE,…" help:"Only orders in these states, such as pending,issued."`
	Organization    []int64  `placeholder:"ID,…" help:"Only orders for the organizations with these ids."`
	CommonName      string   `placeholder:"TEXT" help:"Only orders for persons whose name contains this text."`
	CreatedSince    moment   `placeholder:"DAY" help:"Only orders since this day, such as 2026-11-01, or this time in RFC 3339."`
	ValidTillBefore day      `placeholder:"DAY" help:"Only orders whose certificate expires before this day."`
	Sort            string   `placeholder:"KEY,…" help:"Sort by order_id, date_created, common_name, status or valid_till; a minus sign before a key reverses it: --sort=-date_created."`
	Limit           int      `placeholder:"N" help:"At most N orders (default: all)."`
	Output          string   `short:"o" enum:"table,json,csv" default:"table" placeholder:"table|json|csv" help:"Form of the list: a table, an array in JSON, or the CSV of the service."`
}

// A moment is a day or a time on the command line.
type moment struct {
	day  certcentral.Date
	time time.Time
}

func (m *moment) UnmarshalText(text []byte) error {
	if t, err := time.Parse(time.DateOnly, string(text)); err == nil {
		m.day = certcentral.DateOf(t)
		return nil
	}
	t, err := time.Parse(time.RFC3339, string(text))
	if err != nil {
		return errors.New("must be a day such as 2026-11-01, or a time such as 2026-11-01T12:00:00Z")
	}
	m.time = t
	return nil
}

// A day is a day on the command line.
type day time.Time

func (d *day) UnmarshalText(text []byte) error {
	t, err := time.Parse(time.DateOnly, string(text))
	if err != nil {
		return errors.New("must be a day such as 2026-11-01")
	}
	*d = day(t)
	return nil
}

// maxPage is the largest page of the service.
const maxPage = 1000

func (c *listCommand) options() (certcentral.OrderListOptions, error) {
	o := certcentral.OrderListOptions{Sort: c.Sort}
	if c.Limit < 0 {
		return o, usagef("--limit: must be a positive number")
	}
	o.Limit = min(c.Limit, maxPage) // which for 0 is the default, the largest page
	if len(c.Status) > 0 {
		states := make([]certcentral.OrderStatus, 0, len(c.Status))
		for _, state := range c.Status {
			states = append(states, certcentral.OrderStatus(state))
		}
		o.Status = certcentral.AnyOf(states...)
	}
	if len(c.Organization) > 0 {
		o.OrganizationID = certcentral.IDs(c.Organization...)
	}
	if c.CommonName != "" {
		o.CommonName = certcentral.Contains(c.CommonName)
	}
	switch {
	case !c.CreatedSince.day.IsZero():
		o.DateCreated = certcentral.Since(c.CreatedSince.day)
	case !c.CreatedSince.time.IsZero():
		o.DateCreated = certcentral.Since(c.CreatedSince.time)
	}
	if before := time.Time(c.ValidTillBefore); !before.IsZero() {
		o.ValidTill = certcentral.Until(certcentral.DateOf(before.AddDate(0, 0, -1)))
	}
	return o, nil
}

func (c *listCommand) run(ctx context.Context, s *session) error {
	options, err := c.options()
	if err != nil {
		return err
	}
	cc, err := s.client(ctx)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(s.stdout)
	if c.Output == "csv" {
		_, err = cc.Orders.WriteCSV(ctx, &firstRecords{w: out, left: c.Limit + 1, all: c.Limit == 0}, options)
		if errors.Is(err, errEnough) {
			err = nil
		}
	} else {
		form := printTable
		if c.Output == "json" {
			form = printArray
		}
		err = form(out, s.counted(c.first(cc.Orders.All(ctx, options))))
	}
	return errors.Join(err, out.Flush())
}

// first ends a list after the limit.
func (c *listCommand) first(orders iter.Seq2[certcentral.OrderSummary, error]) iter.Seq2[certcentral.OrderSummary, error] {
	return func(yield func(certcentral.OrderSummary, error) bool) {
		n := 0
		for order, err := range orders {
			n++
			if !yield(order, err) || n == c.Limit {
				return
			}
		}
	}
}

// counted reports how far a list is, if a person reads that and not the list itself.
func (s *session) counted(orders iter.Seq2[certcentral.OrderSummary, error]) iter.Seq2[certcentral.OrderSummary, error] {
	if isTerminal(s.stdout) || !isTerminal(s.stderr) {
		return orders
	}
	return func(yield func(certcentral.OrderSummary, error) bool) {
		n := 0
		for order, err := range orders {
			n++
			if n%maxPage == 0 {
				s.say("%d orders", n)
			}
			if !yield(order, err) {
				return
			}
		}
	}
}

// printTable prints columns of fixed widths, since a list is printed while it arrives. A text that is
// wider moves the rest of its line.
func printTable(w io.Writer, orders iter.Seq2[certcentral.OrderSummary, error]) error {
	const form = "%-10s  %-15s  %-10s  %-10s  %s  %s\n"
	const widest = 28
	pad := func(text string) string {
		return fmt.Sprintf("%s%*s", text, max(0, widest-utf8.RuneCountInString(text)), "")
	}
	if _, err := fmt.Fprintf(w, form, "ID", "STATUS", "CREATED", "VALID TILL", pad("PERSON"), "ORGANIZATION"); err != nil {
		return err
	}
	for o, err := range orders {
		if err != nil {
			return err
		}
		till := o.Certificate.ValidTill.String()
		if till == "" {
			till = "-"
		}
		if _, err := fmt.Fprintf(w, form, strconv.FormatInt(o.ID, 10), printable(string(o.Status)), o.DateCreated.UTC().Format(time.DateOnly), till,
			pad(printable(o.Certificate.CommonName)), printable(o.Organization.Name)); err != nil {
			return err
		}
	}
	return nil
}

// printArray prints an array in JSON with one order on each line.
func printArray(w io.Writer, orders iter.Seq2[certcentral.OrderSummary, error]) error {
	before := "["
	for o, err := range orders {
		if err != nil {
			return err
		}
		var line bytes.Buffer
		encoder := json.NewEncoder(&line)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(summaryOutput(o)); err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%s\n  %s", before, bytes.TrimSpace(line.Bytes())); err != nil {
			return err
		}
		before = ","
	}
	end := "\n]\n"
	if before == "[" {
		end = "[]\n"
	}
	_, err := io.WriteString(w, end)
	return err
}

var errEnough = errors.New("enough records")

// firstRecords passes on the first records of CSV, with the line of column names. A line break within
// quotation marks belongs to a value.
type firstRecords struct {
	w      io.Writer
	left   int
	all    bool
	quoted bool
}

func (f *firstRecords) Write(p []byte) (int, error) {
	if f.all {
		return f.w.Write(p)
	}
	for i, b := range p {
		if b == '"' {
			f.quoted = !f.quoted
		}
		if b != '\n' || f.quoted {
			continue
		}
		f.left--
		if f.left <= 0 {
			n, err := f.w.Write(p[:i+1])
			return n, errors.Join(err, errEnough)
		}
	}
	return f.w.Write(p)
}

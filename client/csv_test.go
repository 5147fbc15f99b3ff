package client_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// csvPages answers a list with pages of CSV, by their offsets. Every other page has no items.
func csvPages(names string, pages map[string]string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		answer(200, "text/csv", names+pages[r.FormValue("offset")])(w, r)
	}
}

func ordersCSV(ctx context.Context, c *certcentral.Client, opts ...certcentral.RequestOption) (string, error) {
	var b strings.Builder
	n, err := c.Orders.WriteCSV(ctx, &b, certcentral.OrderListOptions{}, opts...)
	if n != int64(b.Len()) {
		err = errors.Join(err, fmt.Errorf("%d bytes were reported, %d written", n, b.Len()))
	}
	return b.String(), err
}

// TestSentCSV pins what each method sends: the filters of the list, and one page after the other.
func TestSentCSV(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		call func(context.Context, *certcentral.Client, io.Writer) (int64, error)
		want recorded
	}{
		{"Orders", func(ctx context.Context, c *certcentral.Client, w io.Writer) (int64, error) {
			return c.Orders.WriteCSV(ctx, w, certcentral.OrderListOptions{Limit: 2, Offset: 5, IsRenewed: certcentral.No})
		}, recorded{Path: "/order/certificate", Query: "filters%5Bis_renewed%5D=0&limit=2&offset=N"}},
		{"Requests", func(ctx context.Context, c *certcentral.Client, w io.Writer) (int64, error) {
			return c.Requests.WriteCSV(ctx, w, certcentral.RequestListOptions{Offset: 5, OrderID: certcentral.IDs(3)})
		}, recorded{Path: "/request", Query: "filters%5Border_id%5D=3&offset=N"}},
		{"Organizations", func(ctx context.Context, c *certcentral.Client, w io.Writer) (int64, error) {
			return c.Organizations.WriteCSV(ctx, w, certcentral.OrganizationListOptions{Offset: 5, Sort: "name"})
		}, recorded{Path: "/organization", Query: "offset=N&sort=name"}},
		{"Users", func(ctx context.Context, c *certcentral.Client, w io.Writer) (int64, error) {
			return c.Users.WriteCSV(ctx, w, certcentral.UserListOptions{Offset: 5, ContainerID: 4})
		}, recorded{Path: "/user", Query: "container_id=4&offset=N"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c, s := start(t, csvPages("id,name\r\n", map[string]string{"5": "1,a\r\n2,\"b\r\nb\"\r\n", "7": "3,c"}))
			var b bytes.Buffer
			n, err := tt.call(t.Context(), c, &b)
			if err != nil {
				t.Fatal(err)
			}
			if want := "id,name\r\n1,a\r\n2,\"b\r\nb\"\r\n3,c"; b.String() != want || n != int64(len(want)) {
				t.Errorf("%d bytes, %q; want %q", n, b.String(), want)
			}
			var want []recorded
			for _, offset := range []string{"5", "7", "8"} {
				page := tt.want
				page.Method, page.Path, page.Query = "GET", basePath+page.Path, strings.Replace(page.Query, "N", offset, 1)
				want = append(want, page)
			}
			got := s.all()
			for i := range got {
				checkHeaders(t, got[i], "text/csv")
				got[i].Header = nil
				values, err := url.ParseQuery(got[i].Query)
				if err != nil {
					t.Fatal(err)
				}
				got[i].Query = values.Encode() // sorted
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
		})
	}
}

// TestCSV copies answers that are usable. Nothing in them is changed, but for a line's end between
// two pages.
func TestCSV(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 100_000)
	for name, tt := range map[string]struct {
		pages map[string]string
		want  string
	}{
		"no orders":             {nil, "id,note\n"},
		"no end of a line":      {map[string]string{"": "1,a", "1": "2,b\n"}, "id,note\n1,a\n2,b\n"},
		"blank lines":           {map[string]string{"": "\n1,a\n\n2,b\n\n"}, "id,note\n\n1,a\n\n2,b\n"},
		"quotes and line feeds": {map[string]string{"": "1,\"say \"\"a,\nb\"\"\"\n"}, "id,note\n1,\"say \"\"a,\nb\"\"\"\n"},
		"a long value":          {map[string]string{"": "1," + long + "\n", "1": "2,\"" + long + "\n\"\n"}, "id,note\n1," + long + "\n2,\"" + long + "\n\"\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _ := start(t, csvPages("id,note\n", tt.pages))
			if got, err := ordersCSV(t.Context(), c); err != nil || got != tt.want {
				t.Errorf("%.200q, %v; want %.200q", got, err, tt.want)
			}
		})
	}
}

// TestUnusableCSV answers with something else. What was written before is whole, and the error has
// nothing of the answer.
func TestUnusableCSV(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		first, second http.HandlerFunc
		written, want string
	}{
		"HTML":                 {answer(200, "text/html", "<title>Log in</title>"), nil, "", `listOrders: status 200: the answer is not CSV but 21 bytes of text/html titled "Log in"`},
		"JSON":                 {answerJSON(200, `{"orders":[]}`), nil, "", "listOrders: status 200: the answer is not CSV but 13 bytes of application/json"},
		"nothing":              {answer(200, "text/csv", ""), nil, "", "listOrders: status 200: the answer is CSV without a line of column names"},
		"refused":              {answerJSON(403, `{"errors":[{"code":"access_denied|missing_permission","message":"secret"}]}`), nil, "", "listOrders: status 403: access_denied|missing_permission"},
		"CSV without success":  {answer(502, "text/csv", "id,note\n1,a\n"), nil, "", "listOrders: status 502: the answer is not the service's but 12 bytes of text/csv"},
		"another success":      {answer(201, "text/csv", "id,note\n1,a\n"), nil, "", "listOrders: status 201: the contract declares no success with this status; the answer is 12 bytes of text/csv"},
		"a missing column":     {answer(200, "text/csv", "id,note\n1,a\nsecret\n"), nil, "id,note\n1,a\n", "listOrders: status 200: the answer is malformed CSV on line 3: wrong number of fields"},
		"an open quote":        {answer(200, "text/csv", "id,note\n1,a\n2,\"secret\n"), nil, "id,note\n1,a\n", "listOrders: status 200: the answer is malformed CSV on line 3: extraneous or missing \" in quoted-field"},
		"other columns":        {answer(200, "text/csv", "id,note\n1,a\n"), answer(200, "text/csv", "note,id\nb,2\n"), "id,note\n1,a\n", "listOrders: status 200: the column names differ from those of the page before"},
		"the same again":       {answer(200, "text/csv", "id,note\n1,a\n2,b\n"), answer(200, "text/csv", "id,note\n1,a\n2,b\n"), "id,note\n1,a\n2,b\n", "listOrders: status 200: the page at offset 2 repeats what came before it"},
		"an endless line":      {answer(200, "text/csv", "id,note\n1,a\n2,\""+strings.Repeat("x", 9<<20)), nil, "id,note\n1,a\n", "listOrders: status 200: the answer has a line of more than 8 MiB"},
		"cut within a line":    {cut("Content-Length: 100\r\n", "id,note\n1,a\n2,\"se"), nil, "id,note\n1,a\n", "listOrders: status 200: the answer broke off: unexpected EOF"},
		"cut after a quote":    {cut("Content-Length: 100\r\n", "id,note\n1,a\n2,\"s\"e"), nil, "id,note\n1,a\n", "listOrders: status 200: the answer broke off: unexpected EOF"},
		"cut between lines":    {cut("Content-Length: 100\r\n", "id,note\n1,a\n"), nil, "id,note\n1,a\n", "listOrders: status 200: the answer broke off: unexpected EOF"},
		"a chunk is missing":   {cut("Transfer-Encoding: chunked\r\n", "c\r\nid,note\n1,a\n\r\n"), nil, "id,note\n1,a\n", "listOrders: status 200: the answer broke off: unexpected EOF"},
		"cut without a length": {cut("", "id,note\n1,a\n2,se"), nil, "id,note\n1,a\n", "listOrders: status 200: the answer broke off within a line"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, _ := start(t, func(w http.ResponseWriter, r *http.Request) {
				if r.FormValue("offset") == "" {
					tt.first(w, r)
				} else {
					tt.second(w, r)
				}
			})
			got, err := ordersCSV(t.Context(), c)
			if failed, ok := errors.AsType[*certcentral.Error](err); !ok || err.Error() != tt.want || failed.OutcomeUnknown {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
			if got != tt.written {
				t.Errorf("written: %q, want %q", got, tt.written)
			}
		})
	}
}

// cut answers with CSV and cuts the connection.
func cut(header, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		conn, buffer, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		_, _ = buffer.WriteString("HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n" + header + "\r\n" + body)
		_ = buffer.Flush()
		_ = conn.(*net.TCPConn).CloseWrite()
		_, _ = io.Copy(io.Discard, conn)
		_ = conn.Close()
	}
}

// TestCSVCutBetweenLines: without a length, HTTP does not show that lines are missing. They are
// requested as the next page.
func TestCSVCutBetweenLines(t *testing.T) {
	t.Parallel()
	c, _ := start(t, func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("offset") == "" {
			cut("", "id,note\n1,a\n")(w, r)
			return
		}
		csvPages("id,note\n", map[string]string{"1": "2,b\n3,c\n"})(w, r)
	})
	if got, err := ordersCSV(t.Context(), c); err != nil || got != "id,note\n1,a\n2,b\n3,c\n" {
		t.Errorf("%q, %v", got, err)
	}
}

// full is a disk that is full after some bytes.
type full struct{ left int }

var errFull = errors.New("no space left")

func (f *full) Write(p []byte) (int, error) {
	n := min(len(p), f.left)
	f.left -= n
	if n < len(p) {
		return n, errFull
	}
	return n, nil
}

// TestCSVWriterFails: the error of the writer is in the error of the call.
func TestCSVWriterFails(t *testing.T) {
	t.Parallel()
	c, s := start(t, csvPages("id,note\n", map[string]string{"": "1,a\n2,b\n"}))
	n, err := c.Orders.WriteCSV(t.Context(), &full{left: 10}, certcentral.OrderListOptions{})
	const want = "listOrders: status 200: write the CSV: no space left"
	if !errors.Is(err, errFull) || err.Error() != want || n != 10 || len(s.all()) != 1 {
		t.Errorf("%d bytes, %v; want 10, %s", n, err, want)
	}
}

// TestCSVOptions: the options of a call hold for each page.
func TestCSVOptions(t *testing.T) {
	t.Parallel()
	c, s := start(t, csvPages("id,note\n", map[string]string{"": "1,a\n"}))
	var resp *http.Response
	if _, err := ordersCSV(t.Context(), c, certcentral.WithRequestID("export"), certcentral.WithResponseInto(&resp)); err != nil {
		t.Fatal(err)
	}
	for _, r := range s.all() {
		if r.Header.Get("X-Request-Id") != "export" {
			t.Errorf("request %+v", r)
		}
	}
	if body, err := io.ReadAll(resp.Body); err != nil || resp.StatusCode != http.StatusOK || len(body) != 0 {
		t.Errorf("status %d, %d bytes, %v", resp.StatusCode, len(body), err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := ordersCSV(ctx, c); got != "" || !errors.Is(err, context.Canceled) {
		t.Errorf("%q, %v", got, err)
	}
}

// TestCSVIsAStream reads a page of 40 MB, of which a small part is in memory at a time: the server
// sends each part after the one before it was written.
func TestCSVIsAStream(t *testing.T) {
	t.Parallel()
	written := make(chan int64, 1)
	part := strings.Repeat("1,"+strings.Repeat("x", 997)+"\n", 1000)
	const parts = 40
	c, _ := start(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/csv")
		_, _ = io.WriteString(w, "id,note\n")
		if r.FormValue("offset") != "" {
			return
		}
		for i := range parts {
			_, _ = io.WriteString(w, part)
			_ = http.NewResponseController(w).Flush()
			for i+1 < parts {
				select {
				case n := <-written:
					if n < int64(len(part)*i) {
						continue
					}
				case <-r.Context().Done():
					t.Error("the reader waits for more")
				}
				break
			}
		}
	})
	n, err := c.Orders.WriteCSV(t.Context(), &counter{to: written}, certcentral.OrderListOptions{})
	if want := int64(len(part)*parts + len("id,note\n")); err != nil || n != want {
		t.Errorf("%d bytes, %v; want %d", n, err, want)
	}
}

// counter sends the number of bytes that were written, and forgets older numbers.
type counter struct {
	n  int64
	to chan int64
}

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	select {
	case <-c.to:
	default:
	}
	c.to <- c.n
	return len(p), nil
}

// TestCSVAgainstMock compares the CSV of each list with its JSON.
func TestCSVAgainstMock(t *testing.T) {
	t.Parallel()
	cc, ctx := mocktest.Start(t, mockserver.WithApproval(mockserver.ApprovalOn)).Client, t.Context()
	for range 5 {
		if _, err := cc.Orders.PlacePKIoOrganisationPerson(ctx, ourOrder()); err != nil {
			t.Fatal(err)
		}
	}
	for name, tt := range map[string]struct {
		write func(w io.Writer) (int64, error)
		list  func() ([]int64, error)
	}{
		"orders": {
			func(w io.Writer) (int64, error) {
				return cc.Orders.WriteCSV(ctx, w, certcentral.OrderListOptions{Limit: 2, Offset: 1, Sort: "-order_id"})
			},
			func() ([]int64, error) {
				page, err := cc.Orders.List(ctx, certcentral.OrderListOptions{Offset: 1, Sort: "-order_id"})
				return ids(page.Items, func(o certcentral.OrderSummary) int64 { return o.ID }), err
			},
		},
		"requests": {
			func(w io.Writer) (int64, error) {
				return cc.Requests.WriteCSV(ctx, w, certcentral.RequestListOptions{Limit: 3})
			},
			func() ([]int64, error) {
				page, err := cc.Requests.List(ctx, certcentral.RequestListOptions{})
				return ids(page.Items, func(r certcentral.RequestSummary) int64 { return r.ID }), err
			},
		},
		"organizations": {
			func(w io.Writer) (int64, error) {
				return cc.Organizations.WriteCSV(ctx, w, certcentral.OrganizationListOptions{})
			},
			func() ([]int64, error) {
				page, err := cc.Organizations.List(ctx, certcentral.OrganizationListOptions{})
				return ids(page.Items, func(o certcentral.OrganizationSummary) int64 { return o.ID }), err
			},
		},
		"users": {
			func(w io.Writer) (int64, error) {
				return cc.Users.WriteCSV(ctx, w, certcentral.UserListOptions{Limit: 1})
			},
			func() ([]int64, error) {
				page, err := cc.Users.List(ctx, certcentral.UserListOptions{})
				return ids(page.Items, func(u certcentral.User) int64 { return u.ID }), err
			},
		},
	} {
		var b bytes.Buffer
		if _, err := tt.write(&b); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		records, err := csv.NewReader(&b).ReadAll()
		if err != nil || len(records) < 2 || records[0][0] != "id" {
			t.Fatalf("%s: %v, %v", name, records, err)
		}
		got := ids(records[1:], func(record []string) int64 {
			id, _ := strconv.ParseInt(record[0], 10, 64)
			return id
		})
		want, err := tt.list()
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: CSV has %v, JSON %v, %v", name, got, want, err)
		}
	}
}

func ids[T any](items []T, id func(T) int64) []int64 {
	var out []int64
	for _, item := range items {
		out = append(out, id(item))
	}
	return out
}

// TestCSVGoesOn cuts the first answer after each number of bytes. With retries, the file is the same
// as without the cut.
func TestCSVGoesOn(t *testing.T) {
	t.Parallel()
	mock := mocktest.Start(t, mockserver.WithLife(mockserver.LifeManual))
	for range 3 {
		if _, err := mock.Client.Orders.PlacePKIoOrganisationPerson(t.Context(), exampleOrder()); err != nil {
			t.Fatal(err)
		}
	}
	var want strings.Builder
	if _, err := mock.Client.Orders.WriteCSV(t.Context(), &want, certcentral.OrderListOptions{}); err != nil {
		t.Fatal(err)
	}
	for length := 0; length < want.Len(); length += 13 {
		rule := mock.Fail(t, mocktest.On("listOrders").Truncate(int32(length)))
		var got strings.Builder
		_, err := faultClient(t, mock, 1).Orders.WriteCSV(t.Context(), &got, certcentral.OrderListOptions{})
		if err != nil || got.String() != want.String() || rule.Hits(t) != 1 {
			t.Fatalf("cut after %d bytes: %v\n%s", length, err, got.String())
		}
	}
	mock.Fail(t, mocktest.On("listOrders").Truncate(400).Times(2))
	if _, err := faultClient(t, mock, 1).Orders.WriteCSV(t.Context(), io.Discard, certcentral.OrderListOptions{}); !errors.Is(err, certcentral.ErrNotAnswered) {
		t.Errorf("cut twice, with one retry: %v", err)
	}
}

package client

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"

	"github.com/pkio-tools/certcentral/gen/api"
)

const mediaTypeCSV = "text/csv"

// WriteCSV writes a list of orders to w as comma-separated values, in the words of the service: a
// line of column names, and a line for each order. It returns the number of bytes that it has
// written. It requests one page after the other, from the offset in the options on, as
// [OrderService.All] does, and ends with the first page without an order. The list may be of any
// length: w gets each order as it arrives. The context limits how long this may take, and a time
// limit of requests ([WithTimeout]) how long each page may.
//
// If WriteCSV fails, w has the orders before the failure, and no part of an order. An answer that
// breaks off is a failure of the kind [ErrNotAnswered]; [WithRetries] goes on after the last order
// that has arrived. [WithResponseInto] stores the last response without its body. Operation:
// listOrders.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/orders/list-orders.html
func (s *OrderService) WriteCSV(
	ctx context.Context, w io.Writer, o OrderListOptions, opts ...RequestOption,
) (int64, error) {
	return writeCSV(ctx, s.client, operation{id: "listOrders"}, w, o.Offset, opts, func(offset int64) (sendFunc, error) {
		o.Offset = offset
		params, err := o.params()
		return func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.ListOrders(ctx, params, edit)
		}, err
	})
}

// WriteCSV writes a list of requests to w as comma-separated values, as [OrderService.WriteCSV]
// does with orders. Operation: listRequests.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/requests/list-requests.html
func (s *RequestService) WriteCSV(
	ctx context.Context, w io.Writer, o RequestListOptions, opts ...RequestOption,
) (int64, error) {
	return writeCSV(ctx, s.client, operation{id: "listRequests"}, w, o.Offset, opts, func(offset int64) (sendFunc, error) {
		o.Offset = offset
		params, err := o.params()
		return func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.ListRequests(ctx, params, edit)
		}, err
	})
}

// WriteCSV writes a list of organizations to w as comma-separated values, as
// [OrderService.WriteCSV] does with orders. Operation: listOrganizations.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/organizations/list-organizations.html
func (s *OrganizationService) WriteCSV(
	ctx context.Context, w io.Writer, o OrganizationListOptions, opts ...RequestOption,
) (int64, error) {
	return writeCSV(ctx, s.client, operation{id: "listOrganizations"}, w, o.Offset, opts, func(offset int64) (sendFunc, error) {
		o.Offset = offset
		params, err := o.params()
		return func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.ListOrganizations(ctx, params, edit)
		}, err
	})
}

// WriteCSV writes a list of users to w as comma-separated values, as [OrderService.WriteCSV] does
// with orders. Operation: listUsers.
//
// The vendor's page: https://dev.digicert.com/certcentral-apis/services-api/users/list-users.html
func (s *UserService) WriteCSV(ctx context.Context, w io.Writer, o UserListOptions, opts ...RequestOption) (int64, error) {
	return writeCSV(ctx, s.client, operation{id: "listUsers"}, w, o.Offset, opts, func(offset int64) (sendFunc, error) {
		o.Offset = offset
		params, err := o.params()
		return func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.ListUsers(ctx, params, edit)
		}, err
	})
}

// writeCSV requests the pages of a list as CSV. The function page returns how the page at an offset
// is requested.
func writeCSV(
	ctx context.Context, c *Client, op operation, w io.Writer, offset int64, opts []RequestOption,
	page func(offset int64) (sendFunc, error),
) (int64, error) {
	if w == nil {
		return 0, &ArgumentError{Operation: op.id, Path: "w", Reason: "is nil"}
	}
	list := csvList{w: w, next: offset}
	op.accept, op.read = mediaTypeCSV, list.readPage
	for {
		before := list.next
		if _, err := page(before); err != nil {
			return list.written, inOperation(op, err)
		}
		err := c.do(ctx, op, opts, func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			send, err := page(list.next) // A retry goes on after the items that have arrived.
			if err != nil {
				return nil, err
			}
			return send(ctx, edit)
		}, nil)
		if err != nil || list.next == before {
			return list.written, err
		}
	}
}

var (
	errNotCSV         = errors.New("the answer is not CSV")
	errNoNames        = errors.New("the answer is CSV without a line of column names")
	errOtherNames     = errors.New("the column names differ from those of the page before")
	errBrokenLine     = fmt.Errorf("%w within a line", errBrokeOff)
	errRecordTooLarge = fmt.Errorf("the answer has a line of more than %d MiB", maxBody>>20)
)

// A csvList copies a list in CSV, page by page. CSV has no member page, so the end of the list is a
// page without items: a page with fewer items than its limit may also be one of a service that
// allows a lower limit.
type csvList struct {
	w       io.Writer
	written int64  // bytes
	next    int64  // the offset of the next page
	names   []byte // the line of column names
	first   []byte // the first item of the last page
	open    bool   // the last line that was written has no end of line
}

// readPage copies the items of one page. Any other answer than CSV is read as a whole.
func (l *csvList) readPage(resp *http.Response) ([]byte, error) {
	mediaType, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if resp.StatusCode != http.StatusOK || err != nil || mediaType != mediaTypeCSV {
		return readBody(resp)
	}
	// HTTP reports an answer that was cut, unless the end of the connection is the end of the
	// answer. Items that are missing at a line's end are requested again as the next page.
	endless := resp.ProtoMajor == 1 && resp.ContentLength < 0 && len(resp.TransferEncoding) == 0 && !resp.Uncompressed
	lines := csvLines{body: resp.Body}
	lines.reader = csv.NewReader(&lines)
	lines.reader.ReuseRecord = true // only the number of columns is of interest
	for n := 0; ; n++ {
		line, err := lines.next()
		switch {
		case err == io.EOF && n == 0: //nolint:errorlint // io.EOF of a Reader is never wrapped
			return nil, errNoNames
		case err == io.EOF: //nolint:errorlint // io.EOF of a Reader is never wrapped
			return nil, nil
		case err != nil:
			return nil, err
		case endless && !bytes.HasSuffix(line, []byte("\n")):
			return nil, errBrokenLine
		case n == 0:
			err = l.addNames(line)
		default:
			err = l.addItem(line, n == 1)
		}
		if err != nil {
			return nil, err
		}
	}
}

// addNames copies the column names of the first page. Other pages must have the same.
func (l *csvList) addNames(line []byte) error {
	names := bytes.TrimRight(line, "\r\n")
	if l.names == nil {
		l.names = bytes.Clone(names)
		return l.write(line)
	}
	if !bytes.Equal(names, l.names) {
		return errOtherNames
	}
	return nil
}

func (l *csvList) addItem(line []byte, isFirst bool) error {
	if isFirst {
		item := bytes.TrimRight(line, "\r\n")
		if bytes.Equal(item, l.first) {
			return fmt.Errorf("the page at offset %d repeats what came before it", l.next)
		}
		l.first = bytes.Clone(item)
	}
	if err := l.write(line); err != nil {
		return err
	}
	l.next++
	return nil
}

// write writes a line, after the end of the line before it. CSV needs none after its last line.
func (l *csvList) write(line []byte) error {
	if l.open {
		line = slices.Concat([]byte("\n"), line)
	}
	n, err := l.w.Write(line)
	l.written += int64(n)
	if err == nil && n < len(line) {
		err = io.ErrShortWrite
	}
	if err != nil {
		return fmt.Errorf("write the CSV: %w", err)
	}
	l.open = !bytes.HasSuffix(line, []byte("\n"))
	return nil
}

// csvLines splits CSV into lines without changing them. A line is one record, which has several
// lines of text if a value has some.
type csvLines struct {
	body   io.Reader
	reader *csv.Reader  // reads from the csvLines
	read   bytes.Buffer // what reader has got and next has not yet returned
	offset int64        // where read begins
	failed error        // the error of the body
}

// Read implements the reader of the CSV reader.
func (l *csvLines) Read(p []byte) (int, error) {
	if l.read.Len() > maxBody {
		l.failed = errRecordTooLarge
		return 0, l.failed
	}
	n, err := l.body.Read(p)
	_, _ = l.read.Write(p[:n])
	if err != nil && err != io.EOF {
		l.failed = fmt.Errorf("%w: %w", errBrokeOff, err)
		return n, l.failed
	}
	return n, err
}

// next returns the next line, which is valid until the next call. After the last one it returns
// [io.EOF].
func (l *csvLines) next() ([]byte, error) {
	_, err := l.reader.Read()
	var malformed *csv.ParseError
	switch {
	case l.failed != nil && err != nil:
		return nil, l.failed
	case errors.As(err, &malformed):
		return nil, fmt.Errorf("the answer is malformed CSV on line %d: %w", malformed.Line, malformed.Err)
	case err != nil:
		return nil, err
	}
	line := l.read.Next(int(l.reader.InputOffset() - l.offset))
	l.offset = l.reader.InputOffset()
	return line, nil
}

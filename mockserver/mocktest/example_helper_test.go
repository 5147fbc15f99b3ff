package mocktest_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	certcentral "github.com/pkio-tools/certcentral/client"
	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// start begins an Example: its mock, and what stands for its test.
func start(opts ...mockserver.Option) (*mocktest.Server, *exampleTest) {
	t := new(exampleTest)
	return mocktest.Start(t, append(opts, mockserver.WithQuickKeys())...), t
}

// ask sends a request of an operation that is always served, and returns its answer.
func ask(mock *mocktest.Server) *http.Response {
	var answer *http.Response
	_, _ = mock.Client.Users.GetCurrent(context.Background(), certcentral.WithResponseInto(&answer))
	return answer
}

// asked returns the statuses of the answers to n requests.
func asked(mock *mocktest.Server, n int) []int {
	statuses := make([]int, 0, n)
	for range n {
		statuses = append(statuses, ask(mock).StatusCode)
	}
	return statuses
}

// get sends a GET that the client does not send.
func get(t *exampleTest, url, apiKey string) *http.Response {
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Dc-Devkey", apiKey)
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	answer, err := transport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer
}

// An exampleTest stands for the test that an example has none of.
type exampleTest struct {
	testing.TB
	cleanups []func()
	said     []string
}

func (*exampleTest) Helper()                        {}
func (e *exampleTest) Failed() bool                 { return len(e.said) > 0 }
func (*exampleTest) Logf(string, ...any)            {}
func (e *exampleTest) Cleanup(f func())             { e.cleanups = append(e.cleanups, f) }
func (*exampleTest) Context() context.Context       { return context.Background() }
func (*exampleTest) Fatal(args ...any)              { panic(fmt.Sprint(args...)) }
func (*exampleTest) Fatalf(form string, a ...any)   { panic(fmt.Sprintf(form, a...)) }
func (e *exampleTest) Errorf(form string, a ...any) { e.said = append(e.said, fmt.Sprintf(form, a...)) }

func (e *exampleTest) end() {
	for _, f := range e.cleanups {
		f()
	}
	for _, text := range e.said {
		fmt.Println(text)
	}
}

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

// An answer is what an Example shows of a response.
type answer struct {
	StatusCode int
	Header     http.Header
}

// ask sends a request of an operation that every key may call.
func ask(mock *mocktest.Server) answer {
	var response *http.Response
	_, _ = mock.Client.Users.GetCurrent(context.Background(), certcentral.WithResponseInto(&response))
	_ = response.Body.Close()
	return answer{response.StatusCode, response.Header}
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
func get(t testing.TB, url, apiKey string) answer {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Dc-Devkey", apiKey)
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	response, err := transport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return answer{response.StatusCode, response.Header}
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

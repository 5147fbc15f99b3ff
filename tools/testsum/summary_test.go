package main

import (
	"bytes"
	"strings"
	"testing"
)

// TestSummary: the output of failed tests is printed, that of other tests is not, and the last line counts all tests.
func TestSummary(t *testing.T) {
	t.Parallel()
	const events = `
{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestA","Output":"=== RUN   TestA\n"}
{"Action":"output","Package":"p","Test":"TestA","Output":"noise\n"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestB","Output":"    b_test.go:7: openssl is not installed (Debian: openssl)\n"}
{"Action":"skip","Package":"p","Test":"TestB"}
{"Action":"output","Package":"p","Test":"TestC","Output":"    c_test.go:7: Windows has no modes\n"}
{"Action":"skip","Package":"p","Test":"TestC"}
{"Action":"output","Package":"p","Test":"TestD","Output":"    d_test.go:7: wrong\n"}
{"Action":"fail","Package":"p","Test":"TestD"}
{"Action":"output","Package":"p","Output":"FAIL\tp\t0.1s\n"}
{"Action":"fail","Package":"p"}
{"Action":"output","Package":"q","Output":"PASS\n"}
{"Action":"output","Package":"q","Output":"ok  \tq\t0.1s\n"}
{"Action":"pass","Package":"q"}
{"ImportPath":"r [r.test]","Action":"build-output","Output":"r_test.go:3: undefined: x\n"}
{"Action":"output","Package":"r","Output":"FAIL\tr [build failed]\n"}
{"Action":"fail","Package":"r"}
{"Action":"run","Package":"s","Test":"TestE"}
{"Action":"output","Package":"s","Test":"TestE","Output":"panic: boom\n"}
{"Action":"run","Package":"s","Test":"TestF"}
{"Action":"output","Package":"s","Output":"FAIL\ts\t0.1s\n"}
{"Action":"fail","Package":"s"}
{"Action":"output","Package":"t","Test":"TestG","Output":"    g_test.go:7: canceled\n"}
`
	var out bytes.Buffer
	sum := newSummary(&out)
	if err := sum.read(strings.NewReader(events)); err != nil {
		t.Fatal(err)
	}
	sum.print()
	const want = `    d_test.go:7: wrong
FAIL	p	0.1s
ok  	q	0.1s
r_test.go:3: undefined: x
FAIL	r [build failed]
FAIL	s	0.1s
did not end: s TestE
panic: boom
did not end: s TestF
did not end: t TestG
    g_test.go:7: canceled
1 passed, 3 failed, 2 skipped; missing tools: openssl (1)
`
	if out.String() != want {
		t.Errorf("printed:\n%s\nwant:\n%s", &out, want)
	}
}

// TestSummaryOrder: packages are printed in the given order, also if they end in another one.
func TestSummaryOrder(t *testing.T) {
	t.Parallel()
	const events = `
{"Action":"start","Package":"c"}
{"Action":"start","Package":"a"}
{"Action":"output","Package":"c","Output":"ok  \tc\n"}
{"Action":"pass","Package":"c"}
{"Action":"output","Package":"b","Test":"TestB","Output":"    b_test.go:7: wrong\n"}
{"Action":"fail","Package":"b","Test":"TestB"}
{"Action":"output","Package":"a","Output":"ok  \ta\n"}
{"Action":"pass","Package":"a"}
{"Action":"output","Package":"b","Output":"FAIL\tb\n"}
{"Action":"fail","Package":"b"}
{"Action":"output","Package":"e","Output":"?   \te\n"}
{"Action":"skip","Package":"e"}
`
	var out bytes.Buffer
	sum := newSummary(&out)
	sum.order = []string{"a", "b", "c", "d", "e"}
	if err := sum.read(strings.NewReader(events)); err != nil {
		t.Fatal(err)
	}
	sum.print()
	const want = "ok  \ta\n    b_test.go:7: wrong\nFAIL\tb\nok  \tc\n?   \te\n0 passed, 1 failed, 0 skipped\n"
	if out.String() != want {
		t.Errorf("printed:\n%s\nwant:\n%s", &out, want)
	}
}

// TestSummaryOfNonsense: output that is not JSON is an error, and not an empty run.
func TestSummaryOfNonsense(t *testing.T) {
	t.Parallel()
	if err := newSummary(new(bytes.Buffer)).read(strings.NewReader("ok\n")); err == nil {
		t.Error("no error")
	}
}

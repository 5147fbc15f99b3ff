package mocktest_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"fmt"

	"software.sslmate.com/src/go-pkcs12"

	"github.com/pkio-tools/certcentral/mockserver"
	"github.com/pkio-tools/certcentral/mockserver/mocktest"
)

// manual starts an Example with an order that moves only when it is told to.
func manual() (*mocktest.Server, *exampleTest, int64) {
	mock, t := start(mockserver.WithLife(mockserver.LifeManual))
	return mock, t, place(t, mock)
}

// The order moves with its token.
func ExampleServer_Token() {
	mock, t, id := manual()
	defer t.end()
	token := mock.Token(t, id)
	for _, step := range []func(...mocktest.Step){token.Personalize, token.Ship, token.Deliver, token.Initialize, token.Install} {
		step()
		fmt.Println(token.Status(), status(t, mock, id))
	}
	// Output:
	// personalised processing
	// shipped waiting_pickup
	// delivered waiting_pickup
	// initialized waiting_pickup
	// installed issued
}

func ExampleToken_Personalize() {
	mock, t, id := manual()
	defer t.end()
	mock.Token(t, id).Personalize()
	fmt.Println(mock.Token(t, id).Status())
	// Output: personalised
}

func ExampleToken_Ship() {
	mock, t, id := manual()
	defer t.end()
	mock.Token(t, id).Ship()
	fmt.Println(mock.Token(t, id).Status())
	// Output: shipped
}

func ExampleToken_Deliver() {
	mock, t, id := manual()
	defer t.end()
	mock.Token(t, id).Deliver()
	fmt.Println(mock.Token(t, id).State().Next)
	// Output: [initialized locked lost]
}

func ExampleToken_Initialize() {
	mock, t, id := manual()
	defer t.end()
	mock.Token(t, id).Initialize()
	fmt.Println(mock.Token(t, id).Status())
	// Output: initialized
}

func ExampleToken_Install() {
	mock, t, id := manual()
	defer t.end()
	mock.Token(t, id).Install()
	fmt.Println(mock.Token(t, id).Status())
	// Output: installed
}

func ExampleToken_Lose() {
	mock, t, id := manual()
	defer t.end()
	token := mock.Token(t, id)
	token.Ship()
	token.Lose(mocktest.Reason("The parcel is lost."))
	notes, err := mock.Client.Orders.Notes(t.Context(), id)
	fmt.Println(token.Status(), notes[0].Text, err)
	// Output: lost The parcel is lost. <nil>
}

func ExampleToken_Lock() {
	mock, t, id := manual()
	defer t.end()
	mock.Token(t, id).Lock()
	fmt.Println(mock.Token(t, id).State().AttemptsLeft)
	// Output: 0
}

func ExampleToken_State() {
	mock, t, id := manual()
	defer t.end()
	token := mock.Token(t, id).State()
	fmt.Println(token.Status, token.OrderStatus, token.AttemptsLeft, token.Redeemed)
	// Output: ordered pending 5 false
}

func ExampleToken_Status() {
	mock, t, id := manual()
	defer t.end()
	fmt.Println(mock.Token(t, id).Status())
	// Output: ordered
}

func ExampleToken_InitCode() {
	mock, t, id := manual()
	defer t.end()
	mock.Token(t, id).Deliver()
	fmt.Println(len(mock.Token(t, id).InitCode()))
	// Output: 16
}

func ExampleToken_PIN() {
	mock, t, id := manual()
	defer t.end()
	mock.Token(t, id).Deliver()
	fmt.Println(len(mock.Token(t, id).PIN()))
	// Output: 8
}

// The key is on a token of the program's own.
func ExampleToken_SubmitCSR() {
	mock, t, id := manual()
	defer t.end()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	if err != nil {
		t.Fatal(err)
	}
	mock.Token(t, id).SubmitCSR(string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: csr})))
	mock.Token(t, id).Install()
	issued, err := mock.Client.Orders.DownloadCertificate(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(key.PublicKey.Equal(issued.Leaf.PublicKey))
	// Output: true
}

func ExampleToken_Redeem() {
	mock, t, id := manual()
	defer t.end()
	mock.Token(t, id).Deliver()
	content, pin := mock.Token(t, id).Redeem()
	_, certificate, chain, err := pkcs12.DecodeChain(content, pin)
	fmt.Println(certificate.Subject.CommonName, len(chain), err)
	// Output: Jane Doe 3 <nil>
}

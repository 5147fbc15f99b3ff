package domain

// TokenChain says what the chain of a certificate on a token holds (D-70).
type TokenChain string

// FullChain is the certificate and the CAs above it; EmptyChain is nothing.
const (
	FullChain  TokenChain = "full"
	EmptyChain TokenChain = "empty"
)

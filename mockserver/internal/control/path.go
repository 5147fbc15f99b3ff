package control

// The paths of what the mock adds to the vendor's API.
const (
	// Prefix is the prefix of the control API.
	Prefix = "/_mock"
	// CAFiles precedes the names of the files of CAs.
	CAFiles = Prefix + "/ca/"
	// OCSPPath is where OCSP requests are answered.
	OCSPPath = Prefix + "/ocsp"
)

package mockserver

import "time"

// WithTimeouts shortens how long a client may take to send a request and to take its answer.
func WithTimeouts(read, write time.Duration) Option {
	return func(c *config) error {
		c.read, c.write = read, write
		return nil
	}
}

// InFlight is how many requests the server is answering.
func (s *Server) InFlight() int {
	requests, _ := s.front.InFlight()
	return requests
}

// NewCAAt is NewCA with a clock.
func NewCAAt(now func() time.Time, opts ...CAOption) (*CA, error) {
	return NewCA(append(opts, CAClock(now))...)
}

package ca

// Prepare starts making the keys, and does not wait.
func (h *Hierarchy) Prepare() { h.made.begin() }

// Ready tells whether the keys are there.
func (h *Hierarchy) Ready() bool {
	select {
	case <-h.made.done:
		return h.made.err == nil
	default:
		return false
	}
}

// Ready tells whether the keys of the hierarchy are there.
func (a *Authority) Ready() bool { return a.hierarchy.Ready() }

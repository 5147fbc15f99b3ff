package ca

// Prepare starts making the keys, and does not wait.
func (h *Hierarchy) Prepare() { h.made.begin() }

// Ready tells whether the keys are there.
func (h *Hierarchy) Ready() bool {
	h.made.mu.Lock()
	defer h.made.mu.Unlock()
	if h.made.last == nil {
		return false
	}
	select {
	case <-h.made.last.done:
		return h.made.last.err == nil
	default:
		return false
	}
}

// Ready tells whether the keys of the hierarchy are there.
func (a *Authority) Ready() bool { return a.hierarchy.Ready() }

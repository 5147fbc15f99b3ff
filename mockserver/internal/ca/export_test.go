package ca

// Busy tells whether a key is being made for a caller, or was asked for by one.
func (h *Hierarchy) Busy() bool {
	slots, all := h.people[RSA2048].slots, int64(KeyWorkers())
	if !slots.TryAcquire(all) {
		return true
	}
	slots.Release(all)
	return false
}

// Ready tells whether the keys of the hierarchy are there.
func (a *Authority) Ready() bool { return a.hierarchy.Progress() == Ready }

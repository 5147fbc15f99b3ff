package ca

// Busy reports whether a key is being made for a caller.
func (h *Hierarchy) Busy() bool {
	slots, all := h.people[RSA2048].slots, int64(KeyWorkers())
	if !slots.TryAcquire(all) {
		return true
	}
	slots.Release(all)
	return false
}

// Ready reports whether all keys of the CAs exist.
func (a *Authority) Ready() bool { return a.hierarchy.Progress() == Ready }

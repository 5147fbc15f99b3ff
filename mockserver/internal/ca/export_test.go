package ca

// Ready tells whether the keys of the hierarchy are there.
func (a *Authority) Ready() bool { return a.hierarchy.Progress() == Ready }

// Package memory finds out how much memory the process may take, and how much of it the mock may fill with what clients
// send.
package memory

import (
	"math"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// A Limit is how much memory the process may take, and what says so.
type Limit struct {
	Bytes  int64
	Source Source
}

// A Source is where a limit comes from.
type Source string

// The sources of a limit. A limit that was set is meant for this process. Memory of the machine is shared with others.
const (
	GoMemLimit Source = "GOMEMLIMIT" // or debug.SetMemoryLimit
	Cgroup     Source = "cgroup"     // of a container, a systemd unit or a CI job; version 1 or 2
	Machine    Source = "machine"
	Unknown    Source = "unknown"
)

// assumed is the memory of a machine that does not tell.
const assumed = 4 << 30

// Find returns the lower one of the limits that are set, GOMEMLIMIT and the one of the control group, or the memory of
// the machine where neither is.
func Find() Limit {
	return find(debug.SetMemoryLimit(-1), memlimit.FromCgroup, memlimit.FromSystem)
}

func find(golimit int64, cgroup, machine func() (uint64, error)) Limit {
	found := Limit{golimit, GoMemLimit} // math.MaxInt64 when it is not set
	if bytes, err := cgroup(); err == nil && bytes < math.MaxInt64 && int64(bytes) < found.Bytes {
		found = Limit{int64(bytes), Cgroup}
	}
	if found.Bytes < math.MaxInt64 {
		return found
	}
	if bytes, err := machine(); err == nil && bytes < math.MaxInt64 {
		return Limit{int64(bytes), Machine}
	}
	return Limit{assumed, Unknown}
}

// overhead is what a server takes that holds nothing: its binary, the parsed contract, stacks and buffers.
const overhead = 64 << 20

// Room is how many bytes of live data the mock may hold. Go's garbage collector lets the heap grow to twice the data
// that is live, and something has to be left for requests under way; so it is two fifths of what a server does not take
// by itself. Of a machine, the mock takes a quarter.
func (l Limit) Room() int64 {
	share := l.Bytes
	if l.Source == Machine || l.Source == Unknown {
		share /= 4
	}
	return max(0, (share-overhead)/5*2)
}

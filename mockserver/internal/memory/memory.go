// Package memory determines how much memory the process may use, and how much of it the mock may
// fill with data of clients.
package memory

import (
	"math"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// A Limit is the memory that the process may use, and the source of this figure.
type Limit struct {
	Bytes  int64
	Source Source
}

// A Source is the source of a limit.
type Source string

// The sources of a limit. GOMEMLIMIT and a control group limit this process. The memory of the
// machine is shared with other processes.
const (
	GoMemLimit Source = "GOMEMLIMIT" // the variable, or debug.SetMemoryLimit
	Cgroup     Source = "cgroup"     // of a container, a systemd unit or a CI job; version 1 or 2
	Machine    Source = "machine"
	Unknown    Source = "unknown"
)

// assumed is the memory of a machine whose size cannot be read.
const assumed = 4 << 30

// Find returns the lower one of GOMEMLIMIT and the limit of the control group. If neither is set,
// it returns the memory of the machine.
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

// overhead is the memory of a server without data: binary, parsed contract, stacks and buffers.
const overhead = 64 << 20

// Room is how many bytes of live data the mock may hold. The garbage collector lets the heap grow
// to twice the live data, and requests need memory too. So it is two fifths of the limit without
// the overhead. If the limit is the memory of the machine, the mock uses a quarter of it.
func (l Limit) Room() int64 {
	share := l.Bytes
	if l.Source == Machine || l.Source == Unknown {
		share /= 4
	}
	return max(0, (share-overhead)/5*2)
}

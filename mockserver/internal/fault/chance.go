package fault

// What chance decides of a request.
const (
	forProbability uint64 = 1
	forDelay       uint64 = 2
)

// chance is a number from 0 up to, but not including, 1. It depends only on the seed, on how many
// requests matched before and on what it is for, so that the same requests have the same fate. It
// keeps no state that requests would have to wait for. The mixing is that of SplitMix64 (Steele, Lea
// and Flood, 2014).
func chance(seed, n, purpose uint64) float64 {
	x := mix(mix(seed+purpose*0x9E3779B97F4A7C15) + n*0x9E3779B97F4A7C15)
	return float64(x>>11) / (1 << 53)
}

func mix(x uint64) uint64 {
	x += 0x9E3779B97F4A7C15
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

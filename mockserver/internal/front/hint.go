package front

import "strings"

// hint says what is odd about a path that leads nowhere, or nothing. A base URL with a slash or a
// prefix too many, or without the prefix, is the common mistake (D-38).
func (r *router) hint(path string) string {
	var hints []string
	if strings.Contains(path, "//") {
		hints = append(hints, "The path has an empty segment: two slashes in a row.")
		for strings.Contains(path, "//") {
			path = strings.ReplaceAll(path, "//", "/")
		}
	}
	for _, prefix := range []string{r.vendor, r.control} {
		if rest, found := strings.CutPrefix(path, prefix+"/"); found {
			for _, again := range []string{prefix, prefix[strings.LastIndex(prefix, "/"):]} {
				if strings.HasPrefix("/"+rest+"/", again+"/") {
					hints = append(hints, "The path has "+again+" twice.")
					break
				}
			}
			return strings.Join(hints, " ")
		}
	}
	return strings.Join(append(hints, "The vendor's API is found under "+r.vendor+"."), " ")
}

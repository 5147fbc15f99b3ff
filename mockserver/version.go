package mockserver

import "runtime/debug"

// version is set by the linker for released binaries.
var version string

// Version is the version of the mock: what the linker was told, or the module's version in the
// build information of the binary, or "dev".
func Version() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		if info.Main.Path == modulePath && info.Main.Version != "" && info.Main.Version != "(devel)" {
			return info.Main.Version
		}
		for _, dep := range info.Deps {
			if dep.Path == modulePath && dep.Version != "" {
				return dep.Version
			}
		}
	}
	return "dev"
}

const modulePath = "github.com/pkio-tools/certcentral"

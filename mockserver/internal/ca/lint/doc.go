// Package lint runs zlint over what package ca makes. It is a module of its own because zlint needs a replace to build,
// and a module with one can't be installed by its version.
package lint

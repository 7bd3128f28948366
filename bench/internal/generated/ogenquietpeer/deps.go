//go:build peers

// Package ogenquietpeer is a copy of the package peers/ogen that uses ogenquiet.
package ogenquietpeer

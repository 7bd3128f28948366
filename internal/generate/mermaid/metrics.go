package main

import "strings"

// width is about the most that text takes in a sans-serif font. Which font a
// viewer has is not known, so these are the widths of a wide one, DejaVu Sans.
func width(text string, size float64) float64 {
	sum := 0.0
	for _, r := range text {
		switch {
		case strings.ContainsRune("ijl.,':", r):
			sum += 0.32
		case strings.ContainsRune("frtI() ", r):
			sum += 0.42
		case strings.ContainsRune("mwMW", r):
			sum += 0.98
		case r >= 'A' && r <= 'Z':
			sum += 0.76
		default:
			sum += 0.64
		}
	}
	return sum * size
}

// bold is how much wider a bold font is.
const bold = 1.12

// widest is the width of the longest line.
func widest(lines []string, size float64) float64 {
	most := 0.0
	for _, line := range lines {
		most = max(most, width(line, size))
	}
	return most
}

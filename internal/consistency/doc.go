// Package consistency holds the tests that compare parts of the repository with
// each other: the API description, the packages, the README and the docs. It has
// no code of its own.
package consistency

// Package pathcases holds values for the two variables of the paths, user and
// password type, with what has to arrive for each. It is for tests and imports
// nothing of them. Package pathcalls sends the values.
package pathcases

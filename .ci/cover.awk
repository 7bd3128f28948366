# Reads a profile of go test -coverprofile: prints the share of statements that were
# reached in each package, generated files left out, and fails if one is below
# least percent.
FNR > 1 && $1 !~ /\.gen\.go:/ {
	size[$1] = $2
	if ($3 > 0) reached[$1] = 1 # by the tests of any package
}
END {
	for (block in size) {
		package = block
		sub("/[^/]*$", "", package)
		all[package] += size[block]
		if (block in reached) got[package] += size[block]
		else if (size[block] > 0) missing[package] = missing[package] "\n\t" block
	}
	for (package in all) {
		share = 100 * got[package] / all[package]
		printf "%-52s %6.1f %% of %d statements\n", package, share, all[package]
		if (share < least) {
			failed = 1
			printf "%s is below %d %%: add tests that reach these places (file:from,to):%s\n", package, least, missing[package]
		}
	}
	if (NR < 2) {
		failed = 1
		print "the profile is empty: run go test without it to see why"
	}
	exit failed
}

// Package passwords is a client for the passwords of the users of a Cyclos
// server: it lists, changes, generates, resets, sends, disables, enables and
// unblocks passwords and PINs.
//
//	client, err := passwords.New("https://cyclos.example.org/api",
//		passwords.WithBasicAuth("admin", password))
//	if err != nil {
//		return err
//	}
//	list, err := client.ListUserPasswords(ctx, passwords.Principal("ana"))
//
// Users are named by [Self], [UserID], [Principal] or [Locator], which see to it
// that an odd identifier reaches the user who was meant or nobody. Values that
// must not be seen are of type [Secret]. A failed operation returns an [*Error],
// which works with errors.Is and errors.As.
//
// The client follows no redirect and keeps no cookies, so that credentials go to
// the server they were meant for only. It repeats reads after failures that pass,
// see [WithRetries], and a change only if the server cannot have seen it; an
// error after which a change may have taken place matches [ErrOutcomeUnknown].
// What [WithDoer] is given can undo this.
//
// Results are models of package gen under the names of this package: gen has
// their fields. [UserInfo] and [UserPrincipal] are what the API calls User and
// Principal.
//
// Package cyclostest has an embedded server for tests. Package gen is the
// generated client, for what this package does not offer.
package passwords

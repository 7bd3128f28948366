// Package passwords is a client for the passwords of the users of a Cyclos
// server: it lists, changes, generates, resets, sends, disables, enables and
// unblocks passwords and PINs.
//
//	client, err := passwords.New("https://cyclos.example.org/api",
//		passwords.WithBasicAuth("admin", passwords.NewSecret(os.Getenv("CYCLOS_PASSWORD"))))
//	if err != nil {
//		return err
//	}
//	list, err := client.ListUserPasswords(ctx, passwords.Principal("ana"))
//
// [Self], [UserID], [Principal] and [Locator] name a user. They make sure that an
// unusual identifier addresses the intended user or is rejected. Passwords and
// tokens are of type [Secret], which never prints its value. A failed operation
// returns an [*Error], which works with errors.Is and errors.As.
//
// The client follows no redirects and keeps no cookies: credentials go only to the
// intended server. It retries safe operations after temporary failures, see
// [WithRetries], and unsafe operations only if the server cannot have seen the
// request. If a change may have taken place, the error matches
// [ErrOutcomeUnknown]. A custom doer can weaken these guarantees, see [WithDoer].
//
// Results are models of package gen, which documents their fields. [UserInfo] and
// [UserPrincipal] are the models User and Principal of the API.
//
// Package cyclostest provides an embedded server for tests. Package gen is the
// generated client.
package passwords

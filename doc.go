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
// [ErrOutcomeUnknown], see below. A custom doer can weaken these guarantees, see [WithDoer].
//
// Results are models of package gen, which documents their fields. [UserInfo] and
// [UserPrincipal] are the models User and Principal of the API.
//
// Package cyclostest provides an embedded server for tests. Package gen is the
// generated client.
//
// # After an unknown outcome
//
// If the error of a change matches [ErrOutcomeUnknown], the change may have taken place,
// or its request may still be running: a timeout or a proxy ends the client's wait, not
// the server's work. Wait for as long as the server may take, such as a minute. Then
// compare [Client.GetUserPasswordsData] with what it returned before the change:
//
//	operation               status    newest event      if it took place
//	ChangePassword          active*   change            the new value is valid
//	(ForceChange)           reset*    change            the new value is valid
//	GeneratePassword        active    activate          the value is lost: ChangeGenerated
//	ChangeGenerated         active*   change            the value is lost: call it again
//	AllowGeneration         pending   allow_activation
//	ResetGeneratedPassword  pending   reset
//	ResetAndSendPassword    reset*    resetAndSend      the old value is lost: a message may follow
//	DisablePassword         disabled  disable
//	EnablePassword          active    enable
//	UnblockPassword         active    unblock
//
// Where the status has a star, it can be the same before. Then these tell:
//
//   - The history, from Cyclos 4.15 on, if the caller may see it: it begins with a later
//     event than before, and this has the action in the table.
//   - The date, with the status in the table: if it is later than before, the change took
//     place. If it is the same, it tells nothing, since servers may keep it while the
//     status stays.
//   - After ChangePassword, a login with the new value. Try it once: a failed attempt
//     counts.
//
// If the change did not take place, repeat the call. Without looking, repeat only
// ChangeGenerated, whose last value counts, and calls of which the server refuses a
// second one: GeneratePassword, AllowGeneration, ResetGeneratedPassword,
// DisablePassword, EnablePassword and UnblockPassword. A second ResetAndSendPassword
// sends another value, and a second ChangePassword with the old value is a failed
// attempt. The example OutcomeUnknown shows the comparison.
package passwords

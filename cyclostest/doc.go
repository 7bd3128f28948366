// Package cyclostest is a Cyclos server in memory, for tests and
// demonstrations. It serves the password operations over HTTP with the
// users, password types and life cycle that programs meet on real servers.
//
//	s := cyclostest.NewServer()
//	defer s.Close()
//	// s.URL is the base URL. Log in as cyclostest.Ana with
//	// cyclostest.AnaPassword, or send s.NewSession(cyclostest.Ana) in the
//	// header Session-Token.
//
// Handler gives the same server without a listener. Inject makes answers fail.
// Status, Check, Messages and Calls tell what has happened. Options give it
// another world, another clock and another version:
//
//	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
//	s := cyclostest.NewServer(
//		cyclostest.WithWorld(cyclostest.World{
//			PasswordTypes: []cyclostest.PasswordType{
//				{InternalName: "login", Mode: gen.PasswordModeEnumManual, ExpiresAfter: 24 * time.Hour},
//			},
//			Users: []cyclostest.User{
//				{LoginName: "mia", Passwords: []cyclostest.Password{{Type: "login", Value: "fake"}}},
//			},
//		}),
//		cyclostest.WithClock(func() time.Time { return now }),
//		cyclostest.Version("4.14"),
//	)
//	// now = now.Add(25 * time.Hour) between requests makes the password expire.
//
// The values that users have at the start are not held against the rules of
// their types.
//
// # The default world
//
// Users, all of whom are active:
//
//	login name  id                    role           managed by  e-mail              phone         account number
//	admin       -7762070814178012001  administrator  admins      admin@example.org
//	broker       7762070814178012002  broker         admins      broker@example.org  +31612340002  ACC-0002
//	ana          7762070814178012003  member         broker      ana@example.org     +31612345678  ACC-0003
//	ana.till    -7762070814178012004  operator       ana
//	ben         -7762070814178012005  member         broker      ben@example.org                   5551234567
//	self         7762070814178012006  member         admins                          +31612340006
//	1234567890   7762070814178012007  member         admins      digits@example.org
//	'quoted      7762070814178012008  member         admins      quoted@example.org
//
// Password types:
//
//	internal name  id                    mode       rules
//	login          -7762070814178012101  manual     8 to 32 characters, with a lower case letter and a digit;
//	                                                3 wrong tries block for 10 minutes
//	pin            -7762070814178012102  generated  4 digits; expires after 365 days; 3 wrong tries block for an hour
//	cardPin         7762070814178012103  generated  6 digits; needs authorization; changes are confirmed by login;
//	                                                3 wrong tries block until unblocked
//	otp             7762070814178012104  otp        none
//	script          7762070814178012105  script     none, and not listed
//	tradePin        7762070814178012106  manual     6 to 8 digits; expires after 90 days;
//	                                                3 wrong tries block until unblocked
//
// Everybody has an active login password: AdminPassword, BrokerPassword,
// AnaPassword, OperatorPassword, BenPassword, and NamedPassword for the last
// three. Ana also has the active pin AnaPIN, the active tradePin AnaTradePIN and
// an active otp, ben the active cardPin BenCardPIN. All else is neverCreated.
// AdminSession, BrokerSession, AnaSession, OperatorSession and BenSession are
// open sessions. AnaClientToken and BenClientPrefix+BenClientToken are access
// clients. The channels are main, the default, pos, where Basic authentication
// takes the pin, and backOffice, for administrators and brokers.
//
// # What is assumed
//
// Cyclos is proprietary: what follows is a choice of this package, not
// knowledge of what a Cyclos server does.
//
// Authentication:
//   - Anything but exactly one scheme, sent once, is 401 missingAuthorization,
//     and so is an empty Authorization. Another scheme than Basic, and
//     malformed Basic credentials, are 401 login.
//   - Principal types are named loginName, email, mobilePhone and accountNumber.
//     Without the header Principal-Type all of them are tried, in this order. A
//     type that is not known, `#` too, is 403 inaccessiblePrincipal.
//   - Login names and e-mails are compared without regard to case, phones and
//     account numbers exactly, plus sign and spaces included.
//   - A password that is not active is 401 login with passwordStatus, whether or
//     not the value is right. So a reset or expired password does not log in:
//     its owner changes it in a session. The wrong try which blocks a password
//     is already answered with the block.
//   - Wrong tries at login, as oldPassword and as confirmation count together,
//     and a right one sets the count to zero. A wrong try of a password that is
//     not active does not count. IP addresses are never blocked.
//   - A session of a user who is not active is 401 loggedOut, an access client
//     401 blockedAccessClient.
//   - A channel that does not exist is refused before the credentials are looked
//     at, one that the role may not use after that. Both are 403
//     inaccessibleChannel.
//   - The header confirmationPassword is compared byte by byte. No user has
//     trusted devices or an authenticator app: `totp:` and `confirmation:` have
//     no meaning.
//
// Users and permissions:
//   - What java.lang.Long.parseLong takes is an id and nothing else, even if
//     nobody has it. A number beyond 64 bits, or of digits beyond the basic
//     plane of Unicode, is a principal. `self` is spelled in lower case. Nothing
//     is trimmed.
//   - `id:`, the name of a principal type or `*`, followed by a colon and a
//     value, name a user in every path; behind a quote they do not.
//   - The passwords of a user whom the caller does not manage are 403
//     permissionDenied. Users who are disabled, removed or purged are 404 to all
//     who do not manage them.
//   - Administrators manage all users but themselves, other administrators
//     included. Brokers do not manage the operators of their members.
//   - An action which a caller could perform on no password of that user is 403
//     permissionDenied, even if mode or status forbid it too. Otherwise both are
//     403 illegalAction.
//   - Password types of mode script are readable by name, and no action on them
//     is possible.
//   - The entityType of 404 is User or PasswordType, and absent for a path that
//     is no operation.
//
// Life cycle, beyond what docs/lifecycle.md draws with dashed lines:
//   - changePassword with forceChange by a manager leads to reset, and is logged
//     as change. The owner's forceChange is ignored.
//   - resetGeneratedPassword leads to pending. It is possible too when expired,
//     reset or blocked, and takes the value away. resetAndSendPassword leads to
//     reset and is possible in every status but disabled.
//   - enablePassword and unblockPassword lead to active, whatever the status was
//     before, and even if there is no value: such a password matches nothing.
//   - Blocks by time and expiry happen at their moment and leave no history. The
//     date of a status is that of the last action, even one that kept the status.
//   - requireOldPasswordForChange stays true while a manual password is blocked
//     or disabled.
//
// Input:
//   - A wrong or missing oldPassword is 422 validation, except that the try
//     which blocks is 403 temporarilyBlocked or indefinitelyBlocked.
//   - Lengths count Unicode characters. A new value must differ from the current
//     one, for managers too; this is not checked when oldPassword is wrong.
//   - Body errors come in the order oldPassword, newPassword,
//     newPasswordConfirmation. A missing body is 422 missingParameter, one that
//     is not JSON or exceeds 1 MiB 422 dataConversion. The Content-Type is not
//     looked at.
//   - A contradiction in fields, and a malformed entry, is 422 queryParse with
//     the entry as value. Unknown names are ignored. Where a level includes
//     something, its exclusions mean nothing more. `-a.b` excludes b from a and
//     leaves the level of a whole, as `*a.-b` does; `a.-b` includes only a on its
//     level. An empty parameter selects everything.
//   - Without sendMediums, e-mail is taken if the user has an address, sms if
//     not. A medium that does not reach the user is 422 validation. Up to 4.11
//     the values must be joined with commas, afterwards repeated: the other form
//     is 422 dataConversion.
//
// Results:
//   - confirmationPasswordInput is there if the caller can use changeGenerated
//     now on a password that needs a confirmation. A missing confirmation is 403
//     invalidPassword and no wrong try; passwords that are not active give the
//     code of their status.
//   - Disabling or blocking a password ends no session, and access clients go on
//     working.
//   - history and sendMediums are shown to all who see the password. The locator
//     of a user is the id. There are no security questions and no TOTP.
//   - Up to 4.11 generated values come as text unless Accept prefers JSON.
//   - Codes that an older version does not have are replaced, see olderCodes in
//     versions.go.
//   - A path with empty, `.` or `..` segments is not found. A wrong method is 405
//     with no body.
package cyclostest

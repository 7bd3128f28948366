// Package cyclostest is an in-memory Cyclos server for tests and demonstrations. It
// serves the password operations over HTTP, with users, password types and a life
// cycle like those of real servers.
//
//	s := cyclostest.Start(t)
//	// s.URL is the base URL. Log in as cyclostest.Ana with
//	// cyclostest.AnaPassword, or send s.NewSession(cyclostest.Ana) in the
//	// header Session-Token.
//
// Use NewServer outside of tests, and New and Handler for a server without a
// listener. Inject makes responses fail.
// Status, Check, Messages, Requests and Calls report the state of the server. Options set the
// world, the clock and the version:
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
//		cyclostest.WithVersion("4.14"),
//	)
//	// now = now.Add(25 * time.Hour) between requests makes the password expire.
//
// The initial values of passwords need not satisfy the rules of their types.
//
// # The default world
//
// Users, all active:
//
//	login name  id                    role           managed by  email               phone         account number
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
//	login          -7762070814178012101  manual     8 to 32 characters, with a lowercase letter and a digit;
//	                                                3 failed attempts block for 10 minutes
//	pin            -7762070814178012102  generated  4 digits; expires after 365 days; 3 failed attempts block for an hour
//	cardPin         7762070814178012103  generated  6 digits; requires authorization;
//	                                                3 failed attempts block until unblocked
//	otp             7762070814178012104  otp        none
//	script          7762070814178012105  script     none, and not listed
//	tradePin        7762070814178012106  manual     6 to 8 digits; expires after 90 days;
//	                                                3 failed attempts block until unblocked
//
// All users have an active login password: AdminPassword, BrokerPassword,
// AnaPassword, OperatorPassword and BenPassword; NamedPassword belongs to the last
// three users. Ana also has the active pin AnaPIN, the active tradePin AnaTradePIN
// and an active otp. Ben also has the active cardPin BenCardPIN. All other passwords
// are neverCreated. AdminSession, BrokerSession, AnaSession, OperatorSession and
// BenSession are open sessions. AnaClientToken and BenClientPrefix+BenClientToken
// are the tokens of access clients. The default channel is main, where the login
// password confirms changeGenerated. In the channel pos, Basic authentication uses the
// pin. The channel backOffice is for administrators and brokers. Neither of these two
// requires a confirmation.
//
// # Assumptions
//
// Cyclos is proprietary. This package makes the following assumptions, which are not
// known to hold for real servers.
//
// Authentication:
//   - A request without exactly one authentication header, or with an empty
//     Authorization, is 401 missingAuthorization. Up to 4.11, Basic credentials
//     with an empty user and an empty password are ignored beside a session token.
//     Schemes other than Basic and malformed Basic credentials are 401 login.
//   - The principal types are loginName, email, mobilePhone and accountNumber.
//     Without the header Principal-Type they are tried in this order. An unknown
//     type, including `#`, is 403 inaccessiblePrincipal.
//   - Login names and emails are case-insensitive. Phones and account numbers are
//     compared exactly, including plus signs and spaces.
//   - An expired or reset password logs in, see WithActiveLoginOnly. It then permits
//     only changePassword by its owner or generatePassword, for its own type, and
//     login and logout. All other operations, safe ones included, are 403
//     expiredPassword or resetPassword, also in a session that it opened. Sessions
//     that were opened without the password, as by NewSession, and access clients are
//     not restricted.
//   - Any other password that is not active is 401 login with passwordStatus,
//     whether or not the value is correct. The response to the failed attempt that
//     blocks a password already reports the block.
//   - Failed attempts at login, as oldPassword and as confirmation share one
//     counter. A correct value resets it. Attempts on a password that is not
//     active do not count. IP addresses are never blocked.
//   - A login without timeoutInSeconds opens a session that ends after 30 minutes
//     without a request. Each request with its token prolongs it, whatever the
//     response. A login without Basic authentication is 401 missingAuthorization, a
//     timeoutInSeconds that is not a positive 32-bit number 422 dataConversion. A
//     logout without a session has no effect.
//   - A session of a user who is not active is 401 loggedOut. An access client of
//     such a user is 401 blockedAccessClient.
//   - A channel that does not exist is rejected before the credentials are
//     checked. A channel that the role may not use is rejected afterwards. Both
//     are 403 inaccessibleChannel.
//   - The header confirmationPassword is compared byte by byte. No user has
//     trusted devices or an authenticator app: `totp:` and `confirmation:` have
//     no meaning.
//
// Users and permissions:
//   - A value that java.lang.Long.parseLong accepts is an id, even if no user has
//     it. A number that exceeds 64 bits, or has digits outside the Basic
//     Multilingual Plane, is a principal. `self` must be lowercase. No value is
//     trimmed.
//   - `id:`, or a principal type or `*` followed by a colon, may precede the value
//     in every path. After a quote, such a prefix is part of the value.
//   - The passwords of a user whom the caller does not manage are 403
//     permissionDenied. Disabled, removed and purged users are 404 for callers
//     who do not manage them.
//   - Administrators manage all users except themselves, including other
//     administrators, and have all permissions. Brokers do not manage the operators
//     of their members. All users see their own passwords; real servers may require
//     a permission.
//   - An action that the caller cannot perform on any password of the user is 403
//     permissionDenied, even if the mode or status does not allow it either. An
//     action that only the mode or status does not allow is 403 illegalAction.
//   - Password types of mode script are readable by name. No action on them is
//     possible.
//   - The entityType of 404 is User or PasswordType. It is absent if the path is
//     not an operation.
//
// Life cycle, in addition to the dashed arrows in docs/lifecycle.md:
//   - changePassword with forceChange by a manager leads to reset and is recorded
//     as change. The owner's forceChange is ignored.
//   - resetGeneratedPassword leads to pending. It is also possible for expired,
//     reset and blocked passwords. It removes the value. resetAndSendPassword leads
//     to reset and is possible in every status except disabled. The main channel is
//     the first one of the World.
//   - Only generated passwords can be pending.
//   - enablePassword and unblockPassword lead to active, whatever the previous
//     status, even if the password has no value. Such a password matches nothing.
//   - The end of a block and expiry take effect at their exact time and are not
//     recorded in the history. The date of a status is the date of the last action,
//     even if that action did not change the status.
//   - requireOldPasswordForChange is true while a manual password is blocked or
//     disabled.
//
// Input:
//   - A wrong or missing oldPassword is 422 validation. The failed attempt that
//     blocks the password is 403 temporarilyBlocked or indefinitelyBlocked.
//   - Lengths count Unicode characters. The special characters are the punctuation
//     of ASCII without |. Letters and digits may be from any script. A value with
//     any other character, such as a space, is 422 validation.
//   - A new value must differ from the current one, also if a manager sets it. This
//     is not checked if oldPassword is wrong.
//   - Errors about the body are in the order oldPassword, newPassword,
//     newPasswordConfirmation. A missing body is 422 missingParameter. null is an
//     empty object. Any other body that is not one JSON object, repeats a name, is not valid UTF-8, has a property
//     name in another case or exceeds 1 MiB is 422 dataConversion. Other unknown
//     names and the Content-Type are ignored.
//   - A malformed or contradictory entry of fields is 422 queryParse with the entry
//     as value. Unknown names are ignored. If a level includes a property, its
//     exclusions have no effect. `-a.b` and `*a.-b` exclude b from a and keep the
//     other properties on the level of a; `a.-b` also excludes these. `*a.x` is
//     ignored beside `a.y`, not beside `a` alone. An empty parameter selects all
//     properties.
//   - A medium in sendMediums for which the user has no address is 422 validation.
//     Multiple values are repeated. Up to 4.11, they may also be separated by
//     commas, which is 422 dataConversion in later versions.
//
// Results:
//   - confirmationPasswordInput is present if the caller can now use
//     changeGenerated in a channel that requires a confirmation. A missing
//     confirmation is 403 invalidPassword and not a failed attempt. If the
//     confirmation password is not active, the code depends on its status.
//   - Disabling or blocking a password does not end sessions or affect access
//     clients.
//   - history has at most the newest 200 entries.
//   - history and sendMediums are visible to all callers who see the password. The
//     locator of a user is the value in the path, with its quote or prefix, unless
//     that is an id or self. There are no security questions and no TOTP.
//   - Up to 4.11, generated values are sent as text unless Accept prefers JSON.
//   - Codes that an older version does not have are replaced, see olderCodes in
//     versions.go.
//   - A path with empty, `.` or `..` segments is not found. A wrong method is 405
//     without a body.
package cyclostest

package cyclostest

import (
	"time"

	"github.com/cyclos-go/passwords/gen"
)

// Login names of the users of the default world. The last three must be quoted in
// a path.
const (
	Admin       = "admin"
	Broker      = "broker"
	Ana         = "ana"
	AnaOperator = "ana.till"
	Ben         = "ben"
	NamedSelf   = "self"
	NamedDigits = "1234567890"
	NamedQuoted = "'quoted"
)

// Internal names of the password types of the default world.
const (
	TypeLogin    = "login"
	TypePIN      = "pin"
	TypeCardPIN  = "cardPin"
	TypeOTP      = "otp"
	TypeScript   = "script"
	TypeTradePIN = "tradePin"
)

// Internal names of the channels of the default world. ChannelMain is the default.
// ChannelPOS uses the pin instead of the login password. ChannelAdmin is for
// administrators and brokers.
const (
	ChannelMain  = "main"
	ChannelPOS   = "pos"
	ChannelAdmin = "backOffice"
)

// Passwords of the default world. They are invented.
const (
	AdminPassword    = "fake-admin-0"
	BrokerPassword   = "fake-broker-1"
	AnaPassword      = "fake-ana-2"
	OperatorPassword = "fake-till-3"
	BenPassword      = "fake-ben-4"
	// NamedPassword belongs to NamedSelf, NamedDigits and NamedQuoted.
	NamedPassword = "fake-named-5"

	AnaPIN      = "0001"
	AnaTradePIN = "000002"
	BenCardPIN  = "000003"
)

// Session tokens of the default world. Use NewSession to open other sessions.
const (
	AdminSession    = "fake-session-admin"
	BrokerSession   = "fake-session-broker"
	AnaSession      = "fake-session-ana"
	OperatorSession = "fake-session-till"
	BenSession      = "fake-session-ben"
)

// Access clients of the default world. Ana's has no prefix. Ben's token is
// BenClientPrefix+BenClientToken.
const (
	AnaClientToken  = "fake-client-ana"
	BenClientToken  = "fake-client-ben"
	BenClientPrefix = "shop-"
)

// NumericAccount is ben's account number. It is numeric, but no user's id.
const NumericAccount = "5551234567"

// DefaultWorld returns a new copy of the default world, which the package comment
// describes. The caller may modify it.
func DefaultWorld() World {
	return World{
		Users:         defaultUsers(),
		PasswordTypes: defaultPasswordTypes(),
		Sessions: []Session{
			{AdminSession, Admin}, {BrokerSession, Broker}, {AnaSession, Ana},
			{OperatorSession, AnaOperator}, {BenSession, Ben},
		},
		AccessClients: []AccessClient{
			{Token: AnaClientToken, User: Ana},
			{Token: BenClientToken, Prefix: BenClientPrefix, User: Ben},
		},
		Channels: []Channel{
			{InternalName: ChannelMain, PasswordType: TypeLogin, Confirmation: TypeLogin},
			{InternalName: ChannelPOS, PasswordType: TypePIN},
			{InternalName: ChannelAdmin, PasswordType: TypeLogin, Roles: []Role{RoleAdministrator, RoleBroker}},
		},
	}
}

func defaultUsers() []User {
	login := func(value string) Password { return Password{Type: TypeLogin, Value: value} }
	return []User{
		{
			ID: "-7762070814178012001", LoginName: Admin, Name: "Ada Admin", Email: "admin@example.org",
			Role: RoleAdministrator, Passwords: []Password{login(AdminPassword)},
		},
		{
			ID: "7762070814178012002", LoginName: Broker, Name: "Bruno Broker", Email: "broker@example.org",
			Phone: "+31612340002", AccountNumber: "ACC-0002", Role: RoleBroker,
			Passwords: []Password{login(BrokerPassword)},
		},
		{
			ID: "7762070814178012003", LoginName: Ana, Name: "Ana Morales", Email: "ana@example.org",
			Phone: "+31612345678", AccountNumber: "ACC-0003", Role: RoleMember, Manager: Broker,
			Passwords: []Password{
				login(AnaPassword),
				{Type: TypePIN, Value: AnaPIN},
				{Type: TypeTradePIN, Value: AnaTradePIN},
				{Type: TypeOTP, Value: "fake-otp"},
			},
		},
		{
			ID: "-7762070814178012004", LoginName: AnaOperator, Name: "Till of Ana", Role: RoleOperator, Manager: Ana,
			Passwords: []Password{login(OperatorPassword)},
		},
		{
			ID: "-7762070814178012005", LoginName: Ben, Name: "Ben Okafor", Email: "ben@example.org",
			AccountNumber: NumericAccount, Role: RoleMember, Manager: Broker,
			Passwords: []Password{login(BenPassword), {Type: TypeCardPIN, Value: BenCardPIN}},
		},
		{
			ID: "7762070814178012006", LoginName: NamedSelf, Name: "Selma Elf", Phone: "+31612340006",
			Role: RoleMember, Passwords: []Password{login(NamedPassword)},
		},
		{
			ID: "7762070814178012007", LoginName: NamedDigits, Name: "Digna Its", Email: "digits@example.org",
			Role: RoleMember, Passwords: []Password{login(NamedPassword)},
		},
		{
			ID: "7762070814178012008", LoginName: NamedQuoted, Name: "Quentin Oates", Email: "quoted@example.org",
			Role: RoleMember, Passwords: []Password{login(NamedPassword)},
		},
	}
}

func defaultPasswordTypes() []PasswordType {
	return []PasswordType{
		{
			ID: "-7762070814178012101", InternalName: TypeLogin, Name: "Login password", Global: true,
			Description: "Opens the account on the web.", Mode: gen.PasswordModeEnumManual,
			MinLength: 8, MaxLength: 32,
			LowerCaseLetters: gen.AvailabilityEnumRequired, Numbers: gen.AvailabilityEnumRequired,
			MaxTries: 3, BlockFor: 10 * time.Minute,
		},
		{
			ID: "-7762070814178012102", InternalName: TypePIN, Name: "PIN", Mode: gen.PasswordModeEnumGenerated,
			MinLength: 4, MaxLength: 4, OnlyNumeric: true,
			MaxTries: 3, BlockFor: time.Hour, ExpiresAfter: 365 * 24 * time.Hour,
		},
		{
			ID: "7762070814178012103", InternalName: TypeCardPIN, Name: "Card PIN", Mode: gen.PasswordModeEnumGenerated,
			Description: "Must be allowed by a manager before the owner can generate it.",
			MinLength:   6, MaxLength: 6, OnlyNumeric: true, NeedsAuthorization: true,
			MaxTries: 3,
		},
		{
			ID: "7762070814178012104", InternalName: TypeOTP, Name: "One-time password",
			Mode: gen.PasswordModeEnumOTP,
		},
		{
			ID: "7762070814178012105", InternalName: TypeScript, Name: "Scripted password",
			Mode: gen.PasswordModeEnumScript,
		},
		{
			ID: "7762070814178012106", InternalName: TypeTradePIN, Name: "Trade PIN", Mode: gen.PasswordModeEnumManual,
			MinLength: 6, MaxLength: 8, OnlyNumeric: true,
			MaxTries: 3, ExpiresAfter: 90 * 24 * time.Hour,
		},
	}
}

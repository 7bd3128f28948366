package cyclostest

import (
	"slices"

	"github.com/cyclos-go/passwords/gen"
)

// Results contain the properties of all versions. Properties that the emulated
// version does not have are removed when the response is written.

func (t *PasswordType) reference() *gen.EntityReference {
	return &gen.EntityReference{ID: t.ID, Name: t.Name, InternalName: t.InternalName}
}

func (t *PasswordType) detailed() *gen.PasswordTypeDetailed {
	return &gen.PasswordTypeDetailed{
		ID: t.ID, Name: t.Name, InternalName: t.InternalName, Description: t.Description,
		Mode: t.Mode, Global: t.Global, InputMethod: gen.PasswordInputMethodEnumTextBox,
		MinLength: t.MinLength, MaxLength: t.MaxLength, OnlyNumeric: t.OnlyNumeric,
		LowerCaseLetters: t.LowerCaseLetters, UpperCaseLetters: t.UpperCaseLetters,
		Numbers: t.Numbers, SpecialCharacters: t.SpecialCharacters,
	}
}

func (u *user) result() *gen.User {
	r := &gen.User{ID: u.ID, Display: u.Name, ShortDisplay: u.LoginName}
	if u.Role == RoleOperator {
		r.User = u.manager.result()
	}
	return r
}

func statusAndType(p *password) gen.PasswordStatusAndType {
	return gen.PasswordStatusAndType{Status: p.status, Date: p.date, Type: p.typ.detailed()}
}

func statusAndActions(caller, owner *user, p *password) gen.PasswordStatusAndActions {
	w := relation(caller, owner)
	actions := permissions(w, p.typ, p.status)
	result := gen.PasswordStatusAndActions{
		Status: p.status, Date: p.date, Type: p.typ.detailed(), Permissions: &actions,
		RequireOldPasswordForChange: requiresOldPassword(w, p.typ, p.status),
	}
	for _, e := range p.history {
		log := gen.PasswordLog{Action: e.action, Date: e.date, By: e.by.result()}
		if e.by.Role == RoleAdministrator && caller.Role != RoleAdministrator {
			log.By = nil
		}
		result.History = append(result.History, log)
	}
	return result
}

// listData also sends an empty list of mediums, which the model omits.
type listData struct {
	gen.DataForUserPasswords
	SendMediums []gen.SendMediumEnum `json:"sendMediums"`
}

// listData returns the current data of owner's passwords, as visible to the caller.
func (c *call) listData(owner *user) listData {
	data := listData{SendMediums: owner.mediums()}
	data.User = owner.result()
	if _, isID := parseLong(c.userKey()); !isID && c.userKey() != self {
		data.User.Locator = c.userKey()
	}
	for _, t := range c.listedTypes() {
		shown := statusAndActions(c.caller, owner, owner.password(t, c.now))
		data.Passwords = append(data.Passwords, shown)
		if shown.Permissions.ChangeGenerated && c.channel.Confirmation != "" {
			data.ConfirmationPasswordInput = c.caller.password(c.typeByName(c.channel.Confirmation), c.now).confirmationInput()
		}
	}
	return data
}

// listedTypes returns the password types that lists include: all except scripts.
func (st *state) listedTypes() []*PasswordType {
	return slices.DeleteFunc(slices.Clone(st.types), func(t *PasswordType) bool { return t.Mode == gen.PasswordModeEnumScript })
}

// confirmationInput describes how to request the value of p from its owner.
func (p *password) confirmationInput() *gen.PasswordInput {
	t := p.typ
	in := &gen.PasswordInput{
		ID: t.ID, TypeID: t.ID, Name: t.Name, InternalName: t.InternalName, Description: t.Description,
		PasswordType: t.detailed(), PasswordStatus: p.status, HasActivePassword: p.status == active,
		Mode: t.Mode, Global: t.Global, InputMethod: gen.PasswordInputMethodEnumTextBox,
		MinLength: t.MinLength, MaxLength: t.MaxLength, OnlyNumeric: t.OnlyNumeric,
		LowerCaseLetters: t.LowerCaseLetters, UpperCaseLetters: t.UpperCaseLetters,
		Numbers: t.Numbers, SpecialCharacters: t.SpecialCharacters,
		AllowedCredentials: []gen.CredentialTypeEnum{gen.CredentialTypeEnumPassword},
		DeviceAvailability: gen.AvailabilityEnumDisabled,
		PINAvailability:    gen.AvailabilityEnumDisabled,
	}
	if in.HasActivePassword {
		in.ActiveCredentials = in.AllowedCredentials
	}
	return in
}

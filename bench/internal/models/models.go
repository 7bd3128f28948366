// Package models holds what the answers decode into, as somebody who writes the
// client by hand would have it.
package models

import "time"

// DataForUserPasswords is the answer to list-data.
type DataForUserPasswords struct {
	User                      *User                     `json:"user,omitempty"`
	Passwords                 []PasswordStatusAndAction `json:"passwords,omitempty"`
	ConfirmationPasswordInput *PasswordInput            `json:"confirmationPasswordInput,omitempty"`
	SendMediums               []string                  `json:"sendMediums,omitempty"`
	DataForSetSecurityAnswer  *DataForSetSecurityAnswer `json:"dataForSetSecurityAnswer,omitempty"`
	TOTPSecret                *TOTPSecretData           `json:"totpSecret,omitempty"`
}

// PasswordStatusAndAction is one password of list-data.
type PasswordStatusAndAction struct {
	Status                      string           `json:"status,omitempty"`
	Date                        time.Time        `json:"date,omitzero"`
	Type                        *PasswordType    `json:"type,omitempty"`
	Permissions                 *PasswordActions `json:"permissions,omitempty"`
	RequireOldPasswordForChange bool             `json:"requireOldPasswordForChange,omitempty"`
	History                     []PasswordLog    `json:"history,omitempty"`
}

// PasswordStatusAndType is one password of list.
type PasswordStatusAndType struct {
	Status string        `json:"status,omitempty"`
	Date   time.Time     `json:"date,omitzero"`
	Type   *PasswordType `json:"type,omitempty"`
}

// PasswordType is the type of a password with its rules.
type PasswordType struct {
	ID                string `json:"id,omitempty"`
	Name              string `json:"name,omitempty"`
	InternalName      string `json:"internalName,omitempty"`
	Description       string `json:"description,omitempty"`
	Mode              string `json:"mode,omitempty"`
	MinLength         int    `json:"minLength,omitempty"`
	MaxLength         int    `json:"maxLength,omitempty"`
	OnlyNumeric       bool   `json:"onlyNumeric,omitempty"`
	Global            bool   `json:"global,omitempty"`
	AllowReuseOTP     bool   `json:"allowReuseOtp,omitempty"`
	InputMethod       string `json:"inputMethod,omitempty"`
	ButtonsPerRow     int    `json:"buttonsPerRow,omitempty"`
	NumberOfButtons   int    `json:"numberOfButtons,omitempty"`
	NumberOfRows      int    `json:"numberOfRows,omitempty"`
	LowerCaseLetters  string `json:"lowerCaseLetters,omitempty"`
	UpperCaseLetters  string `json:"upperCaseLetters,omitempty"`
	Numbers           string `json:"numbers,omitempty"`
	SpecialCharacters string `json:"specialCharacters,omitempty"`
}

// PasswordActions is what the caller may do with a password.
type PasswordActions struct {
	AllowGeneration bool `json:"allowGeneration,omitempty"`
	Change          bool `json:"change,omitempty"`
	ChangeGenerated bool `json:"changeGenerated,omitempty"`
	Disable         bool `json:"disable,omitempty"`
	Enable          bool `json:"enable,omitempty"`
	Generate        bool `json:"generate,omitempty"`
	ResetAndSend    bool `json:"resetAndSend,omitempty"`
	ResetGenerated  bool `json:"resetGenerated,omitempty"`
	Unblock         bool `json:"unblock,omitempty"`
}

// PasswordLog is an event in the history of a password.
type PasswordLog struct {
	Action string    `json:"action,omitempty"`
	Date   time.Time `json:"date,omitzero"`
	By     *User     `json:"by,omitempty"`
}

// User is a user as it is shown.
type User struct {
	ID               string     `json:"id,omitempty"`
	Display          string     `json:"display,omitempty"`
	ShortDisplay     string     `json:"shortDisplay,omitempty"`
	Image            *Image     `json:"image,omitempty"`
	Locator          string     `json:"locator,omitempty"`
	LocatorPrincipal *Principal `json:"locatorPrincipal,omitempty"`
	User             *User      `json:"user,omitempty"`
}

// Image is the picture of a user.
type Image struct {
	ID          string `json:"id,omitempty"`
	Name        string `json:"name,omitempty"`
	ContentType string `json:"contentType,omitempty"`
	Length      int    `json:"length,omitempty"`
	URL         string `json:"url,omitempty"`
	Width       int    `json:"width,omitempty"`
	Height      int    `json:"height,omitempty"`
}

// Principal is an identification of a user.
type Principal struct {
	Type  *EntityReference `json:"type,omitempty"`
	Value string           `json:"value,omitempty"`
}

// EntityReference refers to something that has a name.
type EntityReference struct {
	ID           string `json:"id,omitempty"`
	Name         string `json:"name,omitempty"`
	InternalName string `json:"internalName,omitempty"`
}

// ChangePassword is the body of change.
type ChangePassword struct {
	OldPassword             string `json:"oldPassword,omitempty"`
	NewPassword             string `json:"newPassword,omitempty"`
	CheckConfirmation       bool   `json:"checkConfirmation,omitempty"`
	NewPasswordConfirmation string `json:"newPasswordConfirmation,omitempty"`
	ForceChange             bool   `json:"forceChange,omitempty"`
}

package models

import "time"

// PasswordInput is how to ask for a confirmation.
type PasswordInput struct {
	ID                                 string        `json:"id,omitempty"`
	TypeID                             string        `json:"typeId,omitempty"`
	Name                               string        `json:"name,omitempty"`
	InternalName                       string        `json:"internalName,omitempty"`
	Description                        string        `json:"description,omitempty"`
	Mode                               string        `json:"mode,omitempty"`
	MinLength                          int           `json:"minLength,omitempty"`
	MaxLength                          int           `json:"maxLength,omitempty"`
	OnlyNumeric                        bool          `json:"onlyNumeric,omitempty"`
	Global                             bool          `json:"global,omitempty"`
	InputMethod                        string        `json:"inputMethod,omitempty"`
	LowerCaseLetters                   string        `json:"lowerCaseLetters,omitempty"`
	UpperCaseLetters                   string        `json:"upperCaseLetters,omitempty"`
	Numbers                            string        `json:"numbers,omitempty"`
	SpecialCharacters                  string        `json:"specialCharacters,omitempty"`
	PasswordType                       *PasswordType `json:"passwordType,omitempty"`
	PasswordStatus                     string        `json:"passwordStatus,omitempty"`
	HasActivePassword                  bool          `json:"hasActivePassword,omitempty"`
	ConfirmationPasswordOncePerSession bool          `json:"confirmationPasswordOncePerSession,omitempty"`
	AllowedCredentials                 []string      `json:"allowedCredentials,omitempty"`
	ActiveCredentials                  []string      `json:"activeCredentials,omitempty"`
	DeviceAvailability                 string        `json:"deviceAvailability,omitempty"`
	HasActiveDevice                    bool          `json:"hasActiveDevice,omitempty"`
	PINAvailability                    string        `json:"pinAvailability,omitempty"`
	PINInput                           *PINInput     `json:"pinInput,omitempty"`
	OTPSendMediums                     []string      `json:"otpSendMediums,omitempty"`
	HasReusableOTP                     bool          `json:"hasReusableOtp,omitempty"`
	EmailToSendOTP                     string        `json:"emailToSendOtp,omitempty"`
	MobilePhonesToSendOTP              []Phone       `json:"mobilePhonesToSendOtp,omitempty"`
	VirtualKeyboardID                  string        `json:"virtualKeyboardId,omitempty"`
	NumberOfButtons                    int           `json:"numberOfButtons,omitempty"`
	ButtonsPerRow                      int           `json:"buttonsPerRow,omitempty"`
	Buttons                            [][]string    `json:"buttons,omitempty"`
}

// PINInput has the limits of the PIN of a device.
type PINInput struct {
	MinLength int `json:"minLength,omitempty"`
	MaxLength int `json:"maxLength,omitempty"`
}

// Phone is a phone of a user.
type Phone struct {
	ID               string `json:"id,omitempty"`
	Name             string `json:"name,omitempty"`
	Type             string `json:"type,omitempty"`
	Number           string `json:"number,omitempty"`
	NormalizedNumber string `json:"normalizedNumber,omitempty"`
	Extension        string `json:"extension,omitempty"`
}

// DataForSetSecurityAnswer has the security questions.
type DataForSetSecurityAnswer struct {
	SecurityQuestions []EntityReference `json:"securityQuestions,omitempty"`
}

// TOTPSecretData is the authenticator app of a user.
type TOTPSecretData struct {
	User                      *User              `json:"user,omitempty"`
	Status                    string             `json:"status,omitempty"`
	ActivationDate            time.Time          `json:"activationDate,omitzero"`
	CanActivate               bool               `json:"canActivate,omitempty"`
	CanRemove                 bool               `json:"canRemove,omitempty"`
	SecretURL                 string             `json:"secretUrl,omitempty"`
	SendVerificationCodeData  *DataForSendingOTP `json:"sendVerificationCodeData,omitempty"`
	ConfirmationPasswordInput *PasswordInput     `json:"confirmationPasswordInput,omitempty"`
}

// DataForSendingOTP is where a one-time value can go.
type DataForSendingOTP struct {
	Mediums                 []string `json:"mediums,omitempty"`
	Email                   string   `json:"email,omitempty"`
	Phones                  []Phone  `json:"phones,omitempty"`
	VerificationCodeSeconds int      `json:"verificationCodeSeconds,omitempty"`
}

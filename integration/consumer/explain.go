package main

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/cyclos-go/passwords"
)

// explain returns a text for users: what failed and what to do.
func explain(err error) string {
	var failure *passwords.Error
	switch {
	case err == nil:
		return "done"
	case errors.Is(err, passwords.ErrOutcomeUnknown) && errors.As(err, &failure):
		return "look whether " + failure.Operation + " took place before you try again"
	case errors.Is(err, passwords.ErrInvalidArgument):
		return "this cannot be sent: check the names"
	case !errors.As(err, &failure):
		return "not done"
	case passwords.IsCode(err, passwords.CodeTemporarilyBlocked, passwords.CodeIndefinitelyBlocked):
		return blocked(failure)
	case errors.Is(err, passwords.ErrUnauthorized):
		return strings.TrimSpace("log in again: " + failure.Code + " " + string(failure.PasswordStatus()))
	case errors.Is(err, passwords.ErrForbidden):
		return "not allowed: " + failure.Code
	case errors.Is(err, passwords.ErrNotFound) && failure.NotFound != nil:
		return "there is no such " + failure.NotFound.EntityType
	case errors.Is(err, passwords.ErrNotFound):
		return "there is no such page: check the base URL"
	case errors.Is(err, passwords.ErrConflict):
		return "the data was changed concurrently"
	case errors.Is(err, passwords.ErrInvalidInput):
		byProperty := failure.PropertyErrors()
		return strings.Join(slices.Concat(byProperty["oldPassword"], byProperty["newPassword"]), ", ")
	case errors.Is(err, passwords.ErrUnavailable) && failure.Unavailable != nil:
		return "messages cannot be sent now"
	case errors.Is(err, passwords.ErrUnavailable):
		return "the server is down"
	case errors.Is(err, passwords.ErrServer):
		return "the server is in trouble"
	case errors.Is(err, passwords.ErrTooManyRequests):
		return "try again in " + failure.RetryAfter.String()
	case errors.Is(err, passwords.ErrUnexpectedResponse):
		return "this is not the server of the API"
	case errors.Is(err, context.DeadlineExceeded):
		return "the server is slow"
	}
	return "the server is not reached"
}

// blocked names the password that must be unblocked.
func blocked(failure *passwords.Error) string {
	if failure.Forbidden == nil || failure.Forbidden.PasswordType == nil {
		return "a password is blocked"
	}
	return "a manager can unblock the password " + failure.Forbidden.PasswordType.InternalName
}

package passwords

import "net/http"

// operation is what the client knows of one operation of the API beside its
// parameters and result.
type operation struct{ id, method, path string }

var (
	opListUserPasswords        = operation{"listUserPasswords", http.MethodGet, "/{user}/passwords"}
	opGetUserPasswordsListData = operation{"getUserPasswordsListData", http.MethodGet, "/{user}/passwords/list-data"}
	opGetUserPasswordsData     = operation{"getUserPasswordsData", http.MethodGet, "/{user}/passwords/{type}"}
	opChangePassword           = operation{"changePassword", http.MethodPost, "/{user}/passwords/{type}/change"}
	opDisablePassword          = operation{"disablePassword", http.MethodPost, "/{user}/passwords/{type}/disable"}
	opEnablePassword           = operation{"enablePassword", http.MethodPost, "/{user}/passwords/{type}/enable"}
	opUnblockPassword          = operation{"unblockPassword", http.MethodPost, "/{user}/passwords/{type}/unblock"}
	opAllowGeneration          = operation{"allowGeneration", http.MethodPost, "/{user}/passwords/{type}/allow-generation"}
	opResetGeneratedPassword   = operation{"resetGeneratedPassword", http.MethodPost, "/{user}/passwords/{type}/reset-generated"}
	opResetAndSendPassword     = operation{"resetAndSendPassword", http.MethodPost, "/{user}/passwords/{type}/reset-and-send"}
	opGeneratePassword         = operation{"generatePassword", http.MethodPost, "/passwords/{type}/generate"}
	opChangeGenerated          = operation{"changeGenerated", http.MethodPost, "/passwords/{type}/change-generated"}
)

// reads reports whether the operation changes nothing.
func (o operation) reads() bool { return o.method == http.MethodGet }

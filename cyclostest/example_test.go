package cyclostest_test

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/cyclos-go/passwords/cyclostest"
)

func Example() {
	s := cyclostest.NewServer()
	defer s.Close()

	request, err := http.NewRequest(http.MethodGet, s.URL+"/self/passwords?fields=status,type.internalName", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	request.SetBasicAuth(cyclostest.Ana, cyclostest.AnaPassword)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Body.Close()

	var passwords []struct {
		Status string
		Type   struct{ InternalName string }
	}
	if err := json.NewDecoder(response.Body).Decode(&passwords); err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range passwords {
		fmt.Println(p.Type.InternalName, p.Status)
	}
	// Output:
	// login active
	// pin active
	// cardPin neverCreated
	// otp active
	// tradePin active
}

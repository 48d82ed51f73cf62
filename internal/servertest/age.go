package servertest

import "testing"

// Age returns the path of the age program, as others use it to open what we have sealed.
func Age(t *testing.T) string {
	t.Helper()
	program, err := binary("filippo.io/age/cmd/age@v1.3.2")
	if err != nil {
		t.Fatal(err)
	}
	return program
}

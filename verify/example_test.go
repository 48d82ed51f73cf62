package verify_test

import (
	"fmt"
	"testing"
	"time"

	"shingle/verify"
)

func ExampleCheckReceipt() {
	// Both come from the body: the document from the member's page, the keys from
	// /.well-known/shingle.json, fetched once and kept.
	document := issue(&testing.T{}, nil).document(&testing.T{})
	keys := verify.Keys{Log: logVKey, Receipt: receiptVKey, Body: "demo.example"}

	result, err := verify.CheckReceipt(document, keys, time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC))
	fmt.Println(result.Good, err)
	fmt.Println(result)

	_, err = verify.CheckReceipt(document, keys, time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC))
	fmt.Println(err)

	// Output:
	// true <nil>
	// Proven: at 2026-11-23T12:00:00Z the register of demo.example said that Cobalt Ridge IT (member 0042, cobaltridge.example, cobalt.example) was in good standing, since 2026-03-01T00:00:00Z. It signed the code of ethics in version 2026.1. The same is leaf 21 of its public log of 23. The receipt holds until 2026-11-24T12:00:00Z.
	// the receipt has expired: it held until 2026-11-24T12:00:00Z, and it is said to be 2026-11-25T00:00:00Z now
}

package webtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"

	"github.com/fxamacker/cbor/v2"
)

// Authenticator is a passkey without a browser: what a browser would have it sign, for tests of what a server
// does with the answers. It makes one credential at a time, with a counter.
type Authenticator struct {
	Origin string // the page that it believes it is used on
	Host   string // that it believes its passkey is bound to
	// Unverified has it say that nobody showed it who they are.
	Unverified bool
	Count      uint32 // how often it was used

	t      testing.TB
	id     []byte
	key    *ecdsa.PrivateKey
	handle []byte
}

// NewAuthenticator returns one that is used on the pages of an origin.
func NewAuthenticator(t testing.TB, origin, host string) *Authenticator {
	return &Authenticator{Origin: origin, Host: host, t: t}
}

// Copy returns one that holds the same secret.
func (a *Authenticator) Copy() *Authenticator {
	c := *a
	return &c
}

type bytes64 []byte

// MarshalText implements [encoding.TextMarshaler].
func (b bytes64) MarshalText() ([]byte, error) {
	return []byte(base64.RawURLEncoding.EncodeToString(b)), nil
}

// UnmarshalText implements [encoding.TextUnmarshaler].
func (b *bytes64) UnmarshalText(text []byte) (err error) {
	*b, err = base64.RawURLEncoding.DecodeString(string(text))
	return err
}

func (a *Authenticator) options(options []byte) (challenge, user bytes64) {
	a.t.Helper()
	var o struct {
		Challenge bytes64 `json:"challenge"`
		User      struct {
			ID bytes64 `json:"id"`
		} `json:"user"`
	}
	check(a.t, json.Unmarshal(options, &o))
	return o.Challenge, o.User.ID
}

func (a *Authenticator) clientData(kind string, challenge bytes64) []byte {
	text, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": a.Origin, "crossOrigin": false})
	check(a.t, err)
	return text
}

// data is authenticator data (WebAuthn, section 6.1) without a credential.
func (a *Authenticator) data(flags byte) []byte {
	host := sha256.Sum256([]byte(a.Host))
	flags |= 0x01 // somebody was there
	if !a.Unverified {
		flags |= 0x04
	}
	return binary.BigEndian.AppendUint32(append(host[:], flags), a.Count)
}

// Create makes a passkey, as navigator.credentials.create does, and returns the answer as JSON.
func (a *Authenticator) Create(options []byte) []byte {
	a.t.Helper()
	var err error
	challenge, user := a.options(options)
	a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(a.t, err)
	a.id, a.handle = make([]byte, 16), user
	_, _ = rand.Read(a.id)
	point, err := a.key.PublicKey.Bytes()
	check(a.t, err)
	// COSE_Key: EC2, ES256, P-256 (RFC 9053, section 7.1.1)
	public, err := cbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: point[1:33], -3: point[33:]})
	check(a.t, err)
	data := a.data(0x40)
	data = append(data, make([]byte, 16)...) // of no model in particular
	data = binary.BigEndian.AppendUint16(data, uint16(len(a.id)))
	data = append(append(data, a.id...), public...)
	attestation, err := cbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": data})
	check(a.t, err)
	return a.answer(map[string]any{
		"clientDataJSON": bytes64(a.clientData("webauthn.create", challenge)), "attestationObject": bytes64(attestation), "transports": []string{"internal"},
	})
}

// Get uses the passkey, as navigator.credentials.get does, and returns the answer as JSON.
func (a *Authenticator) Get(options []byte) []byte {
	a.t.Helper()
	challenge, _ := a.options(options)
	a.Count++
	data, client := a.data(0), a.clientData("webauthn.get", challenge)
	hash := sha256.Sum256(client)
	digest := sha256.Sum256(append(data, hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, a.key, digest[:])
	check(a.t, err)
	return a.answer(map[string]any{
		"clientDataJSON": bytes64(client), "authenticatorData": bytes64(data), "signature": bytes64(signature), "userHandle": bytes64(a.handle),
	})
}

func (a *Authenticator) answer(response map[string]any) []byte {
	text, err := json.Marshal(map[string]any{
		"id": bytes64(a.id), "rawId": bytes64(a.id), "type": "public-key", "response": response, "clientExtensionResults": map[string]any{},
	})
	check(a.t, err)
	return text
}

package webhook

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// secrets are what an endpoint's messages are signed with.
type secrets struct {
	Shared []byte `json:"shared"` // of HMAC; the receiver has it too
	Seed   []byte `json:"seed"`   // of Ed25519
	Old    []byte `json:"old,omitempty"`
	Until  int64  `json:"until,omitempty"` // until when Old signs too, in Unix seconds
}

func newSecrets() secrets {
	s := secrets{Shared: make([]byte, 32), Seed: make([]byte, ed25519.SeedSize)} // the spec asks for 24 to 64 bytes
	_, _ = rand.Read(s.Shared)                                                   // never fails, see crypto/rand
	_, _ = rand.Read(s.Seed)
	return s
}

func newID() string { return "ep" + strings.ToLower(rand.Text()[:14]) }

// shared and public return what the receiver is told, in the spec's form.
func (s secrets) shared() string { return "whsec_" + base64.StdEncoding.EncodeToString(s.Shared) }

func (s secrets) public() string {
	return "whpk_" + base64.StdEncoding.EncodeToString(ed25519.NewKeyFromSeed(s.Seed).Public().(ed25519.PublicKey))
}

// sign sets the headers of a message: its id, which stays the same when it is sent again, the time of this
// attempt, and the signatures over both and the body.
func (s secrets) sign(header http.Header, id string, at time.Time, body []byte) {
	stamp := strconv.FormatInt(at.Unix(), 10)
	signed := append([]byte(id+"."+stamp+"."), body...)
	signatures := []string{"v1," + mac(s.Shared, signed)}
	if len(s.Old) > 0 && at.Unix() < s.Until {
		signatures = append(signatures, "v1,"+mac(s.Old, signed))
	}
	signatures = append(signatures, "v1a,"+base64.StdEncoding.EncodeToString(ed25519.Sign(ed25519.NewKeyFromSeed(s.Seed), signed)))
	header.Set("Webhook-Id", id)
	header.Set("Webhook-Timestamp", stamp)
	header.Set("Webhook-Signature", strings.Join(signatures, " "))
}

func mac(secret, signed []byte) string {
	h := hmac.New(sha256.New, secret)
	_, _ = h.Write(signed) // never fails, see hash.Hash
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}

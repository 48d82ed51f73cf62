package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
)

// vaultRecover prints the key to one object. It takes no token: it is the operator's, and in the record.
type vaultRecover struct {
	Place
	Object  string `arg:"" help:"The object's id."`
	Purpose string `help:"What for; it is recorded." required:""`
}

func (c *vaultRecover) Run(r *run) error {
	a, err := r.connect(c.Place, credentials{})
	if err != nil {
		return err
	}
	defer func() { _ = a.close() }()
	ask, err := json.Marshal(map[string]string{"object": c.Object, "purpose": c.Purpose})
	if err != nil {
		return err
	}
	answer, err := a.read(http.MethodPost, "/local/vault/recover", nil, ask, nil)
	if err != nil {
		return err
	}
	var got struct{ Object, Owner, Blob, In, Identity string }
	if err := json.NewDecoder(bytes.NewReader(answer)).Decode(&got); err != nil {
		return err
	}
	_, err = fmt.Fprintf(r.Out, `# Object %s of %s. Whoever has this file opens it, for ever: destroy it after use.
# Its blob is %s in %s; with this text in the file identity.txt it opens by
#     age --decrypt -i identity.txt %s
%s
`, got.Object, got.Owner, got.Blob, got.In, got.Blob, got.Identity)
	return err
}

package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"filippo.io/age"

	"shingle/internal/backup"
)

// vaultCmd looks after the keys, and what they seal.
type vaultCmd struct {
	Check   vaultCheck   `cmd:"" help:"Open every sealed object to its end, without showing it, and name each that is not whole."`
	Recover vaultRecover `cmd:"" help:"Print the key to one object, for the age program. That is recorded."`
	Backup  vaultBackup  `cmd:"" help:"Back the keys up, encrypted, to a file of their own. Keep it apart from the backups of the data."`
}

type vaultBackup struct {
	Place
	File           string   `arg:"" help:"File to write. It can be decrypted with any age program." placeholder:"FILE"`
	Recipient      []string `help:"Encrypt to this age recipient (age1…); may be given again." placeholder:"KEY"`
	PassphraseFile string   `help:"Encrypt with the passphrase in this file." type:"existingfile" placeholder:"FILE"`
	KeptFor        string   `help:"For how long the file will be there, e.g. 365d. Until then, whatever certifies that somebody was forgotten names it. Without it, for ever." placeholder:"TIME"`
	Force          bool     `help:"Write over the file."`
}

func (c *vaultBackup) Run(r *run) error {
	if c.Data == "" {
		return errors.New("say where the keys are: --data DIR")
	}
	if _, err := os.Lstat(c.File); err == nil && !c.Force {
		return fmt.Errorf("%s is there already; choose another name, or write over it with --force", c.File)
	}
	keep, err := parseKeep(c.KeptFor)
	if err != nil {
		return err
	}
	recipients, made, err := c.recipients(r)
	if err != nil {
		return err
	}
	err = r.house.PackKeys(r.ctx, c.Place, keep, func(pack func(io.Writer) error) error {
		return backup.Write(c.File, c.Force, func(out io.Writer) error {
			// First of all: keys that were sealed to an identity that nobody got to see are lost, however whole the file.
			if made != nil {
				fmt.Fprintf(r.Err, "print this and keep it apart from %s: it opens the keys in it, and is shown only now\n", c.File)
				if _, err := fmt.Fprintln(r.Out, made); err != nil {
					return fmt.Errorf("what opens them cannot be shown: %w", err)
				}
			}
			sealed, err := age.Encrypt(out, recipients...)
			if err != nil {
				return err
			}
			return errors.Join(pack(sealed), sealed.Close())
		})
	})
	if err != nil {
		return fmt.Errorf("the keys were not backed up: %w", err)
	}
	fmt.Fprintf(r.Err, "%s holds the keys; keep it apart from the backups of the data, and destroy older ones: they still open what belongs to people who were forgotten since\n", c.File)
	return nil
}

// recipients returns whom the keys are encrypted to; made is the identity that was made for lack of any.
func (c *vaultBackup) recipients(r *run) (to []age.Recipient, made *age.X25519Identity, err error) {
	switch {
	case c.PassphraseFile != "" && len(c.Recipient) > 0:
		return nil, nil, errors.New("give either --passphrase-file or --recipient: a passphrase stands alone")
	case c.PassphraseFile != "":
		passphrase, err := readPassphrase(r, c.PassphraseFile)
		if err != nil {
			return nil, nil, err
		}
		if len(passphrase) < 16 {
			return nil, nil, errors.New("the passphrase is too short to guard all keys; take one of at least 16 characters")
		}
		recipient, err := age.NewScryptRecipient(passphrase)
		return []age.Recipient{recipient}, nil, err
	case len(c.Recipient) > 0:
		to, err := age.ParseRecipients(strings.NewReader(strings.Join(c.Recipient, "\n")))
		if err != nil {
			return nil, nil, fmt.Errorf("--recipient is no age recipient, such as age1…: %w", err)
		}
		return to, nil, nil
	}
	made, err = age.GenerateX25519Identity()
	if err != nil {
		return nil, nil, err
	}
	return []age.Recipient{made.Recipient()}, made, nil
}

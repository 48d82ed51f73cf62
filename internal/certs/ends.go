package certs

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Ends returns when the certificates in a folder end, by the name that each is for.
func Ends(path string) (map[string]time.Time, error) {
	ends := map[string]time.Time{}
	err := filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(file) != ".crt" {
			return err
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		block, _ := pem.Decode(text) // the first is the leaf
		if block == nil {
			return fmt.Errorf("%s holds no certificate", file)
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		ends[strings.TrimSuffix(entry.Name(), ".crt")] = c.NotAfter
		return nil
	})
	return ends, err
}

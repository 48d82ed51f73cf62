// Package witnesstest starts real witnesses (C2SP tlog-witness) for tests: litewitness, built from the
// module that go.mod names as a tool.
package witnesstest

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
	_ "modernc.org/sqlite" // the witness keeps its logs in SQLite
)

// built is the folder that litewitness was built in, "" if no test wanted it.
var built string

// litewitness builds the witness once for all tests.
var litewitness = sync.OnceValues(func() (binary string, err error) {
	if built, err = os.MkdirTemp("", "litewitness"); err != nil {
		return "", err
	}
	binary = filepath.Join(built, "litewitness")
	build := exec.Command("go", "build", "-o", binary, "filippo.io/torchwood/cmd/litewitness")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("could not build litewitness: %w\n%s", err, out)
	}
	return binary, nil
})

// Main runs the tests of a package and removes what was built for them.
func Main(m *testing.M) int {
	code := m.Run()
	if built != "" {
		_ = os.RemoveAll(built)
	}
	return code
}

// Start runs a litewitness on loopback that knows the logs with the given keys, and returns its address and
// its key. Its signing key is handed to it by an ssh-agent inside the test.
func Start(t *testing.T, name string, vkeys ...string) (url, vkey string) {
	t.Helper()
	binary, err := litewitness()
	if err != nil {
		t.Fatal(err)
	}
	folder, err := os.MkdirTemp("", "w") // short: the path of a socket has at most 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })

	private := ed25519.NewKeyFromSeed([]byte(strings.Repeat(name[:1], ed25519.SeedSize)))
	keys := agent.NewKeyring()
	if err := keys.Add(agent.AddedKey{PrivateKey: &private}); err != nil {
		t.Fatal(err)
	}
	socket, err := net.Listen("unix", filepath.Join(folder, "agent"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { socket.Close() })
	go func() {
		for {
			conn, err := socket.Accept()
			if err != nil {
				return
			}
			go agent.ServeAgent(keys, conn)
		}
	}()
	public, err := ssh.NewPublicKey(private.Public())
	if err != nil {
		t.Fatal(err)
	}

	port, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := port.Addr().String()
	port.Close()
	file := filepath.Join(folder, "witness.db")
	var output bytes.Buffer
	process := exec.Command(binary, "-name", name, "-db", file, "-ssh-agent", socket.Addr().String(), "-key", ssh.FingerprintSHA256(public), "-listen", address)
	process.Stdout, process.Stderr = &output, &output
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		process.Process.Kill()
		process.Wait()
		if t.Failed() {
			t.Logf("%s said:\n%s", name, &output)
		}
	})
	for range 100 {
		resp, err := http.Get("http://" + address + "/")
		if err == nil {
			resp.Body.Close()
			break
		}
		time.Sleep(50 * time.Millisecond)
	}

	// As witnessctl add-log and add-key do.
	db, err := sql.Open("sqlite", "file:"+file+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	for _, vkey := range vkeys {
		origin, _, _ := strings.Cut(vkey, "+")
		nothing := sha256.Sum256(nil)
		_, err1 := db.Exec(`INSERT INTO log (origin, tree_size, tree_hash) VALUES ($1, 0, $2)`, origin, base64.StdEncoding.EncodeToString(nothing[:]))
		_, err2 := db.Exec(`INSERT INTO key (origin, key) VALUES ($1, $2)`, origin, vkey)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
	}
	signer, err := torchwood.NewCosignatureSigner(name, private)
	if err != nil {
		t.Fatal(err)
	}
	return "http://" + address, signer.Verifier().String()
}

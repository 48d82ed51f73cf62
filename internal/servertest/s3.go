package servertest

import (
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The test's own account at its S3 server.
const s3Key, s3Secret = "shingle-test", "shingle-test-secret"

// S3 starts an S3-compatible server that keeps its objects in a temporary folder, and returns the address
// of an empty bucket in it, as gocloud.dev/blob takes it. The credentials are put into the environment
// for as long as the test runs, so it cannot run in parallel with others.
func S3(t *testing.T) string {
	t.Helper()
	address, _ := S3Folder(t)
	return address
}

// S3Folder is S3, and also returns the folder in which the bucket's objects lie as plain files, for tests
// that tamper with them.
func S3Folder(t *testing.T) (bucket, folder string) {
	t.Helper()
	program, err := binary("github.com/versity/versitygw/cmd/versitygw@v1.8.0")
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	folder = filepath.Join(root, "bucket")
	if err := os.Mkdir(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	address := freeAddress(t)
	server := exec.Command(program, "--access", s3Key, "--secret", s3Secret, "--port", address, "--quiet", "posix", "--sidecar", t.TempDir(), root)
	start(t, address, server)
	t.Setenv("AWS_ACCESS_KEY_ID", s3Key)
	t.Setenv("AWS_SECRET_ACCESS_KEY", s3Secret)
	query := url.Values{"region": {"us-east-1"}, "endpoint": {"http://" + address}, "use_path_style": {"true"}}
	return "s3://bucket?" + query.Encode(), folder
}

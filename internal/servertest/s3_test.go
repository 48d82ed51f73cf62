package servertest_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"gocloud.dev/blob"
	_ "gocloud.dev/blob/s3blob"

	"shingle/internal/servertest"
)

func TestAnObjectComesBackFromTheBucket(t *testing.T) {
	address, folder := servertest.S3Folder(t)
	ctx := context.Background()
	b, err := blob.OpenBucket(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if err := b.WriteAll(ctx, "a/b", []byte("text"), nil); err != nil {
		t.Fatal(err)
	}
	got, err := b.ReadAll(ctx, "a/b")
	if err != nil || !bytes.Equal(got, []byte("text")) {
		t.Fatal(got, err)
	}
	if got, err = os.ReadFile(filepath.Join(folder, "a", "b")); err != nil || string(got) != "text" {
		t.Fatal(got, err)
	}
}

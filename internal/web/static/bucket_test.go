package static_test

import (
	"io"
	"net"
	"net/url"
	"strings"
	"testing"
	"time"

	"gocloud.dev/blob"

	"shingle/internal/body/membership"
	"shingle/internal/servertest"
	"shingle/internal/web/static"
)

func TestABucketHoldsWhatAFolderDoes(t *testing.T) {
	h := opened(t, 30)
	bucket, lies := servertest.S3Folder(t)
	x, out := h.export(bucket), t.TempDir()
	run(t, x)
	run(t, h.export(out))
	h.Do(membership.Withdraw{Member: "0009"})
	one := run(t, x)
	run(t, h.export(out))
	same(t, files(t, lies), files(t, out))
	if one.Written > 40 {
		t.Errorf("one act cost %d objects", one.Written)
	}

	b, err := blob.OpenBucket(t.Context(), bucket)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for key, want := range map[string][2]string{
		"index.html":                     {"text/html; charset=utf-8", "no-cache"},
		"register/0014/index.html":       {"text/html; charset=utf-8", "no-cache"},
		"api/v1/members/0014/standing":   {"application/json", "no-cache"},
		"api/v1/members/0014/index.json": {"application/json", "no-cache"},
		"api/v1/members/0014/receipt":    {"text/plain; charset=utf-8", "public, max-age=60"},
		"seal/0014.svg":                  {"image/svg+xml", "public, max-age=300"},
		"notices.atom":                   {"application/atom+xml; charset=utf-8", "no-cache"},
		"log/checkpoint":                 {"text/plain; charset=utf-8", "public, max-age=1"},
		"api/v1/notices/2026-0001":       {"application/json", "no-cache"},
		".well-known/shingle.json":       {"application/json", "public, max-age=300"},
	} {
		a, err := b.Attributes(t.Context(), key)
		if err != nil {
			t.Errorf("%s: %v", key, err)
		} else if a.ContentType != want[0] || a.CacheControl != want[1] {
			t.Errorf("%s: %q, %q", key, a.ContentType, a.CacheControl)
		}
	}
}

func TestABucketThatCannotBeWrittenToIsOneClearSentence(t *testing.T) {
	h := opened(t, 20)
	bucket := servertest.S3(t)
	fails := func(what, to, says string) {
		t.Helper()
		_, err := h.export(to).Run(t.Context(), false, nil)
		if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "\n") || len(err.Error()) > 250 {
			t.Errorf("%s: %v", what, err)
		}
	}
	fails("no such bucket", strings.Replace(bucket, "bucket?", "elsewhere?", 1), "there is no bucket s3://elsewhere")

	u, err := url.Parse(bucket)
	if err != nil {
		t.Fatal(err)
	}
	through := func(address string) string {
		q := u.Query()
		q.Set("endpoint", "http://"+address)
		return "s3://bucket?" + q.Encode()
	}
	dead, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = dead.Close()
	fails("nobody there", through(dead.Addr().String()), "connection refused")

	silent, err := net.Listen("tcp", "127.0.0.1:0") // it takes everything in, and never answers
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	go func() {
		for {
			c, err := silent.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(io.Discard, c) }()
		}
	}()
	defer static.SetPatience(300 * time.Millisecond)()
	fails("one that never answers", through(silent.Addr().String()), "did not answer within")
	static.SetPatience(30 * time.Second)

	t.Setenv("AWS_SECRET_ACCESS_KEY", "another")
	fails("wrong credentials", bucket, "does not let us")
}

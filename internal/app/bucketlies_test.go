package app_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"shingle/internal/app"
	"shingle/internal/cli"
	"shingle/internal/servertest"
)

// listing serves a bucket whose list never ends: it says the same object again and again.
func listing(t *testing.T, dated string) (address string) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		switch {
		case r.Method == http.MethodGet && r.URL.Query().Has("list-type"):
			fmt.Fprintf(w, `<?xml version="1.0"?><ListBucketResult><Name>bucket</Name><IsTruncated>true</IsTruncated><NextContinuationToken>x</NextContinuationToken><Contents><Key>manifests/a</Key><Size>1</Size>%s</Contents></ListBucketResult>`, dated)
		case r.Method == http.MethodGet:
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, `<Error><Code>NoSuchKey</Code></Error>`)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// TestABucketWithoutDatesStopsNobody lists objects as no bucket does. The driver panics at that; in a
// server it would take everything with it.
func TestABucketWithoutDatesStopsNobody(t *testing.T) {
	servertest.S3(t) // for its credentials
	k := newKept(t, "")
	endpoint := listing(t, "")
	at := "s3://bucket?region=us-east-1&use_path_style=true&endpoint=" + endpoint
	if status, _, errs := try(k.at.Data, "export", at); status != 2 || !strings.Contains(errs, "its list of objects cannot be read") {
		t.Errorf("an export: exit %d: %s", status, errs)
	}
	blobs := cli.Place{Data: filepath.Join(t.TempDir(), "body"), Blobs: at}
	must(t, app.House{}.Init(t.Context(), blobs, cli.InitBody{Name: "Lies", Zone: "UTC", Web: "lies.example"}))
	if status, _, errs := try("", "backup", filepath.Join(t.TempDir(), "b"), "--data", blobs.Data, "--blobs", at); status != 2 || !strings.Contains(errs, "its list of objects cannot be read") {
		t.Errorf("a backup of its stored objects: exit %d: %s", status, errs)
	}
}

// TestAnExportsBucketIsNotTheDatabase cuts an answer off, or gives none.
func TestAnExportsBucketIsNotTheDatabase(t *testing.T) {
	servertest.S3(t) // for its credentials
	k := newKept(t, "")
	short := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "5000")
		fmt.Fprint(w, "{")
	}))
	defer short.Close()
	for _, endpoint := range []string{short.URL, "http://127.0.0.1:1"} {
		status, _, errs := try(k.at.Data, "export", "s3://bucket?region=us-east-1&use_path_style=true&endpoint="+endpoint)
		if status != 2 || strings.Contains(errs, "database") || !strings.Contains(errs, "s3://bucket") {
			t.Errorf("exit %d: %s", status, errs)
		}
	}
}

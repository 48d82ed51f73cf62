package s3fault_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/smithy-go"
	"gocloud.dev/blob"
	_ "gocloud.dev/blob/s3blob" // s3://

	"shingle/internal/s3fault"
	"shingle/internal/servertest"
)

func TestWhatABucketAnswersIsUnderstood(t *testing.T) {
	sound := servertest.S3(t)
	read := func(address string) error {
		b, err := blob.OpenBucket(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		_, err = b.ReadAll(t.Context(), "nothing")
		return err
	}
	expired := fmt.Errorf("reading: %w", &smithy.GenericAPIError{Code: "ExpiredToken"})
	for name, test := range map[string]struct {
		err                        error
		missing, refused, notThere bool
	}{
		"no object":          {read(sound), false, false, true},
		"no bucket":          {read(strings.Replace(sound, "s3://bucket", "s3://bocket", 1)), true, false, false},
		"expired":            {expired, false, true, false},
		"an error of others": {errors.New("NoSuchBucket, AccessDenied"), false, false, false},
	} {
		if m, r, n := s3fault.Missing(test.err), s3fault.Refused(test.err), s3fault.NotThere(test.err); m != test.missing || r != test.refused || n != test.notThere {
			t.Errorf("%s: missing %v, refused %v, not there %v: %v", name, m, r, n, test.err)
		}
	}
	t.Setenv("AWS_SECRET_ACCESS_KEY", "another")
	if err := read(sound); !s3fault.Refused(err) {
		t.Errorf("with other credentials: %v", err)
	}
}

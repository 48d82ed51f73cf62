// Package s3fault understands what S3-compatible buckets answer, for all who keep something in one. How it is
// said to people is their own affair.
package s3fault

import (
	"errors"
	"slices"

	"github.com/aws/smithy-go"
	"gocloud.dev/gcerrors"
)

// Missing reports whether there is no bucket of the name. An object that is not there is another matter.
func Missing(err error) bool { return answers(err, "NoSuchBucket") }

// Refused reports whether a bucket does not let us in, or not with these credentials.
func Refused(err error) bool {
	return gcerrors.Code(err) == gcerrors.PermissionDenied ||
		answers(err, "AccessDenied", "Forbidden", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken")
}

// NotThere reports whether an object is not there, in a bucket that is.
func NotThere(err error) bool { return gcerrors.Code(err) == gcerrors.NotFound && !Missing(err) }

// answers reports whether a server answered with one of some codes.
func answers(err error, codes ...string) bool {
	var api smithy.APIError
	return errors.As(err, &api) && slices.Contains(codes, api.ErrorCode())
}

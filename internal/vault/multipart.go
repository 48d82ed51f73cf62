package vault

import (
	"context"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// uploads are the large uploads to a bucket that were begun and not ended. A bucket keeps their parts, and
// shows them in no listing of its objects.
type uploads struct {
	client         *s3.Client
	bucket, prefix string
}

// uploads returns the unfinished uploads of a bucket, and false for a folder.
func (b *Blobs) uploads() (u uploads, ok bool) {
	if b.folder != "" || !b.bucket.As(&u.client) {
		return u, false
	}
	at, err := url.Parse(b.address)
	if err != nil {
		return u, false
	}
	u.bucket, u.prefix = at.Host, at.Query().Get("prefix")
	return u, true
}

// abandon drops the parts of unfinished uploads that were begun before a time and whose names are chosen.
func (b *Blobs) abandon(ctx context.Context, before time.Time, chosen func(name string) bool) (dropped int, err error) {
	u, ok := b.uploads()
	if !ok {
		return 0, nil
	}
	l := b.listen(ctx)
	defer l.end()
	ask := &s3.ListMultipartUploadsInput{Bucket: &u.bucket, Prefix: &u.prefix}
	for more := true; more; {
		l.wait()
		page, err := u.client.ListMultipartUploads(l.ctx, ask)
		if err != nil {
			return dropped, l.explain(err)
		}
		for _, upload := range page.Uploads {
			if upload.Key == nil || upload.UploadId == nil || upload.Initiated == nil || !upload.Initiated.Before(before) ||
				len(*upload.Key) < len(u.prefix) || !chosen((*upload.Key)[len(u.prefix):]) {
				continue
			}
			l.wait()
			_, err := u.client.AbortMultipartUpload(l.ctx, &s3.AbortMultipartUploadInput{Bucket: &u.bucket, Key: upload.Key, UploadId: upload.UploadId})
			if err != nil {
				return dropped, l.explain(err)
			}
			dropped++
		}
		ask.KeyMarker, ask.UploadIdMarker = page.NextKeyMarker, page.NextUploadIdMarker
		more = page.IsTruncated != nil && *page.IsTruncated && page.NextKeyMarker != nil
	}
	return dropped, nil
}

package vault

import (
	"context"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

const (
	// partSize is the smallest that S3 takes but for the last part. It takes 10,000 of them: 48 GiB.
	partSize = 5 << 20
	// parts go out at once while the next is filled.
	parts = 2
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

// sparingly makes an upload keep few and small parts in memory, from the first byte on: by itself it would
// take in 16 MiB and more before it sends any.
func (b *Blobs) sparingly(as func(any) bool) error {
	var uploader *transfermanager.Client
	if u, ok := b.uploads(); ok && as(&uploader) {
		*uploader = *transfermanager.New(u.client, func(o *transfermanager.Options) {
			o.PartSizeBytes, o.MultipartUploadThreshold, o.Concurrency = partSize, partSize, parts
			o.RequestChecksumCalculation = u.client.Options().RequestChecksumCalculation
		})
	}
	return nil
}

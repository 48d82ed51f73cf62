package vault_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"shingle/internal/servertest"
	"shingle/internal/vault"
)

// bucketAt is the address of a bucket of whatever listens there.
func bucketAt(t *testing.T, host string) string {
	t.Setenv("AWS_ACCESS_KEY_ID", "somebody")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "something")
	return "s3://bucket?region=us-east-1&use_path_style=true&endpoint=http://" + host
}

// TestABucketThatDoesNotDoItsWorkIsSaidInOneSentence tries all that is done with a bucket on servers that
// are not what they should be.
func TestABucketThatDoesNotDoItsWorkIsSaidInOneSentence(t *testing.T) {
	answering := func(h http.HandlerFunc) func(*testing.T) string {
		return func(t *testing.T) string {
			s := httptest.NewServer(h)
			t.Cleanup(s.Close)
			return bucketAt(t, strings.TrimPrefix(s.URL, "http://"))
		}
	}
	const short, long = 700 * time.Millisecond, 20 * time.Second // with which all attempts are made
	for name, c := range map[string]struct {
		address func(t *testing.T) string
		silence time.Duration
		want    string
	}{
		"nobody listens": {func(t *testing.T) string { return bucketAt(t, "127.0.0.1:1") }, long, "cannot be reached"},
		"it accepts and says nothing": {func(t *testing.T) string {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			must(t, err)
			t.Cleanup(func() { _ = l.Close() })
			go func() {
				for {
					if _, err := l.Accept(); err != nil {
						return
					}
				}
			}()
			return bucketAt(t, l.Addr().String())
		}, short, "gives no answer within 700ms"},
		"it answers with a web page": {answering(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, "<html><p>Welcome</html>")
		}), short, ""},
		"it speaks another language": {func(t *testing.T) string {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			must(t, err)
			t.Cleanup(func() { _ = l.Close() })
			go func() {
				for {
					c, err := l.Accept()
					if err != nil {
						return
					}
					_, _ = c.Write([]byte("SSH-2.0-OpenSSH_9.9\r\n"))
					_ = c.Close()
				}
			}()
			return bucketAt(t, l.Addr().String())
		}, long, "does not answer as an S3-compatible server does"},
		"it is out of order": {answering(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }), long, "answers InternalServerError"},
		"the credentials lie": {func(t *testing.T) string {
			b := servertest.S3(t)
			t.Setenv("AWS_SECRET_ACCESS_KEY", "guessed")
			return b
		}, short, "refuses these credentials"},
		"there is no bucket":    {func(t *testing.T) string { return strings.Replace(servertest.S3(t), "s3://bucket", "s3://bocket", 1) }, short, "there is no bucket s3://bocket"},
		"the folder is a file":  {func(t *testing.T) string { return rootFile(t) }, short, "not a directory"},
		"the folder has no way": {func(t *testing.T) string { return t.TempDir() + "/a/b" }, short, "has no file shingle-blobs"},
	} {
		t.Run(name, func(t *testing.T) {
			made := onFolder(t)
			sealed := made.put(t, "case/1", random(10))
			blobs, err := vault.OpenBlobs(context.Background(), c.address(t))
			must(t, err)
			defer blobs.Close()
			blobs.Silence = c.silence
			lost := &vault.Objects{Keys: made.Keys, Blobs: blobs, Now: time.Now, Audit: made.Audit}
			ctx := context.Background()
			for what, do := range map[string]func() error{
				"sealing":   func() error { _, err := lost.Seal(ctx, "case/1", "", bytes.NewReader(random(20<<20))); return err },
				"opening":   func() error { _, err := lost.Open(ctx, counsel, sealed.ID); return err },
				"sweeping":  func() error { _, err := lost.Sweep(ctx, time.Now()); return err },
				"examining": func() error { _, err := lost.Examine(ctx, vault.Examination{}); return err },
			} {
				if c.silence == long && what != "sealing" {
					continue
				}
				began := time.Now()
				err := do()
				if took := time.Since(began); took > 20*time.Second {
					t.Errorf("%s took %s", what, took)
				}
				if err == nil || strings.Contains(err.Error(), "\n") || len(err.Error()) > 400 {
					t.Errorf("%s: %v", what, err)
					continue
				}
				t.Logf("%s: %v", what, err)
				if (what == "sealing" || blobs.String()[:1] != "/") && !strings.Contains(err.Error(), c.want) {
					t.Errorf("%s: %v", what, err)
				}
			}
			if got, err := made.get(sealed.ID); err != nil || len(got) != 10 {
				t.Errorf("what was there before: %v", err)
			}
			if _, opened := made.examine(t, -time.Hour); len(opened) > 0 {
				t.Errorf("something was changed: %q", opened)
			}
		})
	}
}

// TestABucketThatIsSlowIsWaitedFor serves a real bucket over a thin wire: as long as bytes flow, nobody
// gives up.
func TestABucketThatIsSlowIsWaitedFor(t *testing.T) {
	address := servertest.S3(t)
	made := newChest(t, onFolder(t).Keys, address, "")
	o := made.put(t, "case/1", random(1<<20))
	host := address[strings.Index(address, "http%3A%2F%2F")+len("http%3A%2F%2F"):]
	host, _, _ = strings.Cut(host, "&")
	host = strings.ReplaceAll(host, "%3A", ":")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			to, err := net.Dial("tcp", host)
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(to, c); _ = to.Close() }()
			go func() { // about 1 MiB in a second
				defer c.Close()
				for b := make([]byte, 32<<10); ; time.Sleep(30 * time.Millisecond) {
					n, err := to.Read(b)
					if _, werr := c.Write(b[:n]); err != nil || werr != nil {
						return
					}
				}
			}()
		}
	}()
	slow := newChest(t, made.Keys, strings.Replace(address, strings.ReplaceAll(host, ":", "%3A"), strings.ReplaceAll(l.Addr().String(), ":", "%3A"), 1), "")
	slow.Blobs.Silence = 500 * time.Millisecond
	began := time.Now()
	if got, err := slow.get(o.ID); err != nil || len(got) != 1<<20 {
		t.Fatal(len(got), err)
	}
	if took := time.Since(began); took < slow.Blobs.Silence {
		t.Errorf("it was not slow: %s", took)
	}
	// Whoever takes the bytes may take their time.
	slow.Blobs.Silence = 200 * time.Millisecond
	r, err := made.Open(context.Background(), counsel, o.ID)
	must(t, err)
	defer r.Close()
	for n := 0; n < 3; n++ {
		_, err := io.CopyN(io.Discard, r, 300_000)
		must(t, err)
		time.Sleep(300 * time.Millisecond)
	}
	_, err = io.Copy(io.Discard, r)
	must(t, err)
}

func TestAnAddressThatIsNoPlaceForBlobsIsRefused(t *testing.T) {
	for _, address := range []string{"gs://bucket", "https://example.org/bucket", "file://host/blobs", "file://relative", "file:///blobs?metadata=skip", "s3://bucket?nonsense=1"} {
		_, err := vault.OpenBlobs(context.Background(), address)
		if err == nil || !strings.Contains(err.Error(), "blobs") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", address, err)
		} else {
			t.Log(err)
		}
	}
	dir := t.TempDir()
	c := newChest(t, onFolder(t).Keys, "file://"+dir+"/blobs", dir+"/blobs")
	o := c.put(t, "case/1", random(10))
	if _, err := c.get(o.ID); err != nil {
		t.Error(err)
	}
}

// TestMemoryStaysFlat seals and opens far more than may be in memory at once.
func TestMemoryStaysFlat(t *testing.T) {
	onChests(t, func(t *testing.T, c *chest) {
		const size = 96 << 20
		var peak uint64
		look := func() {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapInuse)
		}
		runtime.GC()
		look()
		before := peak
		o, err := c.Seal(context.Background(), "case/1", "", &looking{io.LimitReader(zeros{}, size), look, 0})
		must(t, err)
		r, err := c.Open(context.Background(), counsel, o.ID)
		must(t, err)
		defer r.Close()
		if n, err := io.Copy(io.Discard, &looking{r, look, 0}); n != size || err != nil {
			t.Fatal(n, err)
		}
		t.Logf("%d MiB more than before", (peak-before)>>20)
		if peak-before > 64<<20 {
			t.Errorf("it took %d MiB", (peak-before)>>20)
		}
	})
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// looking looks now and then.
type looking struct {
	from io.Reader
	look func()
	n    int
}

func (l *looking) Read(p []byte) (int, error) {
	if l.n++; l.n%128 == 0 {
		l.look()
	}
	return l.from.Read(p)
}

// rootFile is a file where a folder should be.
func rootFile(t *testing.T) string {
	path := t.TempDir() + "/blobs"
	must(t, os.WriteFile(path, nil, 0o600))
	return path
}

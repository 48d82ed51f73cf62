package backup

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"github.com/klauspost/compress/zstd"
)

// FuzzRows reads the lines of a part. What is taken in can be written and read again, and is the same.
func FuzzRows(f *testing.F) {
	f.Add([]byte(`{"table":"event","columns":["position","stream","chain"],"kinds":["integer","text","bytes"]}` + "\n" + `[1,"member/0042","AAEC"]` + "\n" + `[2,"<code>",null]` + "\n"))
	f.Add([]byte(`{"table":"stamp","columns":["id"],"kinds":["integer"]}` + "\n" + `[9223372036854775807]`))
	f.Add([]byte(`{"table":"x","columns":["a","b"],"kinds":["text"]}` + "\n[1]"))
	f.Add([]byte("{}\n[]"))
	z, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		read := func(part []byte) (h header, rows [][]any, err error) {
			_, err = unpack(bytes.NewReader(part), func(is header) error { h = is; return nil }, func(values []any) error {
				for i, v := range values {
					if b, ok := v.([]byte); ok {
						values[i] = slices.Clone(b)
					}
				}
				rows = append(rows, slices.Clone(values))
				return nil
			})
			return h, rows, err
		}
		h, rows, err := read(z.EncodeAll(text, nil))
		if err != nil || len(rows) == 0 {
			return
		}
		var again []byte
		p, err := newPacker(h, func(_ Part, data []byte) error { again = slices.Clone(data); return nil })
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if err := p.add(row); err != nil {
				t.Fatalf("what was read cannot be written: %v", err)
			}
		}
		if err := p.flush(); err != nil {
			t.Fatal(err)
		}
		_, same, err := read(again)
		is, _ := json.Marshal(rows)
		was, _ := json.Marshal(same)
		if err != nil || !bytes.Equal(is, was) {
			t.Fatalf("%s was written and read again as %s: %v", is, was, err)
		}
	})
}

// FuzzManifest reads a manifest, whose name holds its hash: one flipped bit is noticed.
func FuzzManifest(f *testing.F) {
	f.Add([]byte(`{"format":1,"log_key":"guild.example/log+4a943ade+AQ","position":7,"parts":[{"table":"event","sha256":"00","rows":7}]}`))
	f.Add([]byte(`{"format":1,"log_key":"k","position":-1}`))
	f.Add([]byte(`{"format":2}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, text []byte) {
		name := manifestName(1, 7, text)
		if _, err := parseManifest(name, text); err != nil {
			return
		}
		for i := range text {
			altered := bytes.Clone(text)
			altered[i] ^= 1
			if _, err := parseManifest(name, altered); err == nil {
				t.Fatalf("a flipped bit in byte %d was not noticed", i)
			}
		}
	})
}

// FuzzFile reads what may be a backup in a file, behind a beginning that is one. Without all parts of it, it is none.
func FuzzFile(f *testing.F) {
	f.Add("rows/event/x.jsonl.zst", []byte("x"), []byte(nil))
	f.Add("blobs/object", []byte("sealed"), make([]byte, 1024))
	f.Add("manifests/00000001.json", []byte("{}"), []byte("PK"))
	f.Add("", []byte(nil), []byte(nil))
	f.Fuzz(func(t *testing.T, name string, object, behind []byte) {
		about := []byte(`{"format":1,"web":"guild.example","log_key":"guild.example/log+4a943ade+AQ","position":7}`)
		var b bytes.Buffer
		w := tar.NewWriter(&b)
		for _, o := range []struct {
			name string
			text []byte
		}{{aboutName(about), about}, {name, object}} {
			if w.WriteHeader(&tar.Header{Name: o.name, Size: int64(len(o.text)), Mode: 0o600}) != nil {
				break // no such name can be in a file
			}
			_, _ = w.Write(o.text)
		}
		_ = w.Flush()
		for _, file := range [][]byte{append(b.Bytes(), behind...), object, behind} {
			from, err := Read(bytes.NewReader(file))
			if err != nil {
				continue
			}
			if _, err := Check(t.Context(), from, nil); err == nil {
				t.Fatal("it is taken for a backup")
			}
			_ = from.Close()
		}
	})
}

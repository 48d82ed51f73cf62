package vault_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"shingle/internal/pgtest"
	"shingle/internal/vault"
)

func BenchmarkSQLite(b *testing.B) {
	ctx := context.Background()
	benchmark(b, func(b *testing.B) *vault.Keyring {
		path, rootPath := filepath.Join(b.TempDir(), "keys.db"), filepath.Join(b.TempDir(), "root.key")
		root := initialised(b, vault.InitFile(ctx, path, rootPath), rootPath)
		k, err := vault.OpenFile(ctx, path, root)
		return opened(b, k, err)
	})
}

func BenchmarkPostgreSQL(b *testing.B) {
	ctx := context.Background()
	benchmark(b, func(b *testing.B) *vault.Keyring {
		address, rootPath := pgtest.URL(b), filepath.Join(b.TempDir(), "root.key")
		root := initialised(b, vault.InitDatabase(ctx, address, rootPath), rootPath)
		k, err := vault.OpenDatabase(ctx, address, root)
		return opened(b, k, err)
	})
}

func initialised(b testing.TB, err error, rootPath string) vault.Root {
	if err != nil {
		b.Fatal(err)
	}
	root, err := vault.ReadRoot(rootPath)
	if err != nil {
		b.Fatal(err)
	}
	return root
}

func opened(b testing.TB, k *vault.Keyring, err error) *vault.Keyring {
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = k.Close() })
	return k
}

func benchmark(b *testing.B, open func(b *testing.B) *vault.Keyring) {
	const batch = 500
	seal := func(b *testing.B, k *vault.Keyring, owner int) []byte {
		sealed, err := k.Seal(fmt.Sprintf("person/%09d", owner), "Ada Lovelace")
		if err != nil {
			b.Fatal(err)
		}
		return sealed
	}
	sync := func(b *testing.B, k *vault.Keyring) {
		if err := k.Sync(); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("seal for a new owner", func(b *testing.B) {
		k := open(b)
		for i := 0; b.Loop(); i++ {
			seal(b, k, i)
			if i%batch == batch-1 {
				b.StopTimer()
				sync(b, k)
				b.StartTimer()
			}
		}
	})
	b.Run("sync 500 new owners", func(b *testing.B) {
		k := open(b)
		for i := 0; b.Loop(); {
			b.StopTimer()
			for range batch {
				i++
				seal(b, k, i)
			}
			b.StartTimer()
			sync(b, k)
		}
		b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*batch), "µs/owner")
	})
	b.Run("seal for a known owner", func(b *testing.B) {
		k := open(b)
		for b.Loop() {
			seal(b, k, 1)
		}
	})
	for name, cold := range map[string]bool{"open": false, "open, key on disk": true} {
		b.Run(name, func(b *testing.B) {
			k := open(b)
			sealed := seal(b, k, 1)
			sync(b, k)
			for b.Loop() {
				if cold {
					k.Empty()
				}
				if _, err := k.Open("person/000000001", sealed); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

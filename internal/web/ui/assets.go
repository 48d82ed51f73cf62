package ui

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"maps"
	"net/http"
	"path"
	"slices"
	"time"
)

//go:embed assets/pico/pico.min.css assets/pico/LICENSE css/shingle.css css/print.css css/emblem.svg js/passkey.js
var files embed.FS

// assets are served under an address that holds their hash, so that they may be kept for ever.
var assets = func() map[string][]byte {
	m := map[string][]byte{}
	for _, name := range []string{"assets/pico/pico.min.css", "assets/pico/LICENSE", "css/shingle.css", "css/print.css", "css/emblem.svg", "js/passkey.js"} {
		b, err := files.ReadFile(name)
		if err != nil {
			panic("ui: " + err.Error())
		}
		m[path.Base(name)] = b
	}
	return m
}()

var addresses = func() map[string]string {
	m := map[string]string{}
	for name, b := range assets {
		sum := sha256.Sum256(b)
		m[name] = "/assets/" + hex.EncodeToString(sum[:6]) + "/" + name
	}
	return m
}()

// Asset returns the address of a style sheet, picture or script, e.g. of "shingle.css".
func Asset(name string) string { return addresses[name] }

// Assets serves "GET /assets/{hash}/{name}".
func Assets() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := path.Base(r.URL.Path)
		if addresses[name] != r.URL.Path {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(assets[name]))
	})
}

// Emblem serves the body's sign as the site's icon.
func Emblem(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Cache-Control", "public, max-age=86400")
	http.ServeContent(w, r, "emblem.svg", time.Time{}, bytes.NewReader(assets["emblem.svg"]))
}

// AssetNames returns what [Asset] knows.
func AssetNames() []string { return slices.Sorted(maps.Keys(addresses)) }

package site_test

import (
	"encoding/base64"
	"testing"

	"shingle/internal/web/webtest"
)

func TestAddressesAreText(t *testing.T) {
	h := pages(t, opened(t, 20))
	for _, path := range []string{
		"/%00", "/%ff", "/register/%00", "/register/00%ff", "/register/0001%00", "/notices/%00", "/notices/%c3", "/code/%00", "/code/%ff..2026.1",
		"/seal/%00", "/seal/%00.svg", "/log/leaf/%00", "/assets/%00", "/demo/%00", "/nothing/%ff",
	} {
		webtest.Get(t, h, path).Is(404).Has("h1", "There is no such page")
	}
	for _, path := range []string{"/", "/register", "/register.csv", "/register/0001", "/notices", "/notices.atom", "/notices/2026-0001", "/code",
		"/code/2026.1", "/why", "/log", "/log/leaf/0", "/seal/0001", "/seal/0001.svg", "/demo/clock", "/robots.txt"} {
		for _, query := range []string{"?q=%00", "?place=%ff", "?at=%00", "?before=2026%00", "?cursor=%c3%28", "?%00=1", "?as=text&x=a%00b", "?q=\xff"} {
			webtest.Get(t, h, path+query).Is(400).Has("h1", "This cannot be read")
		}
	}
	webtest.Get(t, h, "/register?q=Zo%C3%AB").Is(200)
	webtest.Get(t, h, "/register?sort=newest&cursor="+base64.RawURLEncoding.EncodeToString([]byte("0001\nyesterday"))).Is(400).Has("main", "begin again without the cursor")
}

package door

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
)

// next returns where a page is to lead on: to a path of ours, whatever was asked for.
func next(asked string) string {
	const home = ""
	u, err := url.Parse(asked)
	switch {
	case err != nil, u.Scheme != "", u.Host != "", u.User != nil, u.Opaque != "":
		return home
	case !strings.HasPrefix(asked, "/"), strings.HasPrefix(asked, "//"), strings.ContainsAny(asked, "\\"):
		return home // browsers read a backslash as a slash
	case strings.HasPrefix(u.Path, "//"), strings.ContainsFunc(asked, func(r rune) bool { return r <= ' ' || r == 0x7f }):
		return home // they leave tabs and line ends out
	case len(asked) > 2000:
		return home
	}
	return asked
}

// homeOr returns where somebody goes on: where they wanted to, or where they begin in their role.
func (d *Door) homeOr(asked, role, member string) string {
	if to := next(asked); to != "" {
		return to
	}
	if d.Home != nil {
		if to := d.Home(role, member); to != "" {
			return to
		}
	}
	return "/account"
}

// begin returns where somebody begins who acts in no role yet: on their account they choose one, or make the
// second passkey that an office asks for. Who holds nothing at all goes where newcomers do.
func (d *Door) begin(ctx context.Context, person string) string {
	roles, err := d.Accounts.Roles(ctx, person)
	if err == nil && len(roles) == 0 && d.Newcomers != "" {
		return d.Newcomers
	}
	return "/account"
}

// From returns by which address tries are counted: that of the connection, or, behind a proxy that is believed,
// the last one that no such proxy has. Whoever writes a header of their own is counted by where they are. An
// IPv6 network of 64 bits is one address: whoever has one has them all. It is "" for this machine itself: behind
// it may stand a proxy that nobody told us of, and all that come through it, and one of them would shut out all.
func (d *Door) From(r *http.Request) string {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return "" // the socket of the folder
	}
	addr := at.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		if !d.believes(addr) {
			break
		}
		before, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		addr = before.Unmap()
	}
	if addr.IsLoopback() {
		return ""
	}
	if addr.Is6() {
		if p, err := addr.WithZone("").Prefix(64); err == nil {
			return p.String()
		}
	}
	return addr.String()
}

func (d *Door) believes(addr netip.Addr) bool {
	return slices.ContainsFunc(d.Proxies, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// device says in words what somebody signs in with, so that they find it in a list. It holds nothing by which
// they could be told apart from others.
func device(agent string) string {
	browser, system := "A browser", ""
	for _, b := range [][2]string{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}} {
		if strings.Contains(agent, b[0]) {
			browser = b[1]
			break
		}
	}
	for _, s := range [][2]string{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"Mac OS X", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}} {
		if strings.Contains(agent, s[0]) {
			system = " on " + s[1]
			break
		}
	}
	return browser + system
}

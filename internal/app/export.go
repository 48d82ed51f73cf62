package app

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"shingle/internal/web/api"
	"shingle/internal/web/site"
	"shingle/internal/web/static"
	"shingle/internal/web/ui"
)

// exports are the places that this process exported to, so that one at a time is written to.
type exports struct {
	mu  sync.Mutex
	all map[string]*static.Export // by place and base
}

// facesAt returns what the body shows on the network as if it were reached at another address.
func (b *Body) facesAt(a *api.API, s *site.Site, origin string) http.Handler {
	config, other := a.Config, *s
	config.Origin, other.Origin = origin, origin
	public := http.NewServeMux()
	api.New(config).Routes(public)
	public.Handle("/log/checkpoint", b.logFiles(&other))
	public.Handle("/log/tile/", b.logFiles(&other))
	public.Handle("/", ui.Secure(other.Handler()))
	return public
}

// exportTo returns the export to a place; base is where its files will be reached, "" for the body's own site.
func (b *Body) exportTo(to, base string) (*static.Export, error) {
	if base == "" {
		base = "https://" + b.stamp.web
	}
	base = strings.TrimSuffix(base, "/")
	if _, host, ok := strings.Cut(base, "://"); !ok || host == "" || strings.ContainsAny(host, "/?#") || !strings.HasPrefix(base, "http") {
		return nil, errors.New("--base " + base + " is no web address of a host, such as https://register.example: the pages' links begin at its root")
	}
	b.exports.mu.Lock()
	defer b.exports.mu.Unlock()
	key := to + "\n" + base
	if x := b.exports.all[key]; x != nil {
		return x, nil
	}
	x := static.New(static.Config{
		Site: b.elsewhere(base), Base: base, Record: b.Record, Register: b.Register, Log: b.Log, Body: b.body, Due: b.fallDue, Logger: b.logger,
	}, to)
	if b.exports.all == nil {
		b.exports.all = map[string]*static.Export{}
	}
	b.exports.all[key] = x
	return x, nil
}

// Export writes the public site as files to a folder or a bucket: all of it, or what changed since the last
// time.
func (b *Body) Export(ctx context.Context, to, base string, anew bool, progress func(done, of int64)) (any, error) {
	x, err := b.exportTo(to, base)
	if err != nil {
		return nil, err
	}
	return x.Run(ctx, anew, progress)
}

// How often an export that failed is tried again.
const (
	soonest = 2 * time.Second
	latest  = time.Minute
)

// keepExported exports whatever is recorded, as it is recorded, until ctx ends.
func (b *Body) keepExported(ctx context.Context, x *static.Export) {
	pause, said := soonest, ""
	for ctx.Err() == nil {
		position := b.Record.Position()
		_, err := x.Run(ctx, false, nil)
		wait, waited := context.WithTimeout(ctx, time.Second) // also time alone changes something
		switch {
		case err == nil:
			if said != "" {
				b.logger.Info("the export goes on")
			}
			pause, said = soonest, ""
			_ = b.Record.Wait(wait, position)
		case ctx.Err() == nil:
			if err.Error() != said {
				b.logger.Error("the site could not be exported; it is tried again", "error", err)
			}
			said = err.Error()
			select {
			case <-time.After(pause):
			case <-ctx.Done():
			}
			pause = min(2*pause, latest)
		}
		waited()
	}
}

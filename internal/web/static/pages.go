package static

import (
	"context"
	_ "embed"
	"errors"
	"net/http"

	"shingle/internal/web/ui"
)

// missingPage is shown by servers of files for what is not there, where they are told so.
const missingPage = "404.html"

// headers tells hosts that read a file named _headers what cannot be seen from a file's name: types, and for
// how long it may be kept.
//
//go:embed headers.txt
var headers []byte

// wholeListAtMost is up to how many members the whole register is written as one file whenever one of them
// changes. A larger one is written as one file twice a day: its pages are always up to date.
const wholeListAtMost = 2000

// sitePages makes what there is once, and writes what changed of it. full says that the time has come for
// what costs as much as the register is large.
func (x *Export) sitePages(ctx context.Context, open, full bool) error {
	pages := []string{"/why", "/docs"}
	data := []string{"/.well-known/shingle.json", "/openapi.json", "/robots.txt", "/favicon.ico", "/api/v1/code"}
	for _, name := range ui.AssetNames() {
		data = append(data, ui.Asset(name))
	}
	versions, err := x.Register.Versions(ctx)
	if err != nil {
		return err
	}
	if len(versions) > 0 {
		pages = append(pages, "/code")
	}
	for i, v := range versions {
		pages = append(pages, "/code/"+v.Version)
		data = append(data, "/api/v1/code/"+v.Version)
		if i+1 < len(versions) {
			pages = append(pages, "/code/"+versions[i+1].Version+".."+v.Version)
		}
	}
	how := x.head
	if open {
		data = append(data, "/notices.atom", "/api/v1/log")
		pages = append(pages, "/log")
		how.Rows = int(x.head.Size - olderFrom(x.head.Size))
		b, err := x.Register.Body(ctx)
		if err != nil {
			return err
		}
		if full || b.Members <= wholeListAtMost {
			data = append(data, "/register.csv")
		}
	}
	var objects []made
	add := func(o object, ok bool, err error) error {
		if err == nil && !ok {
			err = errors.New(o.key + " cannot be made")
		}
		objects = append(objects, made{"site", o})
		return err
	}
	for _, address := range append(pages, "/") { // whoever begins at the beginning finds the rest
		o, ok, err := x.page(ctx, address, pageFile(address), how)
		if !ok {
			o.key = address
		}
		if err := add(o, ok, err); err != nil {
			return err
		}
	}
	for _, address := range data {
		o, ok, err := x.data(ctx, address, dataFile(address))
		if !ok {
			o.key = address
		}
		if err := add(o, ok, err); err != nil {
			return err
		}
	}
	for _, v := range versions { // the text as a file of its own
		a, err := x.ask(ctx, "/code/"+v.Version+"?as=text", ui.Static{})
		if err := add(object{"code/" + v.Version + "/code.md", a.header.Get("Content-Type"), "no-cache", a.body}, a.status == http.StatusOK, err); err != nil {
			return err
		}
	}
	missing, _, err := x.page(ctx, "/"+missingPage, missingPage, how)
	if err := add(missing, missing.key != "", err); err != nil {
		return err
	}
	objects = append(objects, made{"site", object{"_headers", "text/plain; charset=utf-8", "no-cache", headers}})
	return x.put(ctx, objects)
}

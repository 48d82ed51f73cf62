package ui

import "context"

// Static says how a page is made that will lie in a file, where nobody answers a form. Whoever writes such
// files puts it into the context of the request; a page then leaves out what only a server can do, and
// says so where a reader would look for it.
type Static struct {
	Rows     int        // of a list on this page; 0 for as many as always
	Next     string     // address of the page after it, "" on the last
	Contents []NavEntry // of a list: all of its pages
	// The head of the public log that the files have; the log may have grown since.
	Size             int64
	Root, Checkpoint string
}

type staticKey struct{}

// WithStatic asks for pages that lie in files.
func WithStatic(ctx context.Context, s Static) context.Context {
	return context.WithValue(ctx, staticKey{}, s)
}

// StaticOf reports whether the page will lie in a file, and how.
func StaticOf(ctx context.Context) (Static, bool) {
	s, ok := ctx.Value(staticKey{}).(Static)
	return s, ok
}

package api

import (
	"html/template"
	"log/slog"

	"shingle/internal/web/ui"
)

// NewCacheOf returns a cache that keeps so many bytes.
func NewCacheOf(most int) *Cache { return newCache(most) }

// DocsPage is a sample of what the page docs shows.
func DocsPage() any { return docsPage{} }

// DocsTemplate is the template of the page docs.
func DocsTemplate() *template.Template {
	return ui.Parse(pageFiles, slog.New(slog.DiscardHandler)).Template("docs")
}

// Fill puts made-up answers into the cache.
func (c *Cache) Fill(numbers ...string) {
	for _, n := range numbers {
		_, epoch := c.get(n, 0)
		c.put(n, madeUp(c, n), epoch)
	}
}

// Has reports whether the cache holds an answer about a member.
func (c *Cache) Has(number string) bool {
	e, _ := c.get(number, 0)
	return e != nil
}

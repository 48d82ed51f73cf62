package static

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"golang.org/x/net/html"

	"shingle/internal/web/ui"
)

// object is one file of the export, ready to be written.
type object struct {
	key   string // its path
	kind  string // content type
	cache string // Cache-Control
	body  []byte
}

// answer is what the site answers to one question.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// ask asks the site for an address, as a reader does.
func (x *Export) ask(ctx context.Context, address string, how ui.Static) (answer, error) {
	r := httptest.NewRequestWithContext(ui.WithStatic(ctx, how), http.MethodGet, address, nil)
	r.Header.Set("Accept", "text/html,*/*;q=0.8")
	w := httptest.NewRecorder()
	x.Site.ServeHTTP(w, r)
	if err := ctx.Err(); err != nil {
		return answer{}, err
	}
	a := answer{w.Code, w.Result().Header, w.Body.Bytes()}
	if a.status >= http.StatusInternalServerError {
		return a, fmt.Errorf("%s cannot be made right now: it answers %d %s", address, a.status, firstLine(a.body))
	}
	return a, nil
}

func firstLine(body []byte) string {
	line, _, _ := strings.Cut(strings.TrimSpace(string(body)), "\n")
	if len(line) > 300 || strings.HasPrefix(line, "<") {
		return ""
	}
	return line
}

// page makes the file of a page. It returns false if the site has no such page; an expired notice's page
// says so and remains.
func (x *Export) page(ctx context.Context, address, key string, how ui.Static) (object, bool, error) {
	a, err := x.ask(ctx, address, how)
	if err != nil || a.status != http.StatusOK && a.status != http.StatusGone && key != missingPage {
		return object{}, false, err
	}
	body, err := relink(a.body)
	return object{key, a.header.Get("Content-Type"), a.header.Get("Cache-Control"), body}, true, err
}

// data makes the file of what is no page. It returns false if the site has no such thing, or no more.
func (x *Export) data(ctx context.Context, address, key string) (object, bool, error) {
	a, err := x.ask(ctx, address, x.head)
	if err != nil || a.status != http.StatusOK {
		return object{}, false, err
	}
	return object{key, a.header.Get("Content-Type"), a.header.Get("Cache-Control"), a.body}, true, nil
}

// relink lets the links of a page lead to files. All but the tags of such links stays as it is, byte for byte.
func relink(page []byte) ([]byte, error) {
	var out bytes.Buffer
	tokens := html.NewTokenizer(bytes.NewReader(page))
	for {
		kind := tokens.Next()
		if kind == html.ErrorToken {
			break
		}
		raw := string(tokens.Raw()) // taken before the token is
		if kind == html.StartTagToken || kind == html.SelfClosingTagToken {
			token, changed := tokens.Token(), false
			for i, a := range token.Attr {
				switch a.Key {
				case "href", "src", "action":
					token.Attr[i].Val = link(a.Val)
					changed = changed || token.Attr[i].Val != a.Val
				}
			}
			if changed {
				raw = token.String()
			}
		}
		out.WriteString(raw)
	}
	out.Write(tokens.Raw()) // a page that breaks off
	if err := tokens.Err(); !errors.Is(err, io.EOF) {
		return nil, err
	}
	return out.Bytes(), nil
}

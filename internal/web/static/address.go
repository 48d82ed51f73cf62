package static

import (
	"net/url"
	"strings"
)

// A page is the index of a folder named like its address: any server of files shows register/0042/index.html
// at /register/0042/, and most lead there from /register/0042. What is no page lies at its own address;
// where an address of the API has others below it, its file is index.json in a folder.

// pageFile returns the file of a page at an address without a query, e.g. "/register/0042".
func pageFile(path string) string {
	if path == "/" {
		return "index.html"
	}
	return strings.Trim(path, "/") + "/index.html"
}

// dataFile returns the file of what is no page.
func dataFile(path string) string {
	parts := strings.Split(strings.TrimPrefix(path, "/"), "/")
	if len(parts) >= 3 && parts[0] == "api" {
		switch rest := parts[2:]; {
		case len(rest) == 1 && (rest[0] == "members" || rest[0] == "notices" || rest[0] == "code"),
			len(rest) == 2 && rest[0] == "members":
			parts = append(parts, "index.json")
		}
	}
	return strings.Join(parts, "/")
}

// files are the beginnings and ends of addresses that are no pages.
var (
	fileBeginnings = []string{"/assets/", "/api/", "/.well-known/", "/log/tile/", "/log/checkpoint", "/openapi.json", "/favicon.ico", "/robots.txt"}
	fileEnds       = []string{".svg", ".atom", ".csv", "/code.md", "/certificate.json"}
)

func isFile(path string) bool {
	for _, b := range fileBeginnings {
		if strings.HasPrefix(path, b) {
			return true
		}
	}
	for _, e := range fileEnds {
		if strings.HasSuffix(path, e) {
			return true
		}
	}
	return false
}

// link returns where a link of a page leads among the files. What leads elsewhere stays as it is.
func link(href string) string {
	if !strings.HasPrefix(href, "/") || strings.HasPrefix(href, "//") {
		return href
	}
	u, err := url.Parse(href)
	if err != nil {
		return href
	}
	path, query := u.Path, u.Query()
	switch {
	case path == "/register" && len(query) == 1 && query.Get("status") != "":
		path = "/register/status/" + query.Get("status")
	case path == "/log" && len(query) == 1 && query.Get("before") != "":
		path = "/log/before/" + query.Get("before")
	case strings.HasPrefix(path, "/code/") && query.Get("as") == "text":
		path += "/code.md"
	case len(query) > 0:
		return href
	}
	if !isFile(path) && !strings.HasSuffix(path, "/") {
		path += "/"
	}
	return (&url.URL{Path: path, Fragment: u.Fragment}).String()
}

package static

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"shingle/internal/body/standing"
	view "shingle/internal/view/body"
	"shingle/internal/web/ui"
)

// A list is cut into pages that keep their addresses: each begins at a place in the order by name and
// reaches to where the next one begins. A member that comes or changes its name so changes one page or two,
// and not all that stand after it. A page that grows too long is cut in two; the new one has a new number.
const (
	rowsAtFirst = 50
	rowsAtMost  = 100
)

// listPage is one page of a list.
type listPage struct {
	ID    int        `json:"id"`
	From  view.Place `json:"from"` // members after this place; the zero value for the first page
	First string     `json:"first"`
}

// lists are the pages of all lists, in order, by the list's name: "" of all members, else a status.
type lists map[string][]listPage

func listNames() []string {
	names := []string{""}
	for _, s := range standing.Statuses {
		names = append(names, string(s))
	}
	return names
}

// names returns the names of all pages, the first of each list among them in any case.
func (l lists) names() (names []string) {
	for _, list := range listNames() {
		names = append(names, pageName(list, 0))
		for _, page := range l[list] {
			names = append(names, pageName(list, page.ID))
		}
	}
	return names
}

// pageAddress returns where a page of a list lies; number 0 is the first.
func pageAddress(list string, id int) string {
	path := "/register"
	if list != "" {
		path += "/status/" + list
	}
	if id == 0 {
		return path
	}
	if list == "" {
		path += "/list"
	}
	return path + "/" + strconv.Itoa(id)
}

func pageName(list string, id int) string { return list + "/" + strconv.Itoa(id) }

// at returns which of the pages a place is on.
func at(pages []listPage, p view.Place) int {
	i, _ := slices.BinarySearchFunc(pages, p, func(page listPage, p view.Place) int {
		if page.From.Compare(p) < 0 {
			return -1
		}
		return 1
	})
	return max(i-1, 0)
}

// apiPage is a page of members as the API has it.
type apiPage struct {
	Members []json.RawMessage `json:"members"`
	Total   int64             `json:"total,omitempty"`
	AtLeast bool              `json:"at_least,omitempty"`
	Next    *string           `json:"next"`
}

// memberOf returns the number and name of a row.
func memberOf(row json.RawMessage) (m struct{ Number, Name string }, err error) {
	return m, json.Unmarshal(row, &m)
}

func placeOf(row json.RawMessage) (view.Place, error) {
	m, err := memberOf(row)
	return view.PlaceOf(m.Name, m.Number), err
}

// lists brings pages of lists up to date: those that hold one of the places, by list, and those that are
// named.
func (x *Export) lists(ctx context.Context, places map[string][]view.Place, named []string) error {
	if len(places) == 0 && len(named) == 0 {
		return nil
	}
	all := lists{}
	if _, err := x.readJSON(ctx, listsFile, &all); err != nil {
		return err
	}
	before, _ := json.Marshal(all)
	for _, list := range listNames() {
		wanted := map[int]bool{}
		if len(all[list]) == 0 {
			all[list], wanted[0] = []listPage{{}}, true
		}
		for _, p := range places[list] {
			wanted[all[list][at(all[list], p)].ID] = true
		}
		for _, page := range all[list] {
			if slices.Contains(named, pageName(list, page.ID)) {
				wanted[page.ID] = true
			}
		}
		if len(wanted) == 0 {
			continue
		}
		wanted[0] = true // it says how many there are, and where the others begin
		pages, err := x.list(ctx, list, all[list], wanted)
		if err != nil {
			return err
		}
		all[list] = pages
	}
	after, err := json.Marshal(all)
	if err != nil || string(before) == string(after) {
		return err
	}
	return x.writeJSON(ctx, listsFile, all) // after the pages that it names
}

// list makes the wanted pages of a list anew, cuts those that are too long and joins those that are empty to
// the page after them.
func (x *Export) list(ctx context.Context, list string, pages []listPage, wanted map[int]bool) ([]listPage, error) {
	read := map[int]apiPage{}
	var gone []int
	for i := 0; i < len(pages); i++ {
		if !wanted[pages[i].ID] {
			continue
		}
		page, err := x.reach(ctx, list, pages, i)
		if err != nil {
			return nil, err
		}
		switch {
		case len(page.Members) > rowsAtMost:
			newest := slices.MaxFunc(pages, func(a, b listPage) int { return a.ID - b.ID })
			last, err := placeOf(page.Members[rowsAtFirst-1])
			if err != nil {
				return nil, err
			}
			fresh := listPage{ID: newest.ID + 1, From: last}
			wanted[fresh.ID] = true
			pages = slices.Insert(pages, i+1, fresh)
			page.Members = page.Members[:rowsAtFirst]
		case len(page.Members) == 0 && i+1 < len(pages):
			gone = append(gone, pages[i+1].ID)
			pages = slices.Delete(pages, i+1, i+2)
			i-- // once more, further
			continue
		case len(page.Members) == 0 && i > 0:
			gone = append(gone, pages[i].ID)
			pages = slices.Delete(pages, i, i+1)
			wanted[pages[i-1].ID] = true // it led on to it
			i -= 2
			continue
		}
		pages[i].First = ""
		if len(page.Members) > 0 {
			m, err := memberOf(page.Members[0])
			if err != nil {
				return nil, err
			}
			pages[i].First = m.Name
		}
		read[pages[i].ID] = page
	}
	// Later pages first: whoever follows "next" finds it.
	for i, page := range slices.Backward(pages) {
		if _, ok := read[page.ID]; !ok {
			continue
		}
		objects, err := x.listObjects(ctx, list, pages, i, read[page.ID])
		if err != nil {
			return nil, err
		}
		if err := x.put(ctx, ofGroup(listGroup(list, page.ID), objects...)); err != nil {
			return nil, err
		}
		x.listed = append(x.listed, pageName(list, page.ID))
	}
	for _, id := range gone {
		if slices.ContainsFunc(pages, func(p listPage) bool { return p.ID == id }) {
			continue // its number went to a new page
		}
		if err := x.drop(ctx, listGroup(list, id), pageFile(pageAddress(list, id)), jsonFile(list, id)); err != nil {
			return nil, err
		}
	}
	return pages, nil
}

// reach reads what stands on page i, up to one row too many.
func (x *Export) reach(ctx context.Context, list string, pages []listPage, i int) (page apiPage, err error) {
	query := listQuery(list, pages[i].From)
	query.Set("limit", strconv.Itoa(rowsAtMost+1))
	address := "/api/v1/members?" + query.Encode()
	a, err := x.ask(ctx, address, ui.Static{})
	if err == nil && a.status != http.StatusOK {
		err = fmt.Errorf("%s cannot be made: it answers %d %s", address, a.status, firstLine(a.body))
	}
	if err == nil {
		err = json.Unmarshal(a.body, &page)
	}
	for n, row := range page.Members {
		p, rowErr := placeOf(row)
		if err = errors.Join(err, rowErr); i+1 < len(pages) && p.Compare(pages[i+1].From) > 0 {
			page.Members = page.Members[:n]
			break
		}
	}
	return page, err
}

func listQuery(list string, from view.Place) url.Values {
	query := url.Values{}
	if list != "" {
		query.Set("status", list)
	}
	if c := from.Cursor(); c != "" {
		query.Set("cursor", c)
	}
	return query
}

func listGroup(list string, id int) string {
	if list == "" {
		list = "all"
	}
	return fmt.Sprintf("list-%s-%d", list, id/64)
}

func jsonFile(list string, id int) string {
	path := "api/v1/members/"
	if list == "" && id == 0 {
		return path + "index.json"
	}
	if list != "" {
		return path + "status/" + pageName(list, id)
	}
	return path + "list/" + strconv.Itoa(id)
}

// listObjects makes the files of one page of a list: for people and for programs.
func (x *Export) listObjects(ctx context.Context, list string, pages []listPage, i int, page apiPage) ([]object, error) {
	static := ui.Static{Rows: len(page.Members)}
	if i+1 < len(pages) {
		static.Next = pageAddress(list, pages[i+1].ID)
		next := strconv.Itoa(pages[i+1].ID)
		page.Next = &next
	} else {
		page.Next = nil
	}
	if i == 0 && len(pages) > 1 {
		for _, p := range pages {
			static.Contents = append(static.Contents, ui.NavEntry{Href: pageAddress(list, p.ID), Label: p.First})
		}
	}
	if i > 0 {
		page.Total = 0 // the first page says it: others change when they have to
	}
	address := "/register?" + listQuery(list, pages[i].From).Encode()
	shown, ok, err := x.page(ctx, address, pageFile(pageAddress(list, pages[i].ID)), static)
	if err == nil && !ok {
		err = errors.New(address + " cannot be made")
	}
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(page)
	if err != nil {
		return nil, err
	}
	return []object{{jsonFile(list, pages[i].ID), "application/json", "no-cache", append(text, '\n')}, shown}, nil
}

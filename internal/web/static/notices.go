package static

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"time"

	"shingle/internal/web/ui"
)

const (
	noticesAtFirst = 25
	noticesAtMost  = 50
)

// noticesPage is one page of the list of notices. Like those of the members' lists it keeps its address:
// the newest page grows until it is cut, and older ones change only if a notice of theirs does.
type noticesPage struct {
	ID     int      `json:"id"`     // 0 is the newest
	Before string   `json:"before"` // the page begins after this notice
	IDs    []string `json:"ids"`    // newest first
}

// notices brings the pages of notices up to date of which something is told: published, corrected or
// expired. all of them, if nothing is known of any.
func (x *Export) notices(ctx context.Context, touched []string, now time.Time, all bool) error {
	if len(touched) == 0 && !all {
		return nil
	}
	g, err := x.group(ctx, "notices")
	if err != nil {
		return err
	}
	pages := g.Pages
	if all {
		if pages, touched, err = x.allNotices(ctx, now, pages); err != nil {
			return err
		}
	}
	if len(pages) == 0 {
		pages = []noticesPage{{}}
	}
	wanted := map[int]bool{0: true}
	if all {
		for _, p := range pages {
			wanted[p.ID] = true
		}
	}
	for _, id := range touched {
		if err := x.notice(ctx, id); err != nil {
			return err
		}
		n, err := x.Register.Notice(ctx, id)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(pages, func(p noticesPage) bool { return slices.Contains(p.IDs, id) })
		switch expired := n.Expired(now); {
		case i < 0 && !expired:
			pages[0].IDs = slices.Insert(pages[0].IDs, 0, id)
		case i >= 0 && expired:
			pages[i].IDs = slices.DeleteFunc(pages[i].IDs, func(s string) bool { return s == id })
		}
		if i >= 0 {
			wanted[pages[i].ID] = true
		}
	}
	pages, gone := tidy(pages, wanted)
	var objects []made
	for i, p := range slices.Backward(pages) {
		if wanted[p.ID] {
			made, err := x.noticesPage(ctx, pages, i)
			if err != nil {
				return err
			}
			objects = append(objects, made...)
		}
	}
	if err := x.put(ctx, objects); err != nil {
		return err
	}
	for _, id := range gone {
		if slices.ContainsFunc(pages, func(p noticesPage) bool { return p.ID == id }) {
			continue // its number went to a new page
		}
		page, data := noticesFiles(id)
		if err := x.drop(ctx, "notices", pageFile(page), data); err != nil {
			return err
		}
	}
	g.Pages = pages
	x.changed["notices"] = true
	return nil
}

// tidy cuts the newest page where it is too long, and joins pages that are empty to the next older one.
func tidy(pages []noticesPage, wanted map[int]bool) (_ []noticesPage, gone []int) {
	for len(pages[0].IDs) > noticesAtMost {
		newest := slices.MaxFunc(pages, func(a, b noticesPage) int { return a.ID - b.ID })
		stay := len(pages[0].IDs) - noticesAtFirst
		older := noticesPage{ID: newest.ID + 1, Before: pages[0].IDs[stay-1], IDs: slices.Clone(pages[0].IDs[stay:])}
		pages[0].IDs = slices.Clone(pages[0].IDs[:stay])
		pages = slices.Insert(pages, 1, older)
		wanted[older.ID] = true
	}
	for i := 0; i < len(pages); i++ {
		switch {
		case len(pages[i].IDs) > 0:
		case i+1 < len(pages):
			gone = append(gone, pages[i+1].ID)
			pages[i].IDs = pages[i+1].IDs
			wanted[pages[i].ID] = true
			pages = slices.Delete(pages, i+1, i+2)
			i--
		case i > 0:
			gone = append(gone, pages[i].ID)
			wanted[pages[i-1].ID] = true
			pages = pages[:i]
		}
	}
	return pages, gone
}

// allNotices reads which notices there are, in pages, as far as nothing is known of them.
func (x *Export) allNotices(ctx context.Context, now time.Time, known []noticesPage) (pages []noticesPage, ids []string, err error) {
	var current []string
	for before := ""; ; {
		some, err := x.Register.Notices(ctx, "", before, now, 200)
		if err != nil {
			return nil, nil, err
		}
		for _, n := range some {
			current = append(current, n.ID)
			before = n.ID
		}
		if len(some) < 200 {
			break
		}
	}
	expired, err := x.Register.NoticesExpired(ctx, time.Time{}, now)
	if err != nil {
		return nil, nil, err
	}
	for _, n := range expired {
		ids = append(ids, n.ID)
	}
	for _, id := range slices.Backward(current) { // the oldest first, as they came
		ids = append(ids, id)
	}
	if len(known) > 0 {
		return known, ids, nil
	}
	return []noticesPage{{IDs: slices.Clone(current)}}, ids, nil
}

// notice makes the page of one notice, and what a program reads of it. Of one that has expired the page
// remains and says so.
func (x *Export) notice(ctx context.Context, id string) error {
	page, data := "/notices/"+id, "/api/v1/notices/"+id
	shown, ok, err := x.page(ctx, page, pageFile(page), x.head)
	if err == nil && !ok {
		err = errors.New(page + " cannot be made")
	}
	if err != nil {
		return err
	}
	o, ok, err := x.data(ctx, data, dataFile(data))
	if err != nil {
		return err
	}
	if err := x.catchUp(ctx); err != nil { // the page names its leaf
		return err
	}
	group := "notice/" + id
	objects := []object{shown}
	if ok {
		objects = append(objects, o)
	} else if err := x.drop(ctx, group, dataFile(data)); err != nil {
		return err
	}
	certified, err := x.certificate(ctx, page)
	if err != nil {
		return err
	}
	if len(certified) == 0 {
		if err := x.drop(ctx, group, pageFile(page+"/certificate"), page[1:]+"/certificate.json"); err != nil {
			return err
		}
	}
	return x.put(ctx, ofGroup(group, append(objects, certified...)...))
}

// certificate makes the certificate of procedure of the case that a notice ends, if it ends one, and has not expired.
func (x *Export) certificate(ctx context.Context, notice string) ([]object, error) {
	page, data := notice+"/certificate", notice+"/certificate.json"
	o, ok, err := x.data(ctx, data, dataFile(data))
	if err != nil || !ok {
		return nil, err
	}
	shown, ok, err := x.page(ctx, page, pageFile(page), x.head)
	if err == nil && !ok {
		err = errors.New(page + " cannot be made")
	}
	return []object{shown, o}, err
}

// noticesFiles returns the address of a page of the list, and the file for programs.
func noticesFiles(id int) (page, data string) {
	if id == 0 {
		return "/notices", dataFile("/api/v1/notices")
	}
	n := strconv.Itoa(id)
	return "/notices/page/" + n, "api/v1/notices/page/" + n
}

func (x *Export) noticesPage(ctx context.Context, pages []noticesPage, i int) ([]made, error) {
	p := pages[i]
	static := ui.Static{Rows: len(p.IDs)}
	var next *string
	if i+1 < len(pages) {
		static.Next, _ = noticesFiles(pages[i+1].ID)
		n := strconv.Itoa(pages[i+1].ID)
		next = &n
	}
	address, file := noticesFiles(p.ID)
	query := url.Values{}
	if p.Before != "" {
		query.Set("before", p.Before)
	}
	shown, ok, err := x.page(ctx, "/notices?"+query.Encode(), pageFile(address), static)
	if err == nil && !ok {
		err = errors.New("the list of notices cannot be made")
	}
	if err != nil {
		return nil, err
	}
	query = url.Values{"limit": {strconv.Itoa(max(len(p.IDs), 1))}}
	if p.Before != "" {
		query.Set("cursor", p.Before)
	}
	o, ok, err := x.data(ctx, "/api/v1/notices?"+query.Encode(), file)
	if err == nil && !ok {
		err = errors.New("the list of notices cannot be made")
	}
	if err != nil {
		return nil, err
	}
	var list struct {
		Notices json.RawMessage `json:"notices"`
		Next    *string         `json:"next"`
	}
	if err := json.Unmarshal(o.body, &list); err != nil {
		return nil, err
	}
	list.Next = next
	text, err := json.Marshal(list)
	o.body = append(text, '\n')
	return ofGroup("notices", o, shown), err
}

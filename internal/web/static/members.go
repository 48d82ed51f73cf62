package static

import (
	"context"
	"encoding/json"

	view "shingle/internal/view/body"
)

// membersAtOnce is how many members are made before they are written.
const membersAtOnce = 100

// memberFiles are the files of one member. Receipts, seals, pages and standings carry a date and are made
// anew as it passes.
func memberFiles(number, what string) (pages, data map[string]string) {
	api := "/api/v1/members/" + number
	receipt := map[string]string{api + "/receipt": dataFile(api + "/receipt")}
	if what == receiptsOnly {
		return nil, receipt
	}
	page := "/register/" + number
	receipt[api] = dataFile(api)
	receipt[api+"/standing"] = dataFile(api + "/standing")
	receipt[page+"/changes.atom"] = dataFile(page + "/changes.atom")
	receipt["/seal/"+number+".svg"] = dataFile("/seal/" + number + ".svg")
	return map[string]string{page: pageFile(page)}, receipt
}

// What a sweep makes anew of each member.
const (
	receiptsOnly = "receipts"
	whatIsDated  = "dated"
	everyone     = "all"   // something happened that bears on everyone
	anew         = "whole" // nothing is there yet, or all pages look different
)

// members makes the files of members and writes them, after what they name of the public log. It returns
// the places in lists that changed with them.
func (x *Export) members(ctx context.Context, numbers []string, what string) (map[string][]view.Place, error) {
	places := map[string][]view.Place{}
	for len(numbers) > 0 {
		n := min(len(numbers), membersAtOnce)
		if err := x.batch(ctx, numbers[:n], what, places); err != nil {
			return nil, err
		}
		numbers = numbers[n:]
	}
	return places, nil
}

func (x *Export) batch(ctx context.Context, numbers []string, what string, places map[string][]view.Place) error {
	var names []string
	for _, number := range numbers {
		names = append(names, "member/"+number)
	}
	if err := x.gather(ctx, names); err != nil {
		return err
	}
	var all []made
	gone := map[string][]string{}
	for i, number := range numbers {
		objects, missing, err := x.member(ctx, number, what)
		if err != nil {
			return err
		}
		g := x.groups[names[i]]
		if what != receiptsOnly {
			if err := x.move(g, names[i], number, objects, what, places); err != nil {
				return err
			}
		}
		for _, key := range missing {
			if g.Objects[key] != "" {
				gone[names[i]] = append(gone[names[i]], key)
			}
		}
		all = append(all, ofGroup(names[i], objects...)...)
	}
	// The log catches up after what names it was made, and is written before it.
	if err := x.catchUp(ctx); err != nil {
		return err
	}
	if err := x.put(ctx, all); err != nil {
		return err
	}
	for name, keys := range gone {
		if err := x.drop(ctx, name, keys...); err != nil {
			return err
		}
	}
	return nil
}

// member makes the files of one member; missing are those that it has none of.
func (x *Export) member(ctx context.Context, number, what string) (objects []object, missing []string, err error) {
	pages, data := memberFiles(number, what)
	for address, key := range pages {
		o, ok, err := x.page(ctx, address, key, x.head)
		if err != nil {
			return nil, nil, err
		}
		if ok {
			objects = append(objects, o)
		} else {
			missing = append(missing, key)
		}
	}
	for address, key := range data {
		o, ok, err := x.data(ctx, address, key)
		if err != nil {
			return nil, nil, err
		}
		if ok {
			objects = append(objects, o)
		} else {
			missing = append(missing, key)
		}
	}
	return objects, missing, nil
}

// move notes where a member stands in the lists now, and where it stood.
func (x *Export) move(g *group, name, number string, objects []object, what string, places map[string][]view.Place) error {
	var facts struct {
		Name     string
		Standing struct{ Status string }
	}
	key := dataFile("/api/v1/members/" + number)
	changed := what == "" || what == everyone
	for _, o := range objects {
		if o.key == key {
			if err := json.Unmarshal(o.body, &facts); err != nil {
				return err
			}
			changed = changed || g.Objects[key] != hashOf(o)
		}
	}
	var place view.Place
	if facts.Standing.Status != "" {
		place = view.PlaceOf(facts.Name, number)
	}
	if !changed && place == g.Place && facts.Standing.Status == g.Status {
		return nil
	}
	for _, was := range []struct {
		place  view.Place
		status string
	}{{g.Place, g.Status}, {place, facts.Standing.Status}} {
		if was.status != "" {
			places[""] = append(places[""], was.place)
			places[was.status] = append(places[was.status], was.place)
		}
	}
	if g.Place != place || g.Status != facts.Standing.Status {
		g.Place, g.Status = place, facts.Standing.Status
		x.changed[name] = true
	}
	return nil
}

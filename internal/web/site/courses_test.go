package site_test

import (
	"testing"

	"shingle/internal/act"
	"shingle/internal/body/education"
	"shingle/internal/web/webtest"
)

func TestTheCatalogueIsPublic(t *testing.T) {
	b := opened(t, 20)
	s := pages(t, b)
	webtest.Get(t, s, "/courses").Is(200).Has("div.empty", "No course counts yet.")
	b.Do(education.Offer{Title: "Keys & <locks>", Minutes: 60})
	b.Do(education.Apply{Name: "Courses Inc.", Contact: act.NewPersonal("", "ann@courses.example")})
	b.Do(education.Offer{Title: "Walls", Provider: "P-0001", Minutes: 90})
	webtest.Get(t, s, "/courses").Is(200).Has("tbody th", "Keys & <locks>").HasNo("a[href=/courses/C-0002]")
	b.Do(education.Approve{Provider: "P-0001"})
	page := webtest.Get(t, s, "/courses?q=wal").Is(200).Has("a[href=/courses/C-0002]", "Walls").Has("tbody td", "Courses Inc.").HasNo("a[href=/courses/C-0001]")
	page.HasNo("tbody td[data-label=Contact]")
	webtest.Get(t, s, "/courses?q=nothing").Is(200).Has("h2", "Not found")
	webtest.Get(t, s, "/courses/C-0001").Is(200).Has("h1", "Keys & <locks>").Has("p.lead", "Its completions count today.")
	b.Do(education.Withdraw{Course: "C-0001", Reason: "outdated"})
	webtest.Get(t, s, "/courses/C-0009").Is(404)
	webtest.Get(t, s, "/courses?after=x").Is(400)
	webtest.Get(t, s, "/courses?q=%ff%fe&topic=%00").Is(400)
}

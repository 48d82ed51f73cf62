package governance

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"shingle/internal/act"
	"shingle/internal/act/acttest"
)

func on(day string) acttest.Option { return acttest.At(noon(day)) }

func noon(day string) time.Time { return date(day).Start(time.UTC).Add(12 * time.Hour) }

func date(s string) act.Date {
	d, err := act.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func asking(t *testing.T) *acttest.Story { return acttest.For(t, Domain()) }

var founding = Founded{Name: "The Demo Body", Zone: "Europe/Dublin", Web: "demo.example", At: noon("2026-01-10")}

// demo is the founded body, gone live on that day; "" for launch mode.
func demo(live string) Body {
	b := evolveBody(Body{}, founding)
	if live != "" {
		b = evolveBody(b, Opened{GoLive: date(live), Start: date(live).Start(b.Location), At: noon(live)})
	}
	return b
}

func text(version, effective string) string {
	return "---\ntitle: Code of Ethics\nversion: \"" + version + "\"\neffective: " + effective + "\ntransition: 90d\n---\n## 1 Confidentiality {#1}\n\nKeep it.\n"
}

func TestTheTextInForceIsTheLatestThatTookEffect(t *testing.T) {
	c := Code{}
	for _, v := range []string{"2026-03-01", "2027-03-01"} {
		c = evolveCode(c, adopted(t, v[:4], v))
	}
	for day, want := range map[string]string{"2026-02-28": "", "2026-03-01": "2026", "2027-02-28": "2026", "2028-01-01": "2027"} {
		a, ok := c.InForce(noon(day))
		if ok != (want != "") || ok && a.Label != want {
			t.Errorf("on %s in force: %v %v", day, ok, a)
		}
	}
}

func TestAnAdoptedTextStaysAdopted(t *testing.T) {
	e := adopted(t, "2026", "2026-03-01")
	e.Text = "what no reader accepts any more"
	v := evolveCode(Code{}, e).Versions[0]
	if v.Label != "2026" || v.Hash() != e.SHA256 || string(v.Text) != e.Text {
		t.Errorf("%+v", v)
	}
}

func TestFoldsTakeWhatComes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) act.Date {
			return act.On(2026, 1, rapid.IntRange(1, 900).Draw(t, "day"))
		}), 0, 5)
		b, c := Body{}, Code{}
		for range rapid.IntRange(0, 8).Draw(t, "events") {
			var e act.Event
			switch rapid.IntRange(0, 3).Draw(t, "sort") {
			case 0:
				e = Founded{Zone: rapid.SampledFrom([]string{"UTC", "Europe/Dublin", "No/Where"}).Draw(t, "zone"), Holidays: days.Draw(t, "days")}
			case 1:
				e = Opened{GoLive: act.On(2026, 1, 1)}
			case 2:
				e = HolidaysSet{Year: rapid.IntRange(2026, 2028).Draw(t, "year"), Holidays: days.Draw(t, "days")}
			case 3:
				e = Adopted{Version: "x", Text: rapid.String().Draw(t, "text"), SHA256: rapid.String().Draw(t, "sha")}
			}
			before := len(b.Holidays)
			after := evolveBody(b, e)
			if len(b.Holidays) != before {
				t.Fatal("the state that was given changed")
			}
			b, c = after, evolveCode(c, e)
		}
	})
}

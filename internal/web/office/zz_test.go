package office
import ("testing";"os";"net/http/httptest";"time";"shingle/internal/act";"shingle/internal/web/webtest")
func TestZZ(t *testing.T){
	s := startUp(t, webtest.SQLite)
	s.EnrolExample(40, act.On(2026,3,2), act.On(2027,2,1))
	server := httptest.NewServer(webtest.As(registrar, s)); defer server.Close()
	ps := httptest.NewServer(webtest.As(president, s)); defer ps.Close()
	b := webtest.Open(t)
	shot := func(n, a string, sc webtest.Screen){ b.Visit(a, sc); os.WriteFile("/tmp/L/"+n+".png", b.Picture(true), 0o644) }
	shot("preview", server.URL+"/office/launch/send/invite", webtest.Desk)
	s.sends(t,"invite"); 
	shot("run", server.URL+"/office/launch/run", webtest.Desk)
	s.Pass(15*24*time.Hour)
	shot("launch", server.URL+"/office/launch", webtest.Desk)
	shot("launch-phone", server.URL+"/office/launch", webtest.PhoneDark)
	f := webtest.Get(t, webtest.As(president, s), "/office/launch/open").Form("Continue"); f.Set("go_live","2026-04-01")
	shot("open", ps.URL+"/office/launch/open", webtest.Desk)
	d := webtest.Post(t, webtest.As(president, s), "/office/launch/open", f); os.WriteFile("/tmp/L/open.html", []byte(d.Text), 0o644)
}

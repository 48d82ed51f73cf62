package bench

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"

	"shingle/internal/act"
)

var (
	firstWords  = strings.Fields("Cobalt Amber Granite Harbor Juniper Keystone Larch Meridian Northgate Osprey Pioneer Quarry Ridge Summit Tamarack Umber Vantage Willow Yarrow Zenith Aspen Birch Cedar Delta Ember Fjord Glacier Heron Indigo Jasper")
	secondWords = strings.Fields("Bay Bridge Brook Canyon Cliff Cove Creek Field Forest Gate Grove Hill Lake Meadow Mesa Mill Park Peak Point Pond River Rock Shore Spring Stone Trail Vale View Wood Works")
	thirdWords  = strings.Fields("IT Systems Networks Technologies Solutions Computing Cloud Managed-Services Consulting Partners")
	places      = strings.Fields("Albany Boise Chicago Dayton Eugene Fresno Gary Houston Irvine Jackson Knoxville Lincoln Madison Norfolk Omaha Portland Quincy Reno Salem Tampa Utica Vallejo Wichita Yonkers Zanesville")
	countries   = []string{"United States", "Canada", "United Kingdom", "Ireland", "Australia", "New Zealand"}
	services    = []string{"managed IT", "helpdesk", "cloud", "cybersecurity", "VoIP", "backup", "remote monitoring", "compliance"}
)

// columns are those that member fills.
var columns = strings.Split("number,name,trading_names,domains,address,place,country,services,contact_name,contact_email,admitted,subscribed,paid_through", ",")

// number returns the number of the i-th member.
func number(i int) string { return fmt.Sprintf("%07d", i+1) }

// writeRoster writes a roster of n fictional members as of today; the code has been in force since
// adopted. The same n and days give the same file.
func writeRoster(path string, n int, adopted, today act.Date) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	buffer := bufio.NewWriterSize(file, 1<<20)
	out := csv.NewWriter(buffer)
	if err := out.Write(columns); err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(330, uint64(n)))
	for i := range n {
		if err := out.Write(member(r, i, adopted, today)); err != nil {
			return err
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return err
	}
	if err := buffer.Flush(); err != nil {
		return err
	}
	return file.Close()
}

// member makes up a row: most have signed and paid, one in ten owes dues, one in twenty never signed.
func member(r *rand.Rand, i int, adopted, today act.Date) []string {
	pick := func(from []string) string { return from[r.IntN(len(from))] }
	name := pick(firstWords) + " " + pick(secondWords) + " " + strings.ReplaceAll(pick(thirdWords), "-", " ")
	domain := strings.ToLower(strings.ReplaceAll(name, " ", "")) + fmt.Sprintf("-%d.example", i+1)
	trading := ""
	if r.IntN(5) == 0 {
		trading = pick(firstWords) + " " + pick(thirdWords)
	}
	contact := pick(firstWords) + " " + pick(secondWords)
	admitted := today.AddMonths(-12 - r.IntN(180)).AddDays(-r.IntN(28))
	subscribed := ""
	if r.IntN(20) > 0 {
		subscribed = adopted.AddDays(r.IntN(60)).String()
	}
	paid := today.AddMonths(1 + r.IntN(36))
	if r.IntN(10) == 0 {
		paid = today.AddMonths(-1 - r.IntN(6))
	}
	offered := []string{services[i%len(services)], services[(i/7+1)%len(services)]}
	if offered[0] == offered[1] {
		offered = offered[:1]
	}
	return []string{number(i), name, trading, domain, fmt.Sprintf("%d Main Street", 1+r.IntN(999)), pick(places), countries[r.IntN(36)/6*r.IntN(2)],
		strings.Join(offered, ";"), contact, "office@" + domain, admitted.String(), subscribed, paid.String()}
}

package cli

import (
	"bufio"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"shingle/internal/body/education"
	"shingle/internal/code"
)

// auditSample draws whom an audit of education asks for evidence, as anyone can who has the list of people.
type auditSample struct {
	Place
	File       string `arg:"" optional:"" help:"The people's numbers, a line each, - for standard input."`
	Seed       string `help:"The seed, in hex, as the public log tells it." placeholder:"HEX"`
	Rate       string `help:"How many of them are drawn." placeholder:"PERCENT"`
	Commitment string `help:"What the public log committed to: it is refused if this seed is another one." placeholder:"HEX"`
	SHA256     string `name:"sha256" help:"Hash of the list that the public log tells: it is refused if this list is another one." placeholder:"HEX"`
	New        bool   `help:"Make a seed, and what to commit to before it is used. Keep the seed to yourself until then."`
	Audit      string `help:"Print the list of people from whom this audit was drawn, or would be drawn now, for whoever checks it." placeholder:"NUMBER"`
	JSON       bool   `help:"Print JSON." name:"json"`
}

func (c *auditSample) Run(r *run) error {
	switch {
	case c.New:
		return c.newSeed(r)
	case c.Audit != "":
		return c.people(r)
	case c.File == "" || c.Seed == "" || c.Rate == "":
		return errors.New("name the file with the people's numbers, --seed and --rate; or ask for --new, or for --audit NUMBER")
	}
	seed, err := hex.DecodeString(strings.TrimSpace(c.Seed))
	if err != nil || len(seed) == 0 {
		return errors.New("--seed: it is written in hexadecimal digits, two for each byte")
	}
	var rate code.Percent
	if err := rate.UnmarshalText([]byte(strings.TrimSuffix(strings.TrimSpace(c.Rate), "%") + "%")); err != nil {
		return fmt.Errorf("--rate: %w", err)
	}
	if c.Commitment != "" && !strings.EqualFold(strings.TrimSpace(c.Commitment), education.Commitment(seed)) {
		return fmt.Errorf("this seed is not the one that was committed to: its hash is %s", education.Commitment(seed))
	}
	people, err := c.read(r)
	if err != nil {
		return err
	}
	list := sha256.Sum256([]byte(strings.Join(people, "\n") + "\n"))
	if sum := hex.EncodeToString(list[:]); c.SHA256 != "" && !strings.EqualFold(strings.TrimSpace(c.SHA256), sum) {
		return fmt.Errorf("this list of %d people is not the one that was drawn from: its hash is %s", len(people), sum)
	}
	drawn := education.Sample(seed, people, rate)
	if c.JSON {
		return printJSON(r.Out, map[string]any{
			"commitment": education.Commitment(seed), "people": len(people), "people_sha256": hex.EncodeToString(list[:]), "rate": rate, "drawn": drawn,
		})
	}
	for _, person := range drawn {
		fmt.Fprintln(r.Out, person)
	}
	return nil
}

// mostPeople bounds a list that is read into memory, in bytes: ten million people fit.
const mostPeople = 128 << 20

// read returns the numbers of a list, sorted, each once.
func (c *auditSample) read(r *run) (people []string, err error) {
	in, err := r.open(c.File)
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }()
	lines := bufio.NewScanner(io.LimitReader(in, mostPeople))
	for lines.Scan() {
		if number := strings.TrimSpace(lines.Text()); number != "" {
			people = append(people, number)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("the list cannot be read: %w", err)
	}
	return slices.Compact(slices.Sorted(slices.Values(people))), nil
}

func (c *auditSample) newSeed(r *run) error {
	seed := make([]byte, 32)
	_, _ = rand.Read(seed) // which never fails
	if c.JSON {
		return printJSON(r.Out, map[string]string{"seed": hex.EncodeToString(seed), "commitment": education.Commitment(seed)})
	}
	_, err := fmt.Fprintf(r.Out, "seed        %x\ncommitment  %s\n", seed, education.Commitment(seed))
	return err
}

// people prints the list that an audit is drawn from.
func (c *auditSample) people(r *run) error {
	a, err := r.connect(c.Place, credentials{})
	if err != nil {
		return err
	}
	defer func() { _ = a.close() }()
	resp, err := a.do(http.MethodGet, "/local/audits/"+url.PathEscape(c.Audit)+"/people", nil, nil, nil)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	_, err = io.Copy(r.Out, resp.Body)
	return err
}

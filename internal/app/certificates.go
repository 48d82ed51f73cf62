package app

import (
	"context"
	"sync"

	"shingle/docs"
	"shingle/internal/act"
	"shingle/internal/body/cases"
	"shingle/internal/body/discipline"
	flowbody "shingle/internal/flow/body"
)

// certificate returns the certificate of procedure of the case that an order ends, read off the record; false for an
// order that ends none.
func (b *Body) certificate(ctx context.Context, order string) (cases.Certificate, bool, error) {
	w := b.Record.Look(ctx)
	o := act.StateOf[discipline.Order](w, "order/"+order)
	if o.Case == "" {
		return cases.Certificate{}, false, w.Err()
	}
	c := flowbody.Certificate(w, o.Case)
	return c, len(c.Missing) == 0, w.Err()
}

// ruleTexts are the texts of all rules by their ids.
var ruleTexts = sync.OnceValue(func() map[string]string {
	texts := map[string]string{}
	for _, r := range docs.List() {
		texts[r.ID] = r.Says
	}
	return texts
})

func ruleText(id string) string { return ruleTexts()[id] }

package record

import (
	"context"
	"fmt"

	"github.com/pressly/goose/v3"
)

// Migrate applies what is missing of a part's migrations. It refuses a schema that is newer than they are.
func Migrate(ctx context.Context, p *goose.Provider) error {
	stored, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("the schema's version cannot be read: %w", err)
	}
	var newest int64
	for _, s := range p.ListSources() {
		newest = max(newest, s.Version)
	}
	switch {
	case stored > newest:
		return fmt.Errorf("%w: its schema is %d, this program knows %d", ErrNewerSchema, stored, newest)
	case stored == newest:
		return nil
	}
	_, err = p.Up(ctx)
	return err
}

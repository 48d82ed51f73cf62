package body

import "context"

// Contact returns who speaks for a member, or for who applied: a name and a mail address, "[erased]" or empty
// once the person was forgotten. Faults are [ErrNotFound] or of the database.
func (r Register) Contact(ctx context.Context, number string) (name, email string, err error) {
	err = r.DB.QueryRowContext(ctx, "SELECT name, email FROM member_contact WHERE number = $1", number).Scan(&name, &email)
	return name, email, orNotFound(err)
}

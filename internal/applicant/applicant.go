// Package applicant keeps what people type who want to apply for membership, before they ask for anything: the
// name and address of a stranger until the link that they are sent is used ([SignUps]), and then the draft of
// their application, sealed under their own key ([Drafts]).
//
// None of it is in the record: nobody has asked for anything yet, and who gives up leaves nothing behind. A draft
// goes in the transaction in which its application is recorded or its person is forgotten ([Clearing]), and by
// itself when nobody has touched it for [Life].
//
// The rows lie in the record's database, so that people go on where they stopped, on whatever device and node.
package applicant

import (
	"embed"
	"time"

	"shingle/internal/record"
)

//go:embed migrations
var migrations embed.FS

// Migrations are the goose migrations of the part "applicant", to be applied before the record is opened.
var Migrations = record.Sub(migrations, "migrations")

// Tables are the tables that hold what is personal to people, sealed.
var Tables = []string{"application_draft", "application_signup"}

// Life is how long a draft is kept that nobody touches: 90 days.
const Life = 90 * 24 * time.Hour

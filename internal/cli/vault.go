package cli

// vaultCmd looks after what is sealed.
type vaultCmd struct {
	Check   vaultCheck   `cmd:"" help:"Open every sealed object to its end, without showing it, and name each that is not whole."`
	Recover vaultRecover `cmd:"" help:"Print the key to one object, for the age program. That is recorded."`
}

"""Who may see what: the only place where a select is born. The database's row security says the same once more."""

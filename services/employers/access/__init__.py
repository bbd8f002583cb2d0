"""Who may see or do what among employers, by noun: the only place where a select is born."""

"""Pages about licences, one module per reader: the invited, the one who answers, the one who granted, the operator."""

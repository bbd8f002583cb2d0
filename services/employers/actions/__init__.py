"""What one can do with employers, by noun: the portfolio, activation, habilitations, invitations."""

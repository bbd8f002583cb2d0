"""Documents: every file that somebody sends, from its arrival to its removal, and the copies of their data that people ask for.

I own stored files: who they belong to, what kind they are, where their bytes lie, and whether they may be read.
I tell that a file was received (in quarantine), then released or refused.
I listen to identity (copies asked, accounts deleted) and to the part that each service tells for a copy.
"""

"""Documents: every file that somebody sends, from its arrival to its removal.

I own stored files: who they belong to, what kind they are, where their bytes lie, and whether they may be read.
I tell that a file was received (in quarantine), then released or refused.
I listen to nobody.
"""

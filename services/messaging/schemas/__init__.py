"""What messaging says over HTTP: the ``bell``, and the ``threads`` of the mailbox."""

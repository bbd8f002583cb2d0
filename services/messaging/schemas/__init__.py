"""What messaging says over HTTP: the ``bell``, the ``changes``, and the ``threads`` of the mailbox."""

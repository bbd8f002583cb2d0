"""What one can ask: the ``bell`` with the caught messages of the demo, what ``changes``, and the ``threads`` of the mailbox."""

"""What one can ask: the ``bell`` with the caught messages of the demo, and the ``threads`` of the mailbox."""

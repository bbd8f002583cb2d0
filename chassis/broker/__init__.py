"""The bus between services on RabbitMQ: what is declared there, how facts leave the outbox for it and how they come back to an inbox.

``topology`` names exchanges and queues, ``wire`` writes and reads messages, ``link`` is one bounded connection, ``carrier`` publishes for
the relay, ``consumer`` receives for the worker. The outbox and the inbox are the truth; the broker only carries.
"""

"""The plumbing every service needs, and not one word of what the services are about."""

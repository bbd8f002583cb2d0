"""The only door of the platform.

I own: the routing table, edge sessions (a token becomes a signed identity), the merged API description and its page, the pages that belong
to no portal, and the feed's door. I hold no business rule and no database. I tell nothing and listen to nothing.
"""

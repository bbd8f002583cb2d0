"""The producers' side: readers of the field's formats, the publisher kit and its command, installable alone (``affilia[feed]``)."""

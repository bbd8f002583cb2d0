"""The distributed platform as operators run it: a process for each part, real servers behind, one public address in front."""

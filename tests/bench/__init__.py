"""Speed, shown: each figure beside its baseline, measured in the same run (``make bench``). Never a test that fails on a slow day."""

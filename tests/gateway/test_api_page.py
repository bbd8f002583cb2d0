"""The API page and the description it shows: how to begin is said before the first call, and the page runs under the strict policy."""

import re

from werkzeug.test import Client

FRONT = {"Host": "localhost:8080"}


def test_the_page_stands_in_the_bar_of_the_others_and_introduces_itself(visit: Client):
    answer = visit.get("/api/docs", headers=FRONT)
    assert '<a class="mark" href="/">' in answer.text
    assert "Ouvrez une session" in answer.text
    assert re.search(r"<script>|<style| style=| on\w+=", answer.text) is None
    assert "script-src 'self'; style-src 'self'" in answer.headers["Content-Security-Policy"]
    for address in re.findall(r'(?:src|href)="(/static/[^"]+)"', answer.text):
        assert visit.get(address, headers=FRONT, buffered=True).status_code == 200, address


def test_the_description_says_how_to_sign_in_and_where(visit: Client):
    document = visit.get("/api/openapi.json", headers=FRONT).json
    for step in ("assure", "entreprise", "conseil", '/challenges/{id}/code` avec `{"channel": "sms"}`', "/proof", "Authorize"):
        assert step in document["info"]["description"]
    assert document["servers"][0]["url"] == "/"
    assert [server["url"].split(".")[0] for server in document["servers"][1:]] == ["http://assure", "http://entreprise", "http://conseil"]
    assert all(server["description"] for server in document["servers"])

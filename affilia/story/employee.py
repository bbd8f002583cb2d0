"""What the employees do: the affiliation form on several devices, then the member's space."""

from typing import Any

from affilia.story import papers
from affilia.story.cast import PASSWORD, Employee
from affilia.story.employer import declare, offered
from affilia.story.story import Story, why
from affilia.story.world import Credentials, Unexpected, Visitor, eventually, token_of

SPOUSE = {"kinship": "spouse", "first_name": "Camille", "last_name": "ESSAI", "birth_on": "1981-06-15"}
CHILD = {"kinship": "child", "first_name": "Noa", "last_name": "ESSAI", "birth_on": "2015-09-01"}
JOURNEY = "/api/affiliation/journey"


def affiliation(story: Story) -> None:
    """A link killed by the newer one, a draft, another device, pieces, refusals that explain themselves, and the end (S1:224-247)."""
    story.say("3. Dominique remplit son affiliation (S1:224-247)")
    phone = _reminded(story)
    phone.post(f"{JOURNEY}/start", expect=200)
    phone.put(f"{JOURNEY}/draft", _draft(story, story.cast.dominique))
    refusal = phone.post(f"{JOURNEY}/finalise", {"certified": True}, expect=409)
    story.say(f"   finaliser trop tôt est refusé : « {why(refusal)} »")
    laptop = _come_back(story, str(story.cast.dominique.email))
    laptop.put(f"{JOURNEY}/draft", {"dependents": [SPOUSE, CHILD]})
    _finish(story, laptop)
    again = laptop.post(f"{JOURNEY}/start", expect=409)
    story.say(f"   recommencer après coup est refusé : « {why(again)} »")
    _others(story)


def _reminded(story: Story) -> Visitor:
    """The employer's reminder (S1:249) brings a new link; the first one no longer opens."""
    email = str(story.cast.dominique.email)
    first = story.world.caught(email, "email")
    story.employer.post(f"/api/affiliation/affiliations/{story.affiliations['ESSAI']}/relaunch", expect=200)
    link = story.world.caught(email, "email", after=first["at"])
    story.say("   relancée par son employeur, elle reçoit un nouveau lien ; l'ancien ne s'ouvre plus")
    story.world.visitor("assure").post("/api/identity/access", {"token": token_of(first)}, expect=409)
    return _enter(story, token_of(link))


def _enter(story: Story, token: str) -> Visitor:
    visitor = story.world.visitor("assure")
    visitor.token = visitor.post("/api/identity/access", {"token": token})["token"]
    return visitor


def _come_back(story: Story, email: str) -> Visitor:
    """Another device: the link is used up, a code goes to the e-mail address."""
    visitor, seen = story.world.visitor("assure"), story.world.last_message()
    access = visitor.post("/api/identity/access/codes", {"email": email}, expect=202)["access_id"]
    code = story.world.caught(email, "email", after=seen)["code"]
    visitor.token = visitor.post(f"/api/identity/access/codes/{access}/proof", {"code": code})["token"]
    story.say("   sur un autre appareil, elle retrouve son brouillon avec un code reçu par e-mail")
    return visitor


def _draft(story: Story, employee: Employee) -> dict[str, Any]:
    return {
        "nir": employee.nir,
        "birth_on": employee.birth_on.isoformat(),
        "phone": employee.phone,
        "iban": papers.iban(employee.nir13),
        "address": employee.address,
        "email": employee.email or f"charlie{story.cast.tag}@exemple.example",
    }


def _finish(story: Story, visitor: Visitor) -> None:
    for piece in visitor.get(JOURNEY)["pieces"]:
        visitor.upload(piece["kind"], f"{piece['kind']}.pdf", papers.pdf(piece["label"]))
    eventually(lambda: all(piece["state"] == "received" for piece in visitor.get(JOURNEY)["pieces"]), "the pieces to be released")
    done = visitor.post(f"{JOURNEY}/finalise", {"certified": True}, expect=200)
    story.say(f"   statut : {done['affiliation']['status_label']}")


def _others(story: Story) -> None:
    """Charlie by the code of the letter, Andréa by her link."""
    charlie, andrea = story.cast.charlie, story.cast.andrea
    letter, mail = story.world.caught(charlie.last_name, "post"), story.world.caught(str(andrea.email), "email")
    for employee, token in ((charlie, letter["code"]), (andrea, token_of(mail))):
        story.say(f"   {employee.first_name} fait de même")
        join(story, employee, token)


def newcomer(story: Story) -> None:
    """The member alone, declared and affiliated at once: what a story needs that is about something else."""
    employee = story.cast.dominique
    eventually(lambda: offered(story), "the contract among the offers")
    declare(story, employee)
    join(story, employee, token_of(story.world.caught(str(employee.email), "email")))


def join(story: Story, employee: Employee, token: str) -> None:
    """The whole form on one device, from its link or its code to its end (S1:228)."""
    visitor = _enter(story, token)
    visitor.post(f"{JOURNEY}/start", expect=200)
    visitor.put(f"{JOURNEY}/draft", _draft(story, employee))
    _finish(story, visitor)


def member_space(story: Story) -> None:
    """Activation by e-mail and code (S0:62-100), a second factor (S0:102-126), contract, beneficiaries, card (S0:162-172)."""
    story.say("4. Les droits s'ouvrent : Dominique active son espace assuré (S0:62-100)")
    dominique, visitor = story.cast.dominique, story.world.visitor("assure")
    eventually(lambda: story.employee(dominique.last_name), "the member among the affiliated employees")
    story.open_account(visitor, *_activation_code(story, visitor, str(dominique.email)))
    challenge = visitor.sign_in(Credentials(str(dominique.email), PASSWORD), phone=dominique.phone)
    story.say(f"   second facteur : « {challenge['explanation']} » (S0:120-126)")
    story.member = visitor
    people = visitor.get("/api/members/me/beneficiaries")["items"]
    story.say(f"   bénéficiaires : {', '.join(person['first_name'] for person in people)}")
    contracts = visitor.get("/api/members/me/contracts")["items"]
    if not contracts or not visitor.download("/api/members/me/card.pdf").startswith(b"%PDF"):
        raise Unexpected(f"no contract, or the card is not a PDF: {contracts}")
    story.say("   la carte de tiers payant se télécharge en PDF avec son DataMatrix (S0:162-172)")


def _activation_code(story: Story, visitor: Visitor, email: str) -> tuple[str, str]:
    """Asked again until identity has heard of the person: the answer never tells whether it has."""
    seen = story.world.last_message()

    def ask() -> tuple[str, str] | None:
        asked = visitor.post("/api/identity/activations", {"email": email, "channel": "email"}, expect=202)
        try:
            return asked["activation_id"], eventually(lambda: _code_after(story, email, seen), "the activation code", patience=3)
        except Unexpected:
            return None

    return eventually(ask, "an activation code")


def _code_after(story: Story, email: str, seen: str) -> str | None:
    mails = [m for m in story.world.messages() if m["channel"] == "email" and email in m["to"] and m["at"] > seen and m.get("code")]
    return max(mails, key=lambda m: str(m["at"]))["code"] if mails else None

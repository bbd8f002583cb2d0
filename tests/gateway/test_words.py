"""Caught messages read as they were meant, whatever the fold of a mail."""

import pytest

from gateway import words

MAIL = """\
Votre couverture prend fin
==========================

Vos droits au titre de RESTAURANT FICTIF sont fermés. Les soins reçus
après le dernier jour couvert ne seront pas remboursés.

- Dernier jour couvert : 30 juin 2026
- Motif : Rupture conventionnelle du contrat de travail, dite par la paie.

1. n’utilisez plus votre carte de tiers payant après cette date : elle
   sera refusée ;
2. vos soins reçus restent remboursés.

  | Vous pensez qu’il s’agit d’une erreur ? Rapprochez-vous de votre
  | employeur.

Voir mes droits dans l’espace que votre complémentaire santé vous ouvre :
http://assure.hcr.localhost:8080

--
Une question ? 01 44 20 97 80
HCR Bien-Être"""

READ = """\
Votre couverture prend fin

Vos droits au titre de RESTAURANT FICTIF sont fermés. Les soins reçus après le dernier jour couvert ne seront pas remboursés.

- Dernier jour couvert : 30 juin 2026
- Motif : Rupture conventionnelle du contrat de travail, dite par la paie.

1. n’utilisez plus votre carte de tiers payant après cette date : elle sera refusée ;
2. vos soins reçus restent remboursés.

Vous pensez qu’il s’agit d’une erreur ? Rapprochez-vous de votre employeur.

Voir mes droits dans l’espace que votre complémentaire santé vous ouvre :
http://assure.hcr.localhost:8080

--
Une question ? 01 44 20 97 80
HCR Bien-Être"""


def test_claire_reads_paragraphs_on_one_line_and_lists_line_by_line():
    assert words.unfolded(MAIL) == READ


@pytest.mark.parametrize("text", ["", "Une ligne.", "Un SMS de la marque : 482 913 est votre code.\nNe le communiquez jamais."])
def test_what_was_never_folded_stays_as_it_is(text: str):
    assert words.unfolded(text) == text


@pytest.mark.parametrize(("number", "said"), [("+33639980001", "06 39 98 00 01"), ("+3212345678", "+3212345678"), ("", "")])
def test_a_french_number_is_written_as_people_say_it(number: str, said: str):
    assert words.telephone(number) == said

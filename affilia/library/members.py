"""What insured people are given (S1:377-378): the guide of their space, and the practical guide of their cover."""

from affilia.library.booklet import Booklet, Section
from affilia.library.sources import Sources


def guide(brand: Sources) -> Booklet:
    """The guide of the members' space, in the order of its menus."""
    return Booklet(
        title=f"Guide utilisateur {brand.member_space}",
        lead="Ouvrir votre espace, télécharger votre carte, gérer vos bénéficiaires et vos données, nous écrire.",
        sections=(_opening(brand), _second_factor(brand), _cover(brand), _own_data(), _writing(brand), _leaving()),
    )


def practical_guide(brand: Sources) -> Booklet:
    """What an employee has to know of their cover, from the first day to what follows the last one."""
    return Booklet(
        title="Guide pratique Assurés",
        lead=f"Votre complémentaire santé {brand.name}, de l'affiliation à la portabilité.",
        sections=(_affiliation(brand), _pieces(brand), _card(brand), _family(brand), _end(brand), _portability(brand), _help(brand)),
    )


def _opening(brand: Sources) -> Section:
    return Section(
        title="Ouvrir votre espace",
        lines=("Votre espace s'ouvre dès que vos droits le sont, avec l'adresse e-mail donnée à l'affiliation.",),
        steps=(
            "Cliquez sur « Activer mon espace » et saisissez votre adresse e-mail.",
            "Choisissez comment recevoir votre code, puis saisissez-le.",
            f"Choisissez un mot de passe ({brand.password('assure')}) ; une phrase de"
            f" {brand.access.password['assure'].passphrase_length} caractères convient aussi, sans autre règle.",
        ),
    )


def _second_factor(brand: Sources) -> Section:
    return Section(
        title="Double authentification",
        lines=("Un code confirme que c'est bien vous. Il est demandé :",),
        steps=(
            "lors d'un changement de navigateur internet ;",
            "lors d'un changement d'adresse IP (changement de box ou de réseau wifi) ;",
            f"après {brand.access.second_factor.idle_days} jours sans connexion.",
        ),
    )


def _cover(brand: Sources) -> Section:
    return Section(
        title="Votre couverture",
        facts=(
            ("Mes contrats", "Vos garanties, leurs dates, et les personnes couvertes avec vous."),
            (
                "Ma carte de tiers payant",
                "À présenter aux professionnels de santé ; elle n'est plus délivrée dès que vos droits prennent fin.",
            ),
            ("Mes bénéficiaires", "Votre conjoint et vos enfants, avec leur rattachement."),
        ),
    )


def _own_data() -> Section:
    return Section(
        title="Vos données",
        facts=(
            ("Changer d'e-mail ou de téléphone", "Avec un code ; l'ancienne adresse est prévenue et peut tout annuler."),
            ("Être contacté", "Vous dites ce que vous acceptez de recevoir, et par quel moyen. Sans réponse de votre part, rien ne part."),
            ("Savoir", "Vous voyez qui a consulté votre dossier, et vous pouvez demander une copie de toutes vos données."),
            ("Vos connexions", "Vous voyez vos appareils, et vous les déconnectez un à un ou tous."),
        ),
    )


def _writing(brand: Sources) -> Section:
    ours = [motif for motif in brand.messaging.motifs if motif.space == "assure"]
    return Section(
        title="Nous écrire",
        lines=("Icône « enveloppe », puis « Écrire un message ». Vous retrouvez là toutes vos demandes et leurs réponses.",),
        facts=tuple((motif.group, f"{motif.label} : réponse sous {motif.days} jours ouvrés") for motif in ours),
    )


def _leaving() -> Section:
    return Section(
        title="Supprimer votre compte",
        lines=(
            "Votre profil permet de supprimer votre compte. Un reçu vous dit ce qui est effacé, ce que la loi nous fait garder et jusqu'à"
            " quand. Vos droits, eux, continuent.",
        ),
    )


def _affiliation(brand: Sources) -> Section:
    return Section(
        title="Vous affilier",
        steps=(
            f"Votre employeur vous déclare ; vous recevez un lien par e-mail, de {brand.identity.sender_email}, ou un code par lettre.",
            "Vous complétez votre formulaire en une ou plusieurs fois, sur l'appareil de votre choix.",
            "Vous joignez vos pièces et vous finalisez : vos droits s'ouvrent à la date d'effet donnée par votre employeur.",
            f"Sans réponse de votre part, le parcours s'éteint après {brand.affiliation.expiry_days} jours ; votre employeur peut en"
            " reprendre un.",
        ),
    )


def _pieces(brand: Sources) -> Section:
    return Section(title="Les pièces à préparer", facts=tuple((piece.label, piece.reason) for piece in brand.affiliation.pieces))


def _card(brand: Sources) -> Section:
    return Section(
        title="Ne pas avancer les frais",
        lines=(
            f"Téléchargez votre carte de tiers payant dans votre {brand.member_space} : présentée au professionnel de santé avec votre"
            " carte Vitale, elle vous évite d'avancer la part que nous prenons en charge.",
        ),
    )


def _family(brand: Sources) -> Section:
    return Section(
        title="Votre famille",
        lines=(
            "Votre formulaire d'affiliation permet de déclarer votre conjoint, vos enfants et les autres personnes à votre charge. Un"
            f" enfant majeur reste couvert pendant ses études, jusqu'à {brand.affiliation.child_last_age} ans, avec un certificat de"
            " scolarité.",
        ),
    )


def _end(brand: Sources) -> Section:
    return Section(
        title="Quand votre contrat de travail prend fin",
        lines=(
            "Votre employeur le déclare dans sa paie ; nous vous prévenons du dernier jour couvert. Votre carte n'est plus acceptée le"
            " lendemain, sauf portabilité.",
        ),
    )


def _portability(brand: Sources) -> Section:
    return Section(
        title="La portabilité",
        lines=(
            "Si la fin de votre contrat de travail ouvre droit à l'assurance chômage, votre couverture peut continuer sans cotisation, au"
            " plus 12 mois et pas plus longtemps que votre dernier contrat, arrondi au mois supérieur (article L911-8 du code de la"
            " sécurité sociale). Une faute lourde n'y donne pas droit.",
            f"Adressez-nous {brand.messaging.wording.portability_proof}.",
        ),
    )


def _help(brand: Sources) -> Section:
    support = brand.support("assure")
    lines = (f"Par téléphone : {support.phone}, {support.hours}.",) if support else ()
    complaint = (f"Une réclamation : {brand.identity.complaints}.",) if brand.identity.complaints else ()
    return Section(title="Nous joindre", lines=(f"Par la messagerie de votre {brand.member_space}.", *lines, *complaint))

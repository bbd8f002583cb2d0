"""What employers are given (S1:371-376): the mail they may send to a newcomer, and the guide of their space."""

from affilia.library.booklet import Booklet, Section
from affilia.library.sources import Sources

LAST = "Fin du guide : une question reste sans réponse ? Écrivez-nous depuis la rubrique « Nous contacter »."


def model_mail(brand: Sources) -> Booklet:
    """The words an employer may copy to say that the affiliation mail is coming (S1:220)."""
    return Booklet(
        title="Email d'affiliation",
        lead="Un modèle à adresser à vos nouveaux salariés, pour qu'ils attendent notre message et finalisent leur affiliation.",
        sections=(_when(), _model(brand), _tracking(brand)),
    )


def guide(brand: Sources) -> Booklet:
    """The guide of the employers' space, in the order of its menus."""
    return Booklet(
        title=f"Guide utilisateur {brand.employer_space}",
        lead="Première connexion, affiliation de vos salariés, suivi de leurs droits, échanges avec nos équipes.",
        sections=(
            _first_sign_in(brand), _second_factor(brand), _users(brand), _scope(), _pre_affiliation(brand), _follow_up(brand), _employees(),
            _rights(), _changes(), _contact(brand), _base(brand),
        ),
    )  # fmt: skip


def _when() -> Section:
    return Section(
        title="Quand l'envoyer",
        lines=(
            "Envoyez ce message le jour où vous pré-affiliez votre salarié : notre e-mail lui parvient dans les minutes qui suivent. Sans"
            " adresse e-mail, il reçoit une lettre avec un code à usage unique ; adaptez alors la première phrase.",
        ),
    )


def _model(brand: Sources) -> Section:
    always = [piece.label for piece in brand.affiliation.pieces if piece.when == "always"]
    return Section(
        title="Le modèle",
        lines=(
            f"Objet : {brand.messaging.wording.affiliation_subject}",
            "Bonjour,",
            f"Dans le cadre de votre embauche, vous bénéficiez de la complémentaire santé {brand.name}. Vous allez recevoir un e-mail de"
            f" {brand.identity.sender_email} intitulé « {brand.messaging.wording.affiliation_subject} ». Il contient un lien personnel vers"
            " votre formulaire d'affiliation.",
            f"Préparez ces documents, en photo ou en PDF : {' ; '.join(always)}. D'autres pièces peuvent vous être demandées selon votre"
            " situation de famille : le formulaire vous le dira.",
            f"Vous pouvez enregistrer votre saisie et la reprendre plus tard, sur un autre appareil. Vous avez"
            f" {brand.affiliation.expiry_days} jours pour finaliser. Si vous ne trouvez pas l'e-mail, regardez dans les courriers"
            " indésirables, puis dites-le-moi : je peux vous le faire renvoyer.",
            "Ce lien est personnel : ne le transférez à personne. Personne ne vous demandera votre mot de passe, ni par e-mail, ni par"
            " téléphone.",
            "Cordialement,",
        ),
    )


def _tracking(brand: Sources) -> Section:
    days = ", ".join(f"J+{day}" for day in brand.affiliation.relaunch.automatic_days)
    return Section(
        title="Et ensuite",
        lines=(
            "La rubrique « Suivi des affiliations » vous dit où en est votre salarié. Vous pouvez le relancer vous-même, une fois par"
            f" {brand.affiliation.relaunch.every_hours} heures" + (f" ; la plateforme le relance aussi à {days}." if days else "."),
        ),
    )


def _first_sign_in(brand: Sources) -> Section:
    return Section(
        title="Première connexion",
        steps=(
            "Cliquez sur « Activer mon espace », puis donnez le SIRET de l'établissement et l'identifiant de votre entreprise.",
            "Complétez vos nom, prénom et adresse e-mail. Un code part au contact que nous connaissons de votre entreprise : lui seul"
            " permet de continuer.",
            f"Choisissez un mot de passe ({brand.password('entreprise')}), puis acceptez les conditions générales.",
        ),
        facts=tuple((one.name, f"« {one.label} », sur les courriers de votre assureur.") for one in brand.employers.identifier.values()),
    )


def _second_factor(brand: Sources) -> Section:
    return Section(
        title="Double authentification",
        lines=("Un code envoyé par SMS, ou donné par une application de codes, confirme que c'est bien vous. Il est demandé :",),
        steps=(
            "lors d'un changement de navigateur internet ;",
            "lors d'un changement d'adresse IP (changement de box ou de réseau wifi) ;",
            f"après {brand.access.second_factor.idle_days} jours sans connexion.",
        ),
    )


def _users(brand: Sources) -> Section:
    return Section(
        title="Gérer les utilisateurs",
        facts=(
            ("Administrateur", "Accède à tout, et à la rubrique « Mes habilitations » : inviter, modifier, suspendre, retirer."),
            ("Utilisateur", "Accède à tout, sauf à la rubrique « Mes habilitations »."),
            ("Inviter", f"La personne reçoit un lien pour créer son mot de passe, valable {brand.employers.invitations.hours} heures."),
            ("Suspendre", "L'accès est perdu partout en une seconde, pour un temps ou pour de bon. Il reste toujours un administrateur."),
        ),
    )


def _scope() -> Section:
    return Section(
        title="Ajouter un établissement ou une entreprise",
        lines=("Rubrique « Profil », bouton « Ajouter un établissement au périmètre suivi » : saisissez le SIRET et le code identifiant.",),
    )


def _pre_affiliation(brand: Sources) -> Section:
    return Section(
        title="Pré-affilier un salarié",
        steps=(
            "Rubrique « Pré-affiliation » : choisissez l'établissement et le contrat, puis saisissez l'identité et la date d'effet.",
            "Avec une adresse e-mail, il reçoit aussitôt un lien personnel ; sinon, une lettre avec un code à usage unique.",
            "Plusieurs arrivées ? Envoyez un fichier Excel ou CSV : chaque ligne à corriger vous est nommée avant que rien ne soit pris.",
        ),
        lines=("Le formulaire papier se télécharge aussi, pour qui ne peut pas le remplir en ligne.",),
    )


def _follow_up(brand: Sources) -> Section:
    return Section(
        title="Suivre les affiliations",
        facts=(
            ("Envoyé à l'employé", "L'e-mail ou le courrier a été envoyé."),
            ("Démarré par le salarié", "Le salarié a débuté son affiliation en ligne et a enregistré un brouillon."),
            ("Finalisé par le salarié", "Le bulletin complet, en ligne ou sur papier, nous est revenu."),
            (
                "Abandonné",
                f"Le parcours est interrompu, au plus tard après {brand.affiliation.expiry_days} jours sans réponse.",
            ),
        ),
    )


def _employees() -> Section:
    return Section(
        title="Vos salariés affiliés",
        lines=(
            "La rubrique « Mes salariés » montre les salariés couverts, leurs contrats et leurs dates ; elle se filtre par établissement et"
            " par contrat. Le bouton « Excel » télécharge la liste, pour un établissement ou pour tous.",
        ),
    )


def _rights() -> Section:
    return Section(
        title="Fins de contrat et portabilité",
        facts=(
            ("Vous émettez une DSN", "Rien à faire : la radiation et la portabilité y sont lues, et chacun est prévenu."),
            ("Vous n'émettez pas de DSN", "La rubrique « Radiation contexte sans DSN » vous permet de radier un salarié."),
            ("Une erreur", "Corrigez votre DSN, ou votre radiation : les droits sont recalculés comme si l'erreur n'avait pas eu lieu."),
        ),
    )


def _changes() -> Section:
    return Section(
        title="Ce qui a changé",
        lines=(
            "La cloche compte ce qui est nouveau pour vous. La liste est tenue par jour puis par établissement : affiliations envoyées,"
            " finalisées ou abandonnées, droits ouverts, radiations, portabilités.",
            "Si vous le demandez, un résumé vous parvient par e-mail chaque jour ou chaque semaine, seulement quand quelque chose a changé."
            " Il ne nomme personne.",
        ),
    )


def _contact(brand: Sources) -> Section:
    ours = [motif for motif in brand.messaging.motifs if motif.space == "entreprise"]
    return Section(
        title="Nous contacter",
        lines=(
            "Choisissez le motif : l'écran propose d'abord ce qui répond tout de suite. Un message porte jusqu'à"
            f" {brand.messaging.most_documents} documents. Un e-mail vous annonce la réponse, à lire dans votre espace.",
        ),
        facts=tuple((motif.group, f"{motif.label} : réponse sous {motif.days} jours ouvrés") for motif in ours),
    )


def _base(brand: Sources) -> Section:
    titles = [item.label for item in brand.documents.base if item.space == "entreprise"]
    return Section(title="Base documentaire", lines=(f"À télécharger dans « Mes documents pratiques » : {', '.join(titles)}.", LAST))

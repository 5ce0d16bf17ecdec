"""What each profile waits for before it can be used, in words, and who can act."""

from dataclasses import dataclass

from accounts.models import Habilitation, Profile, User


@dataclass(frozen=True, slots=True)
class ProfileLine:
    """A profile as its owner sees it: its state, its roles, the step that is missing."""

    profile: Profile
    is_active: bool
    css: str
    icon: str
    missing: str
    mailbox: str

    @property
    def habilitations(self) -> list[Habilitation]:
        return list(self.profile.habilitations.all())


LOOKS = {
    Profile.State.ACTIVE: ("ok", "fr-icon-checkbox-circle-line"),
    Profile.State.PENDING: ("attente", "fr-icon-time-line"),
    Profile.State.SUSPENDED: ("attention", "fr-icon-error-line"),
    Profile.State.REFUSED: ("erreur", "fr-icon-close-circle-line"),
    Profile.State.ENDED: ("", "fr-icon-archive-line"),
}


def explain(profile: Profile, user: User) -> ProfileLine:
    """One line of the page of one's profiles."""
    css, icon = LOOKS[Profile.State(profile.state)]
    return ProfileLine(
        profile=profile,
        is_active=profile == user.active_profile,
        css=css,
        icon=icon,
        missing=_missing(profile),
        mailbox=_mailbox(profile),
    )


def _missing(profile: Profile) -> str:
    match profile.state:
        case Profile.State.PENDING:
            return (
                f"Demandé le {profile.requested_at:%d/%m/%Y}, ce profil attend la décision d’un "
                "administrateur de l’établissement ou de l’ARS."
            )
        case Profile.State.SUSPENDED:
            return f"Ce profil est suspendu{_because(profile)}. Un administrateur peut le rouvrir."
        case Profile.State.REFUSED:
            return f"Ce profil a été refusé{_because(profile)}."
        case Profile.State.ENDED:
            return "Ce profil est terminé. Il reste affiché pour mémoire."
    if not profile.rights:
        return (
            "Il manque une habilitation : sans elle, ce profil n’ouvre aucune application. "
            "Demandez-la à un administrateur de l’établissement ou à l’ARS."
        )
    return ""


def _because(profile: Profile) -> str:
    return f" : {profile.reason.rstrip('.')}" if profile.reason else ""


def _mailbox(profile: Profile) -> str:
    """Where to write: the body's own mailbox, or that of the ARS of the region."""
    if profile.body:
        return profile.body.mailbox
    return profile.entity.region.mailbox if profile.entity.region else ""

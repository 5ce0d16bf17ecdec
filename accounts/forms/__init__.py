"""Forms of the accounts, one module for each moment of their life."""

from accounts.forms.entrance import (
    ForgottenIdentifierForm,
    LoginCodeForm,
    LoginForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SignupForm,
    VerifyEmailForm,
)
from accounts.forms.factors import (
    ActivateTOTPForm,
    AddWebAuthnForm,
    AuthenticateForm,
    ReauthenticateForm,
)
from accounts.forms.invitations import (
    InvitationFileForm,
    InvitationForm,
    NewAccountForm,
    PlaceSearchForm,
)
from accounts.forms.legacy import (
    FinessForm,
    LegacyCodeForm,
    LegacySignupForm,
)
from accounts.forms.own import (
    AddEmailForm,
    ChangePasswordForm,
    ClosingForm,
    IdentityForm,
    PasswordAgainForm,
    SetPasswordForm,
)
from accounts.forms.profiles import AskForm, ContactForm, RightsForm

__all__ = [
    "ActivateTOTPForm",
    "AddEmailForm",
    "AddWebAuthnForm",
    "AskForm",
    "AuthenticateForm",
    "ChangePasswordForm",
    "ClosingForm",
    "ContactForm",
    "FinessForm",
    "ForgottenIdentifierForm",
    "IdentityForm",
    "InvitationFileForm",
    "InvitationForm",
    "LegacyCodeForm",
    "LegacySignupForm",
    "LoginCodeForm",
    "LoginForm",
    "NewAccountForm",
    "PasswordAgainForm",
    "PlaceSearchForm",
    "ReauthenticateForm",
    "ResetPasswordForm",
    "ResetPasswordKeyForm",
    "RightsForm",
    "SetPasswordForm",
    "SignupForm",
    "VerifyEmailForm",
]

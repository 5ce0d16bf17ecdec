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

__all__ = [
    "ActivateTOTPForm",
    "AddEmailForm",
    "AddWebAuthnForm",
    "AuthenticateForm",
    "ChangePasswordForm",
    "ClosingForm",
    "FinessForm",
    "ForgottenIdentifierForm",
    "IdentityForm",
    "LegacyCodeForm",
    "LegacySignupForm",
    "LoginCodeForm",
    "LoginForm",
    "PasswordAgainForm",
    "ReauthenticateForm",
    "ResetPasswordForm",
    "ResetPasswordKeyForm",
    "SetPasswordForm",
    "SignupForm",
    "VerifyEmailForm",
]

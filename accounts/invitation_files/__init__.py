"""Many invitations by file: the columns, the template, the check of each line, the sending."""

from accounts.invitation_files.checking import Checked, check_rows
from accounts.invitation_files.columns import LIMITS, columns_for, template_for
from accounts.invitation_files.sending import send_all

__all__ = ["LIMITS", "Checked", "check_rows", "columns_for", "send_all", "template_for"]

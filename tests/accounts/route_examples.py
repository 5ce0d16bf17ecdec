"""How to build the arguments of each address, so that the access test can open it.

One entry for each name of the resolver: a new address without an entry fails the test. ``plain``
has no argument; an address about a place uses ``Example(lambda place: [...], placed=True)``: the
test opens it for places inside and outside the perimeter, and for one that does not exist.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from common.weeks import current_week
from establishments.perimeter import Action

WEEK = current_week()
GLOVES = 4


@dataclass(frozen=True)
class Place:
    """An establishment as addresses name it; ``exists`` is False for numbers of nobody."""

    finess: str
    entity_finess: str
    exists: bool = True


@dataclass(frozen=True)
class Example:
    """How to open an address.

    ``acts`` is the action that a POST needs, when it is narrower than what the address declares:
    inside the perimeter but without it, the answer is 403. ``data`` is what the POST sends.
    ``rowless``: the number in the address is nobody's, so that 404 is an answer too. ``letters``:
    how far a role must reach in the matrix, when the page is not for all those it declares.
    ``refuses``: it may answer 403 to the right person, for a reason of its own.
    """

    args: Callable[[Place], list]
    placed: bool = False
    acts: Action | None = None
    data: dict[str, str] = field(default_factory=dict)
    rowless: bool = False
    letters: str = "NRDJPC"
    refuses: bool = False


plain = Example(lambda place: [])
by_finess = Example(lambda place: [place.finess], placed=True)
by_entity = Example(lambda place: [place.entity_finess], placed=True)
by_week = Example(lambda place: [place.finess, WEEK], placed=True)
by_item = Example(lambda place: [place.finess, WEEK, GLOVES], placed=True)
NOBODY = "00000000-0000-4000-8000-000000000000"
of_nobody = Example(lambda place: [NOBODY], rowless=True)
one_of_nobody = Example(lambda place: [NOBODY, 0], rowless=True)
by_number = Example(lambda place: [0], rowless=True)
of_no_region = Example(lambda place: ["00"], rowless=True)
of_no_code = Example(lambda place: ["0000000"], rowless=True)
of_a_list = Example(lambda place: ["autres"], rowless=True)
of_no_transmission = Example(lambda place: ["autres", NOBODY], rowless=True)
of_no_grid = Example(lambda place: ["autres", 0, "2020-11-20"], rowless=True)

# these ask for their actions by themselves, each in its own way: everybody is played against them
OWN_GATES = {
    "epi_stocks:inventory_cells",
    "plage:token_revoke",
    "plage:tokens",
    "pui:grid_cells",
}
EXAMPLES = {
    # config
    "home": plain,
    "access": plain,
    "health": plain,
    "sitemap": plain,
    "accessibility": plain,
    "legal_notice": plain,
    "personal_data": plain,
    "cookies": plain,
    "terms": plain,
    "security_contact": plain,
    "robots": plain,
    # open data
    "open_data": plain,
    "open_data_schema": plain,
    "open_data_file": Example(lambda place: ["stocks-pui"], rowless=True),
    # accounts
    "account_login": plain,
    "account_logout": plain,
    "account_inactive": plain,
    "account_signup": plain,
    "account_email_verification_sent": plain,
    "account_confirm_login_code": plain,
    "account_reset_password": plain,
    "account_reset_password_done": plain,
    "account_reset_password_from_key": Example(lambda place: ["1", "no-such-key"]),
    "account_reset_password_from_key_done": plain,
    "account_email": plain,
    "account_change_password": plain,
    "account_set_password": plain,
    "account_reauthenticate": plain,
    "mfa_authenticate": plain,
    "mfa_login_webauthn": plain,
    "mfa_index": plain,
    "mfa_reauthenticate": plain,
    "mfa_activate_totp": plain,
    "mfa_deactivate_totp": plain,
    "mfa_view_recovery_codes": plain,
    "mfa_generate_recovery_codes": plain,
    "mfa_download_recovery_codes": plain,
    "mfa_list_webauthn": plain,
    "mfa_add_webauthn": plain,
    "mfa_reauthenticate_webauthn": plain,
    "mfa_remove_webauthn": by_number,
    "mfa_edit_webauthn": by_number,
    "usersessions_list": plain,
    "own_home": plain,
    "own_identity": plain,
    "own_history": plain,
    "own_data": plain,
    "own_closing": plain,
    "forgotten_identifier": plain,
    "forgotten_identifier_done": plain,
    "session_time": plain,
    "plage:start": plain,
    "plage:invitations": plain,
    "plage:invitation_new": plain,
    "plage:invitation_form": Example(by_finess.args, placed=True, refuses=True),
    "plage:invitation_body_form": by_number,
    "plage:invitation_file": Example(plain.args, refuses=True),
    "plage:invitation_file_send": Example(plain.args, refuses=True),
    "plage:invitation_file_errors": plain,
    "plage:invitation_template": Example(plain.args, refuses=True),
    "plage:ape": plain,
    "plage:ape_export": plain,
    "plage:invitation": by_number,
    "plage:invitation_resend": by_number,
    "plage:invitation_cancel": by_number,
    "plage:invitation_confirm": by_number,
    "invitation": plain,
    "invitation_accept": Example(lambda place: ["no-such-token"]),
    "profiles:list": plain,
    "profiles:choose": plain,
    "profiles:use": plain,
    "profiles:ask": plain,
    "profiles:ask_results": plain,
    "profiles:ask_place": by_finess,
    "profiles:ask_body": by_number,
    "profiles:ask_more": by_number,
    "profiles:request": by_number,
    "profiles:cancel": by_number,
    "profiles:remind": by_number,
    "profiles:detail": by_number,
    "profiles:contact": by_number,
    "profiles:send_confirmation": by_number,
    "profiles:confirm_address": Example(lambda place: [0, "jeton"], rowless=True),
    "profiles:leave": by_number,
    "legacy_claim": plain,
    "legacy_codes": plain,
    "legacy_code_issue": by_finess,
    "plage:requests": plain,
    "plage:requests_many": plain,
    "plage:proposal": plain,
    "plage:request": by_number,
    "plage:request_withdraw": by_number,
    "plage:journal": plain,
    "plage:journal_file": Example(lambda place: ["csv"]),
    "idp:oidc:authorization": Example(plain.args, rowless=True),
    "idp:oidc:logout": plain,
    "idp:oidc:configuration": plain,
    "idp:oidc:jwks": plain,
    "idp:oidc:token": plain,
    "idp:oidc:userinfo": plain,
    "idp:oidc:revoke": plain,
    "way_in": Example(lambda place: ["proconnect"]),
    "way_in_return": Example(lambda place: ["proconnect"], rowless=True),
    "way_in_link": plain,
    "way_in_activities": plain,
    "socialaccount_connections": plain,
    "socialaccount_login_cancelled": plain,
    "socialaccount_login_error": plain,
    "socialaccount_signup": plain,
    "plage:tokens": Example(plain.args, letters="NPF"),
    "plage:token_revoke": Example(by_number.args, rowless=True, letters="NPF"),
    "api:api-root": plain,
    "api:openapi-json": plain,
    "api:openapi-view": plain,
    "api:account_exists": plain,
    "api:transmit": plain,
    "api:transmission_receipt": Example(lambda place: [NOBODY]),
    "api:stocks": plain,
    "api:snapshots": plain,
    "api:snapshot_schema": plain,
    "api:snapshot": Example(lambda place: ["dernier"]),
    "plage:people": plain,
    "plage:people_file": Example(lambda place: ["csv"]),
    "plage:person_open": plain,
    "plage:person": of_nobody,
    "plage:person_unlock": of_nobody,
    "plage:person_factor": of_nobody,
    "plage:right_new": one_of_nobody,
    "plage:profile_contact": one_of_nobody,
    "plage:right_change": one_of_nobody,
    "plage:right_revoke": one_of_nobody,
    "plage:profile_act": Example(lambda place: [NOBODY, 0, "suspendre"], rowless=True),
    # establishments
    "establishments:search": plain,
    "establishments:detail": by_finess,
    "establishments:entity": by_entity,
    "establishments:main_site": Example(by_finess.args, placed=True, refuses=True),
    "establishments:imports": plain,
    "establishments:import": by_number,
    "establishments:import_confirm": by_number,
    "establishments:import_cancel": by_number,
    "establishments:import_restart": by_number,
    "establishments:import_remarks": by_number,
    # medications
    "medications:list": Example(lambda place: ["autres"], rowless=True),
    "medications:list_file": Example(lambda place: ["autres", "csv"], rowless=True),
    "medications:product": of_no_code,
    "medications:settings": plain,
    "medications:settings_add": Example(lambda place: ["autres"], rowless=True),
    "medications:settings_new": Example(lambda place: ["autres"], rowless=True),
    "medications:settings_follow": Example(lambda place: ["autres", "0000000"], rowless=True),
    "medications:settings_end": of_no_code,
    "medications:settings_priority": of_no_code,
    "medications:settings_regroup": of_no_code,
    "medications:settings_frequency": Example(lambda place: ["autres"], rowless=True),
    # pui: the home of e-Dispostock and the register
    "pui:home": plain,
    "pui:register": plain,
    "pui:register_file": Example(lambda place: ["csv"], rowless=True),
    "pui:choose_site": plain,
    "pui:create": by_finess,
    "pui:detail": by_number,
    "pui:edit": by_number,
    "pui:sheet": by_number,
    "pui:history": by_number,
    "pui:close": by_number,
    "pui:reopen": by_number,
    "pui:served": by_number,
    "pui:served_results": by_number,
    "pui:served_end": Example(lambda place: [0, 0], rowless=True),
    # pui: the opening of the pharmacies
    "pui:onboarding": plain,
    "pui:onboarding_progress_file": Example(lambda place: ["csv"], rowless=True),
    "pui:onboarding_sources": Example(plain.args, letters="N"),
    "pui:onboarding_make": Example(plain.args, letters="N"),
    "pui:onboarding_sources_errors": Example(plain.args, letters="N"),
    "pui:onboarding_line": by_number,
    "pui:onboarding_validate_line": by_number,
    "pui:onboarding_letter": by_number,
    "pui:onboarding_region": of_no_region,
    "pui:onboarding_switch": of_no_region,
    "pui:onboarding_file": of_no_region,
    "pui:onboarding_add": of_no_region,
    "pui:onboarding_upload": of_no_region,
    "pui:onboarding_apply": of_no_region,
    "pui:onboarding_errors": of_no_region,
    "pui:onboarding_validate": of_no_region,
    "pui:onboarding_tell": of_no_region,
    # pui: the transmission of a stock; the example is of a list that its readers may open
    "pui:transmission": Example(of_a_list.args, rowless=True, refuses=True),
    "pui:grid": of_no_grid,
    "pui:grid_cells": of_no_grid,
    "pui:grid_confirm": of_no_grid,
    "pui:grid_copy": of_no_grid,
    "pui:grid_undo": of_no_grid,
    "pui:transmission_history": of_a_list,
    "pui:transmission_template": Example(lambda place: ["autres", 0], rowless=True),
    "pui:transmission_reopen": Example(lambda place: ["autres", 0], rowless=True),
    "pui:transmission_detail": of_no_transmission,
    "pui:transmission_columns": of_no_transmission,
    "pui:transmission_confirm": of_no_transmission,
    "pui:transmission_abandon": of_no_transmission,
    "pui:transmission_restart": of_no_transmission,
    "pui:transmission_remarks": of_no_transmission,
    "pui:transmission_file": Example(lambda place: ["autres", NOBODY, "csv"], rowless=True),
    "pui:transmission_differences": of_no_transmission,
    # pui: the state of the stock
    "pui:state": plain,
    "pui:state_file": Example(lambda place: ["csv"], rowless=True),
    "pui:state_product": Example(lambda place: [0, "9000001"], rowless=True),
    # pui: what is followed in a territory
    "pui:region": plain,
    "pui:region_file": Example(lambda place: ["stocks", "csv"]),
    "pui:donors": plain,
    "pui:late": plain,
    # mutual aid: held without medicines, the page refuses
    "aid": plain,
    "aid_medicines:open": Example(plain.args, refuses=True),
    "aid_medicines:propose": Example(plain.args, refuses=True),
    "aid_medicines:compute": Example(plain.args, refuses=True),
    "aid_medicines:need": by_number,
    "aid_medicines:confirm": by_number,
    "aid_medicines:donor": by_number,
    "aid_medicines:widen": by_number,
    "aid_medicines:end": by_number,
    "aid_medicines:transfer": by_number,
    "aid_medicines:quantity": by_number,
    "aid_medicines:step": Example(lambda place: [0, "accept"], rowless=True),
    "aid_equipment:open": Example(plain.args, refuses=True),
    "aid_equipment:propose": Example(plain.args, refuses=True),
    "aid_equipment:compute": Example(plain.args, refuses=True),
    "aid_equipment:need": by_number,
    "aid_equipment:confirm": by_number,
    "aid_equipment:donor": by_number,
    "aid_equipment:widen": by_number,
    "aid_equipment:end": by_number,
    "aid_equipment:transfer": by_number,
    "aid_equipment:quantity": by_number,
    "aid_equipment:step": Example(lambda place: [0, "accept"], rowless=True),
    "pui:late_file": Example(lambda place: ["csv"]),
    "pui:remind": plain,
    # pui: the share-out of a scarce medicine; those that receive open the list too
    "pui:sharing": plain,
    "pui:sharing_new": Example(plain.args, letters="N"),
    "pui:sharing_detail": by_number,
    "pui:sharing_publish": Example(by_number.args, rowless=True, letters="N"),
    "pui:sharing_cancel": Example(by_number.args, rowless=True, letters="N"),
    "pui:sharing_file": Example(lambda place: [0, "csv"], rowless=True, letters="N"),
    "pui:sharing_region": Example(lambda place: [0, "24"], rowless=True),
    "pui:sharing_region_file": Example(lambda place: [0, "24", "csv"], rowless=True),
    "pui:sharing_resume": Example(lambda place: [0, "24"], rowless=True),
    "pui:sharing_receive": by_number,
    # pui: what pharmacies ask of their agency
    "vaccines:supply": Example(plain.args, rowless=True, letters="NRDJPCF"),
    "vaccines:report": plain,
    "vaccines:question": plain,
    "vaccines:scan": by_number,
    "vaccines:reception_correct": by_number,
    "pui:help": plain,
    "pui:help_ask": plain,
    "pui:help_file": Example(lambda place: ["csv"]),
    "pui:help_request": by_number,
    "pui:help_withdraw": by_number,
    # the lines of vaccines, as those who follow them see and correct them
    "vaccines:followed": Example(plain.args, letters="NRDJPCF"),
    "vaccines:lines_file": Example(lambda place: ["csv"], letters="NRDJPCF"),
    "vaccines:line_correct": Example(plain.args, rowless=True),
    "vaccines:line_create": plain,
    "vaccines:line": Example(by_number.args, rowless=True, letters="NRDJPCF"),
    "vaccines:line_reports": plain,
    "vaccines:line_report": by_number,
    "vaccines:deliveries": Example(plain.args, letters="NRDJPCF"),
    "vaccines:deliveries_file": Example(lambda place: ["csv"], letters="NRDJPCF"),
    "vaccines:coverage": Example(plain.args, letters="NRDJPCF"),
    "vaccines:coverage_file": Example(lambda place: ["csv"], letters="NRDJPCF"),
    "vaccines:doses": plain,
    "vaccines:doses_file": Example(lambda place: ["csv"]),
    "vaccines:lots": Example(plain.args, letters="NRDJPCF"),
    "vaccines:lots_file": Example(lambda place: ["csv"], letters="NRDJPCF"),
    "pui:reminders": plain,
    "pui:reminders_set": of_no_region,
    "pui:reminders_pause": of_no_region,
    "pui:snapshots": plain,
    "pui:snapshot_schema": plain,
    # vaccines: the flu seasons
    "vaccines:flu": plain,
    "vaccines:flu_delivered": plain,
    "vaccines:flu_pui": by_number,
    "vaccines:flu_file": Example(lambda place: ["csv"]),
    "vaccines:flu_campaigns": plain,
    "vaccines:flu_campaign_new": plain,
    "vaccines:flu_campaign": by_number,
    "vaccines:flu_group_new": plain,
    "vaccines:flu_group": by_number,
    "pui:snapshot_file": Example(lambda place: ["2020-11-20"], rowless=True),
    # vaccines: the waves; a pharmacy that delivers no line of flow B has no such page
    "vaccines:waves": Example(plain.args, rowless=True, letters="NF"),
    "vaccines:wave_new": Example(plain.args, letters="NF"),
    "vaccines:wave_template": Example(plain.args, letters="NF"),
    "vaccines:wave_errors": Example(plain.args, letters="NF"),
    "vaccines:wave": Example(by_number.args, rowless=True, letters="NF"),
    "vaccines:wave_add": Example(by_number.args, rowless=True, letters="NF"),
    "vaccines:wave_deadline": Example(by_number.args, rowless=True, letters="NF"),
    "vaccines:wave_puis": Example(by_number.args, rowless=True, letters="NF"),
    "vaccines:wave_propose": Example(by_number.args, rowless=True, letters="F"),
    "vaccines:wave_plan": Example(by_number.args, rowless=True, letters="F"),
    "vaccines:wave_file": Example(lambda place: [0, "csv"], rowless=True, letters="NF"),
    "vaccines:vaccines": Example(plain.args, letters="NF"),
    "vaccines:vaccine_new": plain,
    "vaccines:vaccine": by_number,
    "vaccines:vaccine_vial": by_number,
    # epi_stocks
    "epi_stocks:inventory_start": plain,
    "epi_stocks:inventory": Example(
        by_week.args, placed=True, acts=Action.EPI_WRITE, data={"1-stock": "10"}
    ),
    "epi_stocks:inventory_undo": by_week,
    "epi_stocks:inventory_cells": by_week,
    "epi_stocks:inventory_coverage": by_week,
    "epi_stocks:inventory_sites": by_week,
    "epi_stocks:inventory_reopen": by_week,
    "epi_stocks:inventory_copy": by_week,
    "epi_stocks:inventory_total": by_item,
    "epi_stocks:inventory_files": by_finess,
    "epi_stocks:inventory_file": by_finess,
    "epi_stocks:inventory_import": plain,
    "epi_stocks:inventory_import_errors": Example(plain.args, rowless=True),
    "epi_stocks:inventory_import_template": Example(lambda place: [WEEK]),
    "epi_stocks:inventory_import_followed": by_number,
    "epi_stocks:inventory_import_apply": by_number,
    "epi_stocks:inventory_import_cancel": by_number,
    "epi_stocks:inventory_import_restart": by_number,
    "epi_stocks:settings": plain,
    "epi_stocks:visu": plain,
    "epi_stocks:visu_live": plain,
    "epi_stocks:visu_file": Example(lambda place: ["territoires", "csv"], rowless=True),
    "epi_stocks:visu_alerts": Example(plain.args, letters="N"),
    "epi_stocks:visu_elsewhere": Example(plain.args, letters="NR"),
    "epi_stocks:visu_establishment": by_finess,
}

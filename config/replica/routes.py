"""The pages that a replica may answer, in one place: figures, tables, files, open data.

None of them is where one acts on what one reads: grids, baskets, decisions, requests, messages and
everything of the accounts stay with the primary. What a page of these records (an export in the
journal) goes there too.
"""

SITUATION = (
    "steering:situation",
    "steering:situation_of",
    "steering:bulletins_of",
    "steering:bulletin_of",
    "steering:bulletin_csv_of",
    "steering:bulletin_pdf_of",
    "steering:alerts",
    "steering:alerts_file",
    "steering:message_follow_file",
)
INDICATORS = ("steering:indicators", "steering:indicator")
OPEN_DATA = (
    "open_data",
    "open_data_set",
    "open_data_set_schema",
    "open_data_catalogue",
    "open_data_package",
    "open_data_schema",
    "open_data_file",
    "api:datasets",
    "api:dataset",
    "api:dataset_schema",
)
STATISTICS = ("steering:stats", "steering:stats_file", "steering:stats_schema")
EQUIPMENT = (
    "epi_stocks:visu",
    "epi_stocks:visu_live",
    "epi_stocks:visu_alerts",
    "epi_stocks:visu_elsewhere",
    "epi_stocks:visu_establishment",
    "epi_stocks:visu_file",
    "epi_stocks:inventory_file",
)
MEDICINES = (
    "pui:region",
    "pui:region_file",
    "pui:late",
    "pui:late_file",
    "pui:state",
    "pui:state_product",
    "pui:state_file",
    "pui:register",
    "pui:register_file",
    "pui:snapshots",
    "pui:snapshot_file",
    "pui:onboarding_progress_file",
    "pui:help_file",
    "pui:sharing_file",
    "pui:sharing_region_file",
    "medications:list_file",
    "api:stocks",
    "api:snapshots",
    "api:snapshot",
)
VACCINES = (
    "vaccines:coverage",
    "vaccines:coverage_file",
    "vaccines:deliveries",
    "vaccines:deliveries_file",
    "vaccines:doses",
    "vaccines:doses_file",
    "vaccines:lots",
    "vaccines:lots_file",
    "vaccines:lines_file",
    "vaccines:flu_file",
    "vaccines:wave_file",
)
ORDERS = (
    "orders:dashboard",
    "orders:dashboard_file",
    "orders:state_stock",
    "orders:state_stock_file",
    "orders:beneficiaries_file",
    "orders:capacities_export",
    "orders:invoices_file",
    "orders:orders_file",
    "orders:products_file",
    "orders:quota_file",
    "orders:watch",
    "orders:watch_file",
    "orders:allocation_compare_file",
    "orders:difficulties_file",
    "orders:relief_file",
)
ROUTES = frozenset(
    (
        *SITUATION,
        *INDICATORS,
        *OPEN_DATA,
        *STATISTICS,
        *EQUIPMENT,
        *MEDICINES,
        *VACCINES,
        *ORDERS,
    )
)

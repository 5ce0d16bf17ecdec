"""The pharmacy's side of the supply lines: needs, receptions, people vaccinated, reports."""

"""What a pharmacy holds, as last declared: fresh or stale, by UCD, UCD de référence or DCI."""

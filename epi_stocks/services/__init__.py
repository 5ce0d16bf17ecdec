"""What happens in EPI-Stocks: one function, one transaction, one journal entry."""

"""What the consortium offers: its agreement, its catalogue, the basket of what is paid."""

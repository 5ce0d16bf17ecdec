"""Delivery addresses: who proposes, who decides, whom to tell, and their pages."""

"""What pharmacies ask of their agency (*demande d’aide*)."""

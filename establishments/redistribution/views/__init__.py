"""The pages of mutual aid, for the trade that ``addresses`` names."""

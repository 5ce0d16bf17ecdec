"""`/acces/`, « Pourquoi n’ai-je pas accès ? », composed from what each app declares."""

"""The administration of the platform, without a shell: what is set where, and is it well."""

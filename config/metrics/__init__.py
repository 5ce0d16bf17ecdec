"""What a machine that watches the service reads, on a port of its own: `manage.py metrics`."""

"""How the service is used, for everybody: counted each night, kept, never followed person by
person."""

"""Django settings of the records database."""

SECRET_KEY = "x"
INSTALLED_APPS: list[str] = []

"""`python -m parloir.cli`."""

from parloir.cli import main

main()

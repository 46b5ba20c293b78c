"""`python -m headlapse` is the `headlapse` command."""

from headlapse.cli import main

if __name__ == "__main__":
    main()

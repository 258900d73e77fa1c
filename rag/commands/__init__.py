"""The commands, one a module: what it is for (HELP), its flags, and its run, which returns the exit status."""

"""One file a command, loaded when it is called: a module with a click `command`."""

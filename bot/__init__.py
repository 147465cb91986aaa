"""The VNeID guide bot: walks residents through VNeID, one action at a time."""

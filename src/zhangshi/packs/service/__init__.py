"""What can be done with packs: install and upgrade, uninstall, export, check."""

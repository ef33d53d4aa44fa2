"""Packs: templates and modules that are installed, upgraded, uninstalled; and a site's own changes, exported as one."""

"""Workshop applications: one per user, in JupyterLab and in Voilà."""

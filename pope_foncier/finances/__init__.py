"""Uses, grants, loans, operating account, plan and treasury."""

"""Choose: the value of an input that brings a figure to a target, what land is worth to a project, the best plan under the rules."""

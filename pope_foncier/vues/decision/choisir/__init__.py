"""Tables of what is chosen: values that reach a target, residual land value, best plan under the rules."""

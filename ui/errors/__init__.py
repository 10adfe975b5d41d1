"""What the Errors page draws: one module an idea; the science comes from fmnist_core.analysis."""

"""Training: schedules, compiled steps and the loop; it all runs in worker processes."""

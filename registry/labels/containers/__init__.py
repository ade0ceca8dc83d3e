"""Where a label stands in a file, by container: bounded readers that decode nothing, and writers that touch nothing else."""

"""What the commands share: where they speak and stop, whose files and which region they take."""

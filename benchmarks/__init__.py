"""Speed and memory of the whole program, each figure beside a yardstick of the same run."""

"""A PanDA that is alive: what its server, its pilots and harvester would write, from a seed and a profile."""

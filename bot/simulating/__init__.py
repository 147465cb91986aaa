"""Made-up residents and volunteers, so that every page can be seen full before anybody real has come.

They go the real way: inbox, sieve, matcher, dialogue, store, timers, the desk's deeds. Only the clock is not
real, and no platform is opened. All chance comes of one seed.
"""

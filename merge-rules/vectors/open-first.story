An open resource yields no more than provisional.
---
node claims track 1-3 as job
may job at 2
free track 4-6 at 0
---
job/0: provisional [OPEN-1]: job contends for an open resource, and no known claim goes first
track is taken 1-3 by job/0
may job at 2? hold, provisional [OPEN-1]: job contends for an open resource, and no known claim goes first
is track free 4-6? free, on news of an age that is not known

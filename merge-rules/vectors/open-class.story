The higher class displaces the lower one.
---
node claims track 1-3 class 1 as low
rival claims track 2-4 class 3 as high
may low at 2
---
low/0: displaced [OPEN-3]: low yields to claim high; claim anew when that one has ended
high/0: provisional [OPEN-1]: high contends for an open resource, and no known claim goes first
track is taken 1-3 by low/0
track is taken 2-4 by high/0
may low at 2? hold, displaced [OPEN-3]: low yields to claim high; claim anew when that one has ended
exception: displaced [OPEN-3]: low yields to claim high; claim anew when that one has ended

Of equal classes one goes first, by rank, everywhere the same.
---
node claims track 1-3 class 2 as one
rival claims track 2-4 class 2 as two
---
one/0: displaced [OPEN-3]: one yields to claim two; claim anew when that one has ended
two/0: provisional [OPEN-1]: two contends for an open resource, and no known claim goes first
track is taken 1-3 by one/0
track is taken 2-4 by two/0
exception: displaced [OPEN-3]: one yields to claim two; claim anew when that one has ended

In one log the earlier claim goes first.
---
node claims track 1-3 class 2 as one
node claims track 2-4 class 2 as two
---
one/0: provisional [OPEN-1]: one contends for an open resource, and no known claim goes first
two/0: displaced [OPEN-3]: two yields to claim one; claim anew when that one has ended
track is taken 1-3 by one/0
track is taken 2-4 by two/0
exception: displaced [OPEN-3]: two yields to claim one; claim anew when that one has ended

A displaced claim displaces on.
---
node claims track 1-3 class 1 as one
rival claims track 2-5 class 2 as two
region claims track 4-6 class 3 as three
---
one/0: displaced [OPEN-3]: one yields to claim two; claim anew when that one has ended
two/0: displaced [OPEN-3]: two yields to claim three; claim anew when that one has ended
three/0: provisional [OPEN-1]: three contends for an open resource, and no known claim goes first
track is taken 1-3 by one/0
track is taken 2-5 by two/0
track is taken 4-6 by three/0
exception: displaced [OPEN-3]: one yields to claim two; claim anew when that one has ended
exception: displaced [OPEN-3]: two yields to claim three; claim anew when that one has ended

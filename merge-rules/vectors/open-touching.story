Claims that touch do not contend.
---
node claims track 1-3 class 2 as one
rival claims track 3-4 class 2 as two
---
one/0: provisional [OPEN-1]: one contends for an open resource, and no known claim goes first
two/0: provisional [OPEN-1]: two contends for an open resource, and no known claim goes first
track is taken 1-3 by one/0
track is taken 3-4 by two/0

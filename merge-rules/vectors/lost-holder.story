A holder that never answers keeps its place to the end of its window, and no longer.
---
root gives region: pad 0-12 of first as right
region gives node: pad 2-6 of right as lower
clock 14
region reclaims lower
rival claims pad 7-9 as late
region gives late: pad 7-9 of right as again
may late at 8
free pad 2-6 at 8
free pad 7-9 at 8
free pad 9-11 at 8
---
right: firm [LEASE-5]: right is given through a proven chain from the charter
lower: firm [LEASE-5]: lower is given through a proven chain from the charter
late/0: firm [LEASE-5]: late is given through a proven chain from the charter; covered to 9
again: firm [LEASE-5]: again is given through a proven chain from the charter
pad is taken 7-9 by again/0
may late at 8? go until 8:59:58, on news of an age that is not known
is pad free 2-6? unknown, it rests on log node, of which nothing is here
is pad free 7-9? no, again
is pad free 9-11? no, again
